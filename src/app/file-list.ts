// The files of the workspace that git does not ignore, for completion. Ripgrep lists 100,000 in well under a second.
import type { Workbench } from "../runtimes/workbench.ts";

/** A longer list is of no use to a person and costs memory. */
const MOST_FILES = 200_000;

/** Relative paths with `/` between parts, in no particular order; empty when ripgrep cannot be run. */
export async function listWorkspaceFiles(
  workspace: Pick<Workbench["workspace"], "execFile">,
  options: { signal: AbortSignal },
): Promise<string[]> {
  const { rgPath } = await import("@vscode/ripgrep");
  let text = "";
  const args = ["--files", "--hidden", "--glob", "!.git", "--no-messages", "--no-config"];
  await workspace.execFile(rgPath, args, {
    onOutput: (piece) => {
      text += piece;
    },
    signal: options.signal,
  });
  return text
    .split("\n", MOST_FILES)
    .filter((path) => path !== "")
    .map((path) => path.replaceAll("\\", "/"));
}
