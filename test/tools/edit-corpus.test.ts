// The edit tool against what other agents' edit tools were tested with: ../shared/corpora/edit-matching.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { applyEdits } from "../../src/tools/edit-match.ts";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

const FOLDER = "../shared/corpora/edit-matching";
const present = existsSync(FOLDER);

type Expected = { outcome?: string; ok?: boolean; content?: string | null; content_contains?: string[] };
type Block = { search: string; replace: string; start_line: number | null };
type Case = {
  id: string;
  source: { test?: string };
  op?: string;
  tier?: string;
  original: string | null;
  old: string;
  new: string;
  new_file?: boolean;
  replace_all?: boolean;
  start_line?: number | null;
  fuzzy_threshold?: number;
  blocks?: Block[];
  diff?: string;
  command?: string;
  path?: string;
  args?: Record<string, unknown>;
  fn?: string;
  expected: Expected;
};

function cases(name: string): Case[] {
  if (!present) return [];
  return readFileSync(`${FOLDER}/${name}.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Rows by the rule that decides against them; what no rule names must pass as it stands. */
function split(rows: Case[], against: Record<string, (row: Case) => boolean>) {
  const refused = rows.flatMap((row) => {
    const reason = Object.keys(against).find((name) => against[name]?.(row));
    return reason === undefined ? [] : [{ row, reason }];
  });
  const supported = rows.filter((row) => !refused.some((one) => one.row === row));
  return { supported, refused };
}

function attempt(
  row: Case,
  edits = [{ oldText: row.old, newText: row.new, replaceAll: row.replace_all === true }],
) {
  try {
    return { ok: true, text: applyEdits(row.original ?? "", edits).text };
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^edit\./) });
    return { ok: false, text: row.original ?? "" };
  }
}

test.runIf(!present)("the edit-matching corpus is absent: its cases were not run", () => {
  expect(present).toBe(false);
});

const replace = split(cases("replace"), {
  "several matches and no replace_all: the first one is no better than the others": (row) =>
    row.tier === "ambiguous" && row.expected.outcome === "ok",
  "blanks inside a line are part of the text: squeezing them is guessing": (row) => row.tier === "whitespace",
  "similar is not the same": (row) => row.tier === "fuzzy-or-absent" && row.expected.outcome === "ok",
  "indentation that is off by different amounts on different lines": unevenlyIndented,
  "making a new file is write's work": (row) => row.new_file === true || row.original === null,
});

describe.runIf(present)(`replace: ${replace.supported.length} cases as they stand`, () => {
  test.each(replace.supported)("$id ($tier)", (row) => {
    const all = row.op === "apply-all" || row.replace_all === true;
    const { ok, text } = attempt(row, [{ oldText: row.old, newText: row.new, replaceAll: all }]);
    const { outcome, content, content_contains } = row.expected;
    if (outcome !== undefined) expect(ok).toBe(outcome === "ok");
    if (typeof content === "string") expect(text).toBe(content);
    for (const part of content_contains ?? []) expect(text).toContain(part);
  });
});

describe.runIf(present)(
  `replace: ${replace.refused.length} cases decided against fail and change nothing`,
  () => {
    test.each(replace.refused)("$row.id: $reason", ({ row }) => {
      expect(attempt(row)).toEqual({ ok: false, text: row.original ?? "" });
    });
  },
);

const session = cases("session-edits");

test.runIf(present)(`session edits: all ${session.length} edits of a real session apply as they did`, () => {
  for (const row of session) {
    expect({ id: row.id, ...attempt(row) }).toEqual({ id: row.id, ok: true, text: row.expected.content });
  }
});

/** The lines are there when indentation is not looked at, but not with one and the same shift. */
function unevenlyIndented(row: Case): boolean {
  const plain = (text: string) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .join("\n");
  const wanted = row.blocks?.map(({ search }) => search) ?? [row.old];
  const there = wanted.every((text) => plain(row.original ?? "").includes(plain(text)));
  const { ok } = row.blocks ? attemptBlocks(row) : attempt(row);
  return there && !ok && (row.expected.ok === true || row.expected.outcome === "ok");
}

const hasLineNumbers = ({ blocks = [] }: Case) => blocks.some(({ search }) => /^\d+ \| /.test(search));

const blocks = split(
  cases("search-replace-blocks").filter((row) => row.blocks),
  {
    "line numbers before the text: our read shows none": hasLineNumbers,
    "a start line that picks one of several matches: edit has no such parameter": (row) =>
      [row, ...(row.blocks ?? [])].some(({ start_line }) => typeof start_line === "number") &&
      !attemptBlocks(row).ok,
    "an empty search text is an insertion at a line: edit has none": (row) =>
      (row.blocks ?? []).some((block) => block.search === ""),
    "similar is not the same": (row) =>
      (row.fuzzy_threshold ?? 1) < 1 && row.expected.ok === true && !attemptBlocks(row).ok,
    "an empty replacement takes away the text, not the line with its newline": (row) =>
      (row.blocks ?? []).some((block) => block.replace === "" && !block.search.endsWith("\n")),
    "indentation that is off by different amounts on different lines": unevenlyIndented,
  },
);

function attemptBlocks(row: Case) {
  return attempt(
    row,
    (row.blocks ?? []).map(({ search, replace: text }) => ({
      oldText: search,
      newText: text,
      replaceAll: false,
    })),
  );
}

describe.runIf(present)(`search/replace blocks: ${blocks.supported.length} cases as they stand`, () => {
  test.each(blocks.supported)("$id", (row) => {
    const { ok, text } = attemptBlocks(row);
    expect(ok).toBe(row.expected.ok);
    if (row.expected.ok) expect(text).toBe(row.expected.content);
  });
});

describe.runIf(present)(`search/replace blocks: ${blocks.refused.length} cases decided against`, () => {
  test.each(blocks.refused)("$row.id: $reason", ({ row, reason }) => {
    const { ok, text } = attemptBlocks(row);
    if (reason.startsWith("an empty replacement")) expect(text).not.toBe(row.expected.content);
    else expect({ ok, text }).toEqual({ ok: false, text: row.original });
  });
});

const commands = split(cases("editor-commands"), {
  "insert at a line and undo are no commands of ours": ({ command }) =>
    command === "insert" || command === "undo_edit",
  "create over a file is refused there; our write replaces a file that did not change since it was read": ({
    command,
    original,
    expected,
  }) => command === "create" && original !== null && expected.outcome !== "ok",
  "view of a folder is ls": ({ command, path, original }) =>
    command === "view" && original === null && path === "/project",
  "ranges are offset and limit: nothing to check": ({ args }) =>
    Array.isArray(args?.view_range) &&
    (args.view_range.length !== 2 || Number(args.view_range[0]) > Number(args.view_range[1])),
});

describe.runIf(present)(
  `editor commands: ${commands.supported.length} calls as they stand, ${commands.refused.length} that we have no tool for`,
  () => {
    test.each(commands.supported)("$id: $command", async (row) => {
      const { call, put, text, workspace } = await temporaryWorkspace();
      const path = (row.path ?? "").replace(/^\/project\/|^\//, "");
      if (row.original !== null) await put(path, row.original);
      const output = await callOf(row, path, call).catch((error: unknown) => {
        expect(error).toHaveProperty("code");
        return null;
      });
      expect(output !== null).toBe(row.expected.outcome === "ok");
      if (typeof row.expected.content === "string") expect(await text(path)).toBe(row.expected.content);
      if (row.original === null && output === null) expect(await workspace.stat(path)).toBeNull();
    });
  },
);

type Call = Awaited<ReturnType<typeof temporaryWorkspace>>["call"];

async function callOf({ command, args = {} }: Case, path: string, call: Call): Promise<string> {
  if (command === "create") return shown(await call("write", { path, content: args.file_text }));
  if (command === "view") {
    const [from, to] = Array.isArray(args.view_range) ? args.view_range.map(Number) : [];
    return shown(
      await call("read", {
        path,
        offset: from,
        limit: to === undefined || from === undefined ? undefined : to - from + 1,
      }),
    );
  }
  return shown(await call("edit", { path, ...args }));
}

test.runIf(present)(
  `apply-patch (${cases("apply-patch").length}), block-parse (${cases("block-parse").length}) and marker cases (${
    cases("search-replace-blocks").filter((row) => !row.blocks).length
  }) test text formats that we do not parse: models call edit with JSON; only how lines are found is ours`,
  () => {
    const seek = cases("apply-patch").filter(({ fn }) => fn === "seekSequence");
    for (const row of seek) {
      const [file, pattern, start, atEnd] = row.args as unknown as [string[], string[], number, boolean];
      if (pattern.length === 0 || start > 0 || atEnd || pattern.length > file.length) continue;
      const unique = file.join("\n").split(pattern.join("\n")).length <= 2;
      const found = attempt({ ...row, original: file.join("\n"), old: pattern.join("\n"), new: "<new>" }).ok;
      const wanted = (row as unknown as { checks: { matcher: string }[] }).checks[0]?.matcher !== "toBeNull";
      expect({ id: row.id, found }).toEqual({ id: row.id, found: wanted && unique });
    }
  },
);
