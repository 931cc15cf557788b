// The unified diff of a changed file, for the screen and for approvals.
import type { ToolDetails } from "../protocol/tool.ts";

/** Comparing stops after this time; a change that takes longer is shown without a diff. */
const TIME_LIMIT_MS = 300;

export type FileDiff = NonNullable<ToolDetails["diff"]>;

/**
 * Git style, three lines of context; `before` is null for a new file. CRLF is shown as LF unless line ends are
 * what changed. null when the files are too different to compare in time.
 */
export async function fileDiff(path: string, before: string | null, after: string): Promise<FileDiff | null> {
  const { structuredPatch } = await import("diff");
  const [old, now] = comparable(before ?? "", after);
  const patch = structuredPatch(path, path, old, now, undefined, undefined, {
    context: 3,
    timeout: TIME_LIMIT_MS,
  });
  if (!patch) return null;
  const lines = [before === null ? "--- /dev/null" : `--- a/${path}`, `+++ b/${path}`];
  let added = 0;
  let removed = 0;
  for (const hunk of patch.hunks) {
    lines.push(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`, ...hunk.lines);
    added += hunk.lines.filter((line) => line.startsWith("+")).length;
    removed += hunk.lines.filter((line) => line.startsWith("-")).length;
  }
  return { path, patch: `${lines.join("\n")}\n`, added, removed };
}

function comparable(before: string, after: string): [string, string] {
  const [old, now] = [before.replaceAll("\r\n", "\n"), after.replaceAll("\r\n", "\n")];
  return old === now ? [before, after] : [old, now];
}
