import { appendFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EMPTY_FRAGMENT, plainFragment } from "../../../src/tui/editor/fragment.ts";
import {
  EMPTY_HISTORY,
  foundPrompt,
  type HistoryState,
  moveInSearch,
  rememberPrompt,
  searchHistory,
  walkHistory,
} from "../../../src/tui/editor/history.ts";
import { appendHistory, readHistory } from "../../../src/tui/editor/history-file.ts";
import { rankFuzzily } from "../../../src/tui/editor/rank.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const history = (...prompts: string[]): HistoryState => prompts.reduce(rememberPrompt, EMPTY_HISTORY);

describe("walking", () => {
  test("goes to earlier prompts and comes back to the draft", () => {
    const draft = plainFragment("draft");
    const first = walkHistory(history("one", "two"), -1, draft);
    expect(first?.shown.text).toBe("two");
    const second = first && walkHistory(first.history, -1, first.shown);
    expect(second?.shown.text).toBe("one");
    expect(second && walkHistory(second.history, -1, second.shown)).toBeNull();
    const back = second && walkHistory(second.history, 1, second.shown);
    expect(back?.shown.text).toBe("two");
    const end = back && walkHistory(back.history, 1, back.shown);
    expect(end?.shown).toEqual(draft);
    expect(end && walkHistory(end.history, 1, end.shown)).toBeNull();
  });

  test("has nowhere to go in an empty history", () => {
    expect(walkHistory(EMPTY_HISTORY, -1, EMPTY_FRAGMENT)).toBeNull();
  });

  test("a prompt that repeats the last, and a blank one, are not kept", () => {
    expect(history("a", "a", "b", " ", "a").prompts).toEqual(["a", "b", "a"]);
  });
});

describe("searching", () => {
  const prompts = ["fix the parser", "add tests", "fix the lexer", "add tests", "write docs"];

  test("finds prompts with the query as it is first, the newest before the others", () => {
    expect(searchHistory("FIX", prompts, rankFuzzily).matches).toEqual(["fix the lexer", "fix the parser"]);
    expect(searchHistory("", prompts, rankFuzzily).matches).toEqual([
      "write docs",
      "add tests",
      "fix the lexer",
      "fix the parser",
    ]);
    expect(searchHistory("wdocs", prompts, rankFuzzily).matches).toEqual(["write docs"]);
    expect(foundPrompt(searchHistory("zzz", prompts, rankFuzzily))).toBeUndefined();
  });

  test("moves through the matches and stops at both ends", () => {
    const search = searchHistory("fix", prompts, rankFuzzily);
    const older = moveInSearch(moveInSearch(search, 1), 1);
    expect(foundPrompt(older)).toBe("fix the parser");
    expect(foundPrompt(moveInSearch(moveInSearch(older, -1), -1))).toBe("fix the lexer");
  });
});

describe("the file", () => {
  test("keeps prompts of any text, oldest first, for the user only", async () => {
    const file = join(await temporaryFolder(), "deep", "history.jsonl");
    expect(await readHistory(file)).toEqual([]);
    await appendHistory(file, "line 1\nline 2");
    await appendHistory(file, '"quoted" 👍');
    expect(await readHistory(file)).toEqual(["line 1\nline 2", '"quoted" 👍']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("damaged lines are left out", async () => {
    const file = join(await temporaryFolder(), "history.jsonl");
    await appendFile(file, '"a"\n{"b":1}\n"torn\n"c"\n"d');
    expect(await readHistory(file)).toEqual(["a", "c"]);
  });

  test("gives the newest 1,000 and is cut when it grew well over that", async () => {
    const file = join(await temporaryFolder(), "history.jsonl");
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `"${index}"\n`).join("");
    await appendFile(file, lines(1300));
    const prompts = await readHistory(file);
    expect(prompts).toHaveLength(1000);
    expect(prompts[0]).toBe("300");
    expect((await readFile(file, "utf8")).split("\n")).toHaveLength(1001);
  });
});
