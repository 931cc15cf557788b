import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { displayPath, expandHome, isWithin } from "../../src/lib/paths.ts";

const CORPUS = "../shared/corpora/paths/paths.jsonl";
const present = existsSync(CORPUS);

type Row = {
  id: string;
  fn: string;
  args: string[];
  matcher: string;
  expected: unknown;
  source: { test: string };
};

const rows: Row[] = present
  ? readFileSync(CORPUS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];

/** What we have of theirs. Windows and macOS rows rely on a mocked platform and are left out. */
const OURS: Record<string, (...args: string[]) => unknown> = {
  isSubpath: (parent = "", child = "") => isWithin(parent, child),
  isWithinRoot: (path = "", root = "") => isWithin(root, path),
  makeRelative: (path = "", root = "") => displayPath(root, path),
};
const mapped = rows.filter(({ fn, source }) => fn in OURS && !/Windows|Darwin/.test(source.test));

test.runIf(!present)("the paths corpus is absent: its cases were not run", () => {
  expect(present).toBe(false);
});

describe.runIf(present)(`paths corpus: ${mapped.length} of ${rows.length} cases map to ours`, () => {
  test.each(mapped)("$id $fn $args", ({ fn, args, matcher, expected }) => {
    expect(matcher).toBe("toBe");
    expect(OURS[fn]?.(...args)).toBe(expected);
  });
});

test.each([
  ["~", "/home/me"],
  ["~/a", "/home/me/a"],
  ["~other/a", "~other/a"],
  ["a/~", "a/~"],
])("%s stands for %s", (given, expected) => {
  expect(expandHome(given, "/home/me")).toBe(expected);
});

test("a name that begins with dots is inside, a neighbour with the same beginning is not", () => {
  expect(isWithin("/a", "/a/..b")).toBe(true);
  expect(isWithin("/a", "/ab")).toBe(false);
});

test("paths are shown from the root when they lie inside", () => {
  expect(displayPath("/w", "/w/a/b")).toBe("a/b");
  expect(displayPath("/w", "/w")).toBe(".");
  expect(displayPath("/w", "/x/y")).toBe("/x/y");
});
