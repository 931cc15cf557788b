import { describe, expect, it } from "vitest";
import { patchOf } from "../../../src/runtimes/codex/patch.ts";
import { FileChange } from "../../../src/runtimes/codex/wire.ts";

const change = (path: string, kind: object, diff: string) => FileChange.parse({ path, kind, diff });

describe("the patch of a change", () => {
  it("of a new file adds all of it", () => {
    expect(patchOf([change("/w/a.txt", { type: "add" }, "one\ntwo\n")], "/w")).toEqual({
      path: "a.txt",
      patch: "--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n",
      added: 2,
      removed: 0,
    });
  });

  it("of a deleted file removes all of it", () => {
    expect(patchOf([change("/w/d.txt", { type: "delete" }, "dee\n")], "/w")).toMatchObject({
      patch: "--- a/d.txt\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-dee\n",
      added: 0,
      removed: 1,
    });
  });

  it("of a moved file names both, without the line that Codex adds", () => {
    const diff = "@@ -1 +1 @@\n-emm\n+enn\n\n\nMoved to: /w/n.txt";
    expect(
      patchOf([change("/w/m.txt", { type: "update", move_path: "/w/n.txt" }, diff)], "/w"),
    ).toMatchObject({
      patch: "--- a/m.txt\n+++ b/n.txt\n@@ -1 +1 @@\n-emm\n+enn\n",
      added: 1,
      removed: 1,
    });
  });

  it("of several files is one, named after the first", () => {
    const update = change(
      "/w/u.txt",
      { type: "update", move_path: null },
      "@@ -1,2 +1,2 @@\n-one\n+uno\n two\n",
    );
    const whole = patchOf([update, change("/elsewhere/b", { type: "add" }, "x")], "/w");
    expect(whole).toMatchObject({ path: "u.txt", added: 2, removed: 1 });
    expect(whole?.patch).toContain("+++ b//elsewhere/b\n@@ -0,0 +1,1 @@\n+x\n");
  });

  it("of nothing is none; of an empty file has no lines", () => {
    expect(patchOf([], "/w")).toBeNull();
    expect(patchOf([change("/w/e", { type: "add" }, "")], "/w")).toMatchObject({ added: 0, removed: 0 });
  });
});
