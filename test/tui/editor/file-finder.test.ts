import { describe, expect, test } from "vitest";
import { createFileFinder } from "../../../src/tui/editor/file-finder.ts";

const FILES = ["src/parser/lines.ts", "src/parser/blocks.ts", "README.md", "src/main.ts", "docs/a b.md"];
const { signal } = new AbortController();

describe("finding files", () => {
  test("shows the top of the tree without a query, folders with a slash", async () => {
    const finder = createFileFinder(
      async () => FILES,
      () => 0,
    );
    expect(await finder.find("", { signal })).toEqual(["README.md", "docs/", "src/"]);
  });

  test.each([
    ["lines", "src/parser/lines.ts"],
    ["src/par", "src/parser/"],
    ["readme", "README.md"],
    ["sma", "src/main.ts"],
  ])("%s finds %s first", async (query, best) => {
    const finder = createFileFinder(
      async () => FILES,
      () => 0,
    );
    expect((await finder.find(query, { signal }))[0]).toBe(best);
  });

  test("reads the list once for questions that come together, and again when it is old", async () => {
    let now = 0;
    let reads = 0;
    const finder = createFileFinder(
      async () => {
        reads++;
        return reads === 1 ? FILES : [...FILES, "new.ts"];
      },
      () => now,
    );
    await Promise.all([finder.find("a", { signal }), finder.find("b", { signal })]);
    await finder.find("c", { signal });
    expect(reads).toBe(1);
    now = 10_000;
    expect(await finder.find("new.ts", { signal })).toEqual([]);
    await Promise.resolve();
    expect(await finder.find("new.ts", { signal })).toEqual(["new.ts"]);
    expect(reads).toBe(2);
  });

  test("answers with the old list when reading it again fails, and fails when there is none", async () => {
    let now = 0;
    let broken = false;
    const list = async () => {
      if (broken) throw new Error("no");
      return FILES;
    };
    const finder = createFileFinder(list, () => now);
    await finder.find("", { signal });
    now = 10_000;
    broken = true;
    expect(await finder.find("readme", { signal })).toEqual(["README.md"]);
    await expect(createFileFinder(list, () => 0).find("", { signal })).rejects.toThrow("no");
  });
});
