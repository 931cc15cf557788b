import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

test("A-054: a pattern that begins with a dash and a regular expression both work", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("f.txt", "x -foo\na\nb\nc\n");
  expect(shown(await call("grep", { pattern: "-foo" }))).toBe("f.txt:1:x -foo");
  expect(shown(await call("grep", { pattern: "^(a|b)$" }))).toBe("f.txt:2:a\nf.txt:3:b");
});

test("A-054: no match is a normal result", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("f.txt", "x\n");
  const output = await call("grep", { pattern: "absent" });
  expect(shown(output)).toBe("no matches");
  expect(output.isError).toBeUndefined();
});

test("A-055: of 300 matches 100 are shown, and lines are cut at 500 characters", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("many.txt", `match ${"é".repeat(1000)}\n`.repeat(300));
  const lines = shown(await call("grep", { pattern: "match" })).split("\n");
  const matches = lines.filter((line) => line.startsWith("many.txt:"));
  expect(lines.at(-1)).toMatch(/^\[(100 of 300 matches shown|Cut after 50 KB)/);
  expect(matches[0]?.length).toBe("many.txt:1:".length + 501);
  await put("many.txt", "match\n".repeat(300));
  const short = shown(await call("grep", { pattern: "match" })).split("\n");
  expect(short).toHaveLength(101);
  expect(short.at(-1)).toContain("[100 of 300 matches shown.");
});

test("counting stops in time when there are very many matches", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("many.txt", "m\n".repeat(500_000));
  const output = shown(await call("grep", { pattern: "m", limit: 1 }));
  expect(output).toContain("1 of more than 10000 matches shown");
});

test("files are in the order of their paths; hidden ones are searched, ignored ones and .git are not", async () => {
  const { call, put, git } = await temporaryWorkspace();
  await git("init", "-q");
  await put(".gitignore", "dist\nsecret.js\n");
  for (const path of ["b.js", "a.js", ".hidden/c.js", "dist/d.js", "secret.js", ".git/e.js"])
    await put(path, "hit\n");
  const everything = ".hidden/c.js:1:hit\na.js:1:hit\nb.js:1:hit";
  expect(shown(await call("grep", { pattern: "hit" }))).toBe(everything);
  expect(shown(await call("grep", { pattern: "hit", glob: "*.js" }))).toBe(everything);
  expect(shown(await call("grep", { pattern: "hit", glob: "*.{ts,tsx}" }))).toBe("no matches");
  expect(shown(await call("grep", { pattern: "hit", glob: "!a.*" }))).toBe(".hidden/c.js:1:hit\nb.js:1:hit");
});

test("output files and count, context, ignore_case and path", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("src/a.ts", "one\nTwo\nthree\ntwo\n");
  await put("b.ts", "two\n");
  expect(shown(await call("grep", { pattern: "two", output: "files" }))).toBe("b.ts\nsrc/a.ts");
  expect(shown(await call("grep", { pattern: "two", output_mode: "files_with_matches" }))).toBe(
    "b.ts\nsrc/a.ts",
  );
  expect(shown(await call("grep", { pattern: "two", ignore_case: true, output: "count" }))).toBe(
    "b.ts:1\nsrc/a.ts:2",
  );
  expect(shown(await call("grep", { pattern: "Two", context: 1 }))).toBe(
    "src/a.ts-1-one\nsrc/a.ts:2:Two\nsrc/a.ts-3-three",
  );
  expect(shown(await call("grep", { pattern: "two", path: "src" }))).toBe("src/a.ts:4:two");
  expect(shown(await call("grep", { pattern: "two", path: "b.ts" }))).toBe("b.ts:1:two");
});

test("a pattern over several lines is found", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("a.txt", "one\ntwo\n");
  expect(shown(await call("grep", { pattern: "one\\ntwo" }))).toContain("a.txt:1:one");
});

test("a wrong regular expression is an error with ripgrep's reason", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("a.txt", "x");
  await expect(call("grep", { pattern: "foo(" })).rejects.toThrow("unclosed group");
});

test("A-057: neither a path outside nor a link that leads there is searched", async () => {
  const { call, put, root, base } = await temporaryWorkspace();
  await put("in.txt", "root\n");
  await symlink("/etc", join(root, "out"));
  expect(shown(await call("grep", { pattern: "root" }))).toBe("in.txt:1:root");
  for (const path of ["out", "..", base]) {
    await expect(call("grep", { pattern: "x", path })).rejects.toMatchObject({ code: "workspace.outside" });
  }
});

test("an aborted search ends with the abort", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("a.txt", "x");
  const abort = new AbortController();
  const search = call("grep", { pattern: "x" }, { signal: abort.signal });
  abort.abort();
  await expect(search).rejects.toThrow("aborted");
});
