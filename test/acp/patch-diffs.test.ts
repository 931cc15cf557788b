import { expect, test } from "vitest";
import { patchDiffs } from "../../src/acp/patch-diffs.ts";
import { fileDiff } from "../../src/tools/file-diff.ts";

const CWD = "/repo";

test("each hunk is a diff with its own texts and line", async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
  const changed = lines.map((line, index) => (index === 1 || index === 25 ? line.toUpperCase() : line));
  const patch = (await fileDiff("src/a.ts", lines.join("\n"), changed.join("\n")))?.patch ?? "";
  const { content, locations } = patchDiffs(patch, CWD);
  expect(locations).toEqual([
    { path: "/repo/src/a.ts", line: 1 },
    { path: "/repo/src/a.ts", line: 23 },
  ]);
  expect(content[0]).toEqual({
    type: "diff",
    path: "/repo/src/a.ts",
    oldText: "line 1\nline 2\nline 3\nline 4\nline 5\n",
    newText: "line 1\nLINE 2\nline 3\nline 4\nline 5\n",
  });
  expect(content).toHaveLength(2);
});

test("a new file has no text before, one that loses all has none after", async () => {
  const created = (await fileDiff("a", null, "x\ny\n"))?.patch ?? "";
  expect(patchDiffs(created, CWD).content).toEqual([
    { type: "diff", path: "/repo/a", oldText: null, newText: "x\ny\n" },
  ]);
  const emptied = (await fileDiff("a", "x\ny\n", ""))?.patch ?? "";
  expect(patchDiffs(emptied, CWD).content).toEqual([
    { type: "diff", path: "/repo/a", oldText: "x\ny\n", newText: "" },
  ]);
});

test("a patch of several files names each, and lines that look like heads stay lines", async () => {
  const one =
    (await fileDiff("a", "+++ b/x\n-- odd\n@@ -1 @@\n", "+++ b/x\n++ odd\n@@ -1 @@\n"))?.patch ?? "";
  const two = (await fileDiff("/else/b", null, "new\n"))?.patch ?? "";
  const { content } = patchDiffs(one + two, CWD);
  expect(content).toEqual([
    {
      type: "diff",
      path: "/repo/a",
      oldText: "+++ b/x\n-- odd\n@@ -1 @@\n",
      newText: "+++ b/x\n++ odd\n@@ -1 @@\n",
    },
    { type: "diff", path: "/else/b", oldText: null, newText: "new\n" },
  ]);
});

test("a text that is no patch is no diff", () => {
  expect(patchDiffs("nothing of it", CWD)).toEqual({ content: [], locations: [] });
});
