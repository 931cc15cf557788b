// The diffs that an agent gives with a call, as one unified patch for screens and approvals.

import { insidePath } from "../../lib/inside-path.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import { fileDiff } from "../../tools/file-diff.ts";
import type { TextDiff } from "./connection.ts";

/** Empty when there is no diff, or none that could be made in time. The path is that of the first file. */
export async function diffDetails(
  given: readonly TextDiff[],
  cwd: string,
): Promise<Pick<ToolDetails, "diff">> {
  const made = await Promise.all(
    given.map((diff) => {
      const { path, before, after } = wholeLines(diff);
      return fileDiff(insidePath(path, cwd), before, after);
    }),
  );
  const diffs = made.filter((diff) => diff !== null);
  const [first] = diffs;
  if (!first) return {};
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    diff: {
      path: first.path,
      patch: diffs.map(({ patch }) => patch).join(""),
      added: sum(diffs.map(({ added }) => added)),
      removed: sum(diffs.map(({ removed }) => removed)),
    },
  };
}

/** Some agents give only the region that changed, without the line end that follows it. */
function wholeLines(diff: TextDiff): TextDiff {
  const { before, after } = diff;
  const cut = before !== null && before !== "" && ![before, after].some((text) => text.endsWith("\n"));
  return cut ? { ...diff, before: `${before}\n`, after: `${after}\n` } : diff;
}
