import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch } from "../../src/session/read.ts";
import { repairSession } from "../../src/session/repair.ts";
import { createSession } from "../../src/session/store.ts";
import { verifySession } from "../../src/session/verify.ts";
import { answer, call, result, storeContext, texts, writeRun } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Lines: 1 header, 2 run_start, 3 user, 4 answer with a call, 5 result, 6 answer, 7 run_end, then the next run. */
async function written(): Promise<string> {
  const store = createSession({ dir: await temporaryFolder(), cwd: "/repo/project", ...storeContext() });
  await writeRun(store, "one", answer(call("c1")), result("c1"), answer("done one"));
  await writeRun(store, "two", answer("done two"));
  await store.close();
  return store.path ?? "";
}

type Damage = (lines: string[]) => string[];

async function damaged(damage: Damage): Promise<{ path: string; before: Buffer }> {
  const path = await written();
  const lines = damage(readFileSync(path, "utf8").trimEnd().split("\n"));
  await writeFile(path, `${lines.join("\n")}\n`);
  return { path, before: readFileSync(path) };
}

const change =
  (line: number, edit: (text: string) => string): Damage =>
  (lines) =>
    lines.with(line - 1, edit(lines[line - 1] ?? ""));
const drop =
  (line: number): Damage =>
  (lines) =>
    lines.toSpliced(line - 1, 1);

const idOf = (line: string): string => JSON.parse(line).id;

it("a session as it was written is whole", async () => {
  const verdict = await verifySession(await written());
  expect(verdict).toMatchObject({ errors: 0, warnings: 0, problems: [], unknown: 0 });
  expect(verdict.entries).toBe(verdict.lines - 1);
});

const CASES: readonly [what: string, damage: Damage, problems: readonly [number, string, string][]][] = [
  ["a header that is none", change(1, () => "{}"), [[1, "error", "session.header"]]],
  [
    "a line of noise",
    change(6, () => "\u0000garbage"),
    [
      [6, "error", "session.line"],
      [7, "error", "session.parent"],
    ],
  ],
  ["a missing entry", drop(6), [[6, "error", "session.parent"]]],
  ["an entry twice", (lines) => lines.toSpliced(6, 0, lines[5] ?? ""), [[7, "error", "session.duplicate"]]],
  [
    "a lost result",
    drop(5),
    [
      [4, "warning", "session.call"],
      [5, "error", "session.parent"],
    ],
  ],
  [
    "a result without its call",
    drop(4),
    [
      [4, "error", "session.parent"],
      [4, "error", "session.result"],
    ],
  ],
  [
    "a link in a circle",
    (lines) =>
      change(2, (text) => text.replace('"parentId":null', `"parentId":"${idOf(lines[6] ?? "")}"`))(lines),
    [[2, "error", "session.parent"]],
  ],
  [
    "a move to nowhere",
    (lines) => [...lines, '{"type":"leaf","id":"l","parentId":null,"time":"","targetId":"nowhere"}'],
    [[13, "error", "session.target"]],
  ],
];

describe("verify", () => {
  it.each(CASES)("tells %s with its line, and changes nothing", async (_what, damage, problems) => {
    const { path, before } = await damaged(damage);
    const verdict = await verifySession(path);
    expect(verdict.problems.map(({ line, level, code }) => [line, level, code])).toEqual(problems);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("counts entries of newer kinds and lets them be", async () => {
    const { path } = await damaged((lines) => [
      ...lines,
      '{"type":"hologram","id":"h","parentId":null,"time":"","beam":1}',
    ]);
    expect(await verifySession(path)).toMatchObject({ errors: 0, unknown: 1 });
  });

  it("takes a last line that was cut off for what a crash leaves", async () => {
    const path = await written();
    await writeFile(path, readFileSync(path).subarray(0, -20));
    expect(await verifySession(path)).toMatchObject({
      errors: 0,
      warnings: 1,
      problems: [{ code: "session.torn" }],
    });
  });

  it("refuses to judge a newer format, and a file that is not there", async () => {
    const { path } = await damaged(change(1, (text) => text.replace('"version":1', '"version":99')));
    await expect(verifySession(path)).rejects.toMatchObject({ code: "session.version" });
    await expect(verifySession(`${path}x`)).rejects.toMatchObject({ code: "session.not_found" });
  });

  it("tells of an empty file, and of a million lines of noise, without keeping them all", async () => {
    const path = join(await temporaryFolder(), "noise.jsonl");
    await writeFile(path, "");
    expect(await verifySession(path)).toMatchObject({ id: null, errors: 1 });
    await writeFile(path, "noise\n".repeat(1_000_000));
    const verdict = await verifySession(path);
    expect(verdict).toMatchObject({ lines: 1_000_000, errors: 1_000_000 });
    expect(verdict.problems).toHaveLength(1_000);
  });
});

describe("repair", () => {
  it("writes nothing for a session that is whole", async () => {
    const path = await written();
    expect(await repairSession(path, { ...storeContext("r"), cwd: "/w" })).toMatchObject({ path: null });
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });

  it.each(CASES)(
    "makes a whole session of one with %s; the damaged one keeps every byte",
    async (_what, damage) => {
      const { path, before } = await damaged(damage);
      const repair = await repairSession(path, { ...storeContext("r"), cwd: "/repo/project" });
      expect(await verifySession(repair.path ?? "")).toMatchObject({ errors: 0 });
      const branch = await readBranch(repair.path ?? "", { whole: true });
      expect(branch).toMatchObject({ complete: true, notices: [], header: { cwd: "/repo/project" } });
      expect(texts(sessionContext(branch).history)).toContain("done two");
      expect(branch.header.id).not.toBe(JSON.parse(before.toString().split("\n")[0] ?? "").id);
      expect(readFileSync(path).equals(before)).toBe(true);
    },
  );

  it("keeps lines that need no mending byte for byte, with fields of a newer version", async () => {
    const { path } = await damaged((lines) =>
      drop(6)(change(3, (text) => `${text.slice(0, -1)},"later": [1, 2]}`)(lines)),
    );
    const repair = await repairSession(path, { ...storeContext("r"), cwd: "/w" });
    expect(repair).toMatchObject({ dropped: 0, relinked: 1, newHeader: false });
    expect(readFileSync(repair.path ?? "", "utf8")).toContain(',"later": [1, 2]}\n');
  });
});
