// Changes of a try in words.
import { expect, test } from "vitest";
import { changeLine, changeLines, countChanges, settledWords } from "../../src/app/change-lines.ts";
import type { TryChange } from "../../src/protocol/try-change.ts";

const change = (path: string, more: Partial<TryChange> = {}): TryChange => ({
  path,
  kind: "changed",
  what: "text",
  state: "clean",
  group: null,
  hunks: [],
  added: 3,
  removed: 1,
  realStamp: "",
  ...more,
});

test.each([
  [change("a.ts"), "M a.ts  +3 -1"],
  [change("a.ts", { kind: "added", removed: 0 }), "A a.ts  +3"],
  [change("a.ts", { kind: "deleted", what: "binary" }), "D a.ts  no text"],
  [change("empty", { kind: "added", added: 0, removed: 0 }), "A empty"],
  [change("a.ts", { state: "conflict" }), "C a.ts  +3 -1, changed in the workspace too"],
  [change("a\nb", { what: "link" }), 'M "a\\nb"  link'],
])("%o is %s", (one, line) => {
  expect(changeLine(one)).toBe(line);
});

test("what nobody reads one by one is one line, and counts as one", () => {
  const ignored = ["out/a", "out/b"].map((path) => change(path, { group: "ignored" }));
  const git = [
    change(".git/HEAD", { group: "git", state: "conflict" }),
    change(".git/index", { group: "git" }),
  ];
  const all = [change("a.ts"), ...ignored, ...git];
  expect(changeLines(all)).toEqual([
    "M a.ts  +3 -1",
    "C what git keeps (.git)  2 in all",
    "M files that git ignores (ignored)  2 in all",
  ]);
  expect(countChanges(all)).toBe("3 changes");
  expect(settledWords("Applied", { done: [change("a.ts")], conflicts: git })).toBe(
    "Applied a.ts. Changed in the workspace too, left alone: .git.",
  );
});
