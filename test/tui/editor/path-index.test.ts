import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFileFinder } from "../../../src/tui/editor/file-finder.ts";
import { indexPaths, searchPaths } from "../../../src/tui/editor/path-index.ts";

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function search(paths: readonly string[], query: string): string[] {
  const index = finish(indexPaths(paths));
  return finish(searchPaths(index, query, { within: null, limit: 5 })).best.map(
    (place) => paths[place] ?? "",
  );
}

const PATHS = [
  "src/tui/editor/buffer.ts",
  "src/tui/editor/buffer-view.ts",
  "test/buffer/deep/readme.md",
  "src/buffer/",
  "src/big/under/file.ts",
  "docs/Read Me.md",
];

describe("ranking", () => {
  test.each([
    ["buffer", "src/buffer/", "the name itself, the shallow first"],
    ["buffer.ts", "src/tui/editor/buffer.ts", "the whole name"],
    ["editor/buf", "src/tui/editor/buffer.ts", "a part of the path, the shorter first"],
    ["bv", "src/tui/editor/buffer-view.ts", "letters at the beginnings of words"],
    ["READ", "docs/Read Me.md", "in any case"],
    ["buf", "src/buffer/", "the beginning of a name before a folder in the way"],
  ])("%s finds %s: %s", (query, best) => {
    expect(search(PATHS, query)[0]).toBe(best);
  });

  test("rules out what lacks a letter or has them in another order", () => {
    expect(search(PATHS, "zz")).toEqual([]);
    expect(search(["ab"], "ba")).toEqual([]);
  });

  test("a longer query finds among what matched before just what it finds among all", () => {
    const path = fc.string({ unit: fc.constantFrom(..."ab/.-1Aé"), minLength: 1, maxLength: 12 });
    const query = fc.string({ unit: fc.constantFrom(..."ab/.1é"), minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(path, { maxLength: 30 }), query, (paths, wanted) => {
        const index = finish(indexPaths(paths));
        const whole = finish(searchPaths(index, wanted, { within: null, limit: 50 }));
        const before = finish(searchPaths(index, wanted.slice(0, -1), { within: null, limit: 50 }));
        const narrowed = finish(searchPaths(index, wanted, { within: before.all, limit: 50 }));
        expect(narrowed).toEqual(whole);
      }),
    );
  });
});

describe("100,000 paths", () => {
  const many = Array.from({ length: 100_000 }, (_, at) => `part-${at % 400}/deep/file${at}.ts`);
  const { signal } = new AbortController();

  test("leave room between slices, and a search that was overtaken finds nothing", async () => {
    const finder = createFileFinder(
      async () => many,
      () => 0,
    );
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    await finder.find("", { signal });
    clearInterval(count);
    expect(turns).toBeGreaterThan(1);
    const overtaken = finder.find("pd", { signal });
    const newest = finder.find("file4711.ts", { signal });
    expect((await newest)[0]).toBe("part-311/deep/file4711.ts");
    expect(await overtaken).toEqual([]);
  });
});
