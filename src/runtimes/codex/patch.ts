// The changes of files that Codex makes or wants to make, as one unified patch for screens and approvals. Pure.
import { insidePath } from "../../lib/inside-path.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { FileChange } from "./wire.ts";

type Diff = NonNullable<ToolDetails["diff"]>;

/** Codex writes the new name of a moved file below its hunks. */
const MOVED = /\n*Moved to: [^\n]*\n?$/;

/** Paths inside `cwd` are told relative to it; the diff's path is that of the first file. Null: no change is known. */
export function patchOf(changes: readonly FileChange[], cwd: string): Diff | null {
  const [first] = changes;
  if (!first) return null;
  const patches = changes.map((change) => filePatch(change, cwd));
  const lines = patches.flatMap((patch) => patch.hunks);
  const count = (mark: string) => lines.filter((line) => line.startsWith(mark)).length;
  return {
    path: insidePath(first.path, cwd),
    patch: patches.map(({ names, hunks }) => `${[...names, ...hunks].join("\n")}\n`).join(""),
    added: count("+"),
    removed: count("-"),
  };
}

function filePatch({ path, kind, diff }: FileChange, cwd: string): { names: string[]; hunks: string[] } {
  const before = insidePath(path, cwd);
  const after = insidePath(kind.move_path ?? path, cwd);
  switch (kind.type) {
    case "add":
      return { names: ["--- /dev/null", `+++ b/${after}`], hunks: wholeFile(diff, "+") };
    case "delete":
      return { names: [`--- a/${before}`, "+++ /dev/null"], hunks: wholeFile(diff, "-") };
    default:
      return { names: [`--- a/${before}`, `+++ b/${after}`], hunks: hunksOf(diff) };
  }
}

/** A file of 20 lines that comes or goes: one hunk. */
function wholeFile(text: string, mark: "+" | "-"): string[] {
  if (text === "") return [];
  const lines = text.replace(/\n$/, "").split("\n");
  const range = mark === "+" ? `@@ -0,0 +1,${lines.length} @@` : `@@ -1,${lines.length} +0,0 @@`;
  return [range, ...lines.map((line) => `${mark}${line}`)];
}

/** From the first hunk on: some versions put the names of the files above it. */
function hunksOf(diff: string): string[] {
  const text = diff.replace(MOVED, "").replace(/\n$/, "");
  const begin = text.search(/^@@/m);
  return begin < 0 ? [] : text.slice(begin).split("\n");
}
