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
  const paths: string[] = [];
  let rest = "";
  const args = ["--files", "--hidden", "--glob", "!.git", "--no-messages", "--no-config"];
  await workspace.execFile(rgPath, args, {
    // Piece by piece: 100,000 lines at once would hold up a key.
    onOutput: (piece) => {
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      if (paths.length < MOST_FILES) paths.push(...lines.map(asPath));
    },
    signal: options.signal,
  });
  if (rest !== "") paths.push(asPath(rest));
  return paths;
}

/** Windows writes the other slash. */
function asPath(line: string): string {
  return line.includes("\\") ? line.replaceAll("\\", "/") : line;
}
