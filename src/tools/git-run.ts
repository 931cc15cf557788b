// How git is called: through simple-git, never with an option that came from a model, never with programs that a
// repository's own configuration names (except hooks, when the user lets a commit be made).
import { resolve } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { isWithin } from "../lib/paths.ts";
import { keepHead } from "../lib/truncate.ts";
import type { ToolOutput } from "../protocol/tool.ts";
import { textOutput } from "./define-tool.ts";
import type { ToolContext } from "./tool-context.ts";

/** The index stays as it is on status and diff; paths are paths, not patterns; nothing asks on a terminal. */
const GIT_ENV = { GIT_OPTIONAL_LOCKS: "0", GIT_LITERAL_PATHSPECS: "1", GIT_TERMINAL_PROMPT: "0" };

/** Names that make git run a program or use other files; simple-git refuses them. Who commits may stay. */
const GUARDED = /^(GIT_(?!(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)$).*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/;

/** Runs git in the workspace and gives its output; throws `git.failed` with git's own words. */
export async function runGit(
  { workspace, env }: ToolContext,
  args: string[],
  signal: AbortSignal,
): Promise<string> {
  const { simpleGit } = await import("simple-git");
  signal.throwIfAborted();
  const allowed = Object.entries(env).filter(([name]) => !GUARDED.test(name));
  const gitEnv = { ...Object.fromEntries(allowed), ...GIT_ENV };
  const git = simpleGit({
    baseDir: workspace.root,
    abort: signal,
    config: ["core.fsmonitor=false", "color.ui=false", "core.quotePath=false"],
    // Only for the line above, which turns the monitor off.
    unsafe: { allowUnsafeFsMonitor: true },
    // By itself simple-git takes a failure that prints nothing on stderr for a success.
    errors: (error, { exitCode, stdOut, stdErr }) =>
      exitCode === 0 ? undefined : (error ?? Buffer.concat([...stdOut, ...stdErr])),
    allowEnvironment: Object.keys(gitEnv).filter((name) => name.startsWith("GIT_")),
  });
  try {
    return await git.env(gitEnv).raw(args);
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new AppError("git.failed", reason.slice(0, 2000) || "git failed without a reason.", { cause });
  }
}

/** A commit, branch or range that cannot be taken for an option. */
export function checkedRef(ref: string): string {
  if (ref === "" || ref.startsWith("-") || /[\0-\x1f\x7f]/.test(ref)) {
    throw new AppError("tool.arguments", `\`ref\` is no commit, branch or range: ${JSON.stringify(ref)}.`);
  }
  return ref;
}

/** `--` and the paths, each inside the workspace; nothing for none. A link is meant itself, not its target. */
export function pathArguments({ workspace }: ToolContext, paths: readonly string[] | undefined): string[] {
  if (!paths || paths.length === 0) return [];
  for (const path of paths) {
    if (isWithin(workspace.root, resolve(workspace.root, path))) continue;
    throw new AppError("workspace.outside", `${path} is outside the workspace.`);
  }
  return ["--", ...paths];
}

/** git's output cut to what a model may see. */
export function gitOutput(output: string, empty: string, summary: string): ToolOutput {
  if (output.trim() === "") return textOutput(empty, { summary: empty });
  const kept = keepHead(output);
  const notice = kept.cut ? "[Cut. Narrow it with paths, or use bash to page through it.]" : "";
  return textOutput(kept.text.trimEnd() + (notice ? `\n${notice}` : ""), { summary });
}
