// Git as a try needs it: asked with the person's own git, never with hooks, never taking a lock it could do without.
import { runProcess } from "../../lib/subprocess.ts";

export type GitPlace = { cwd: string; env: Record<string, string>; signal?: AbortSignal };

/** `output` is standard output; null where git is not there or failed. */
export async function runGit(
  args: readonly string[],
  { cwd, env, signal = new AbortController().signal, stdin }: GitPlace & { stdin?: string },
): Promise<string | null> {
  let output = "";
  try {
    const end = await runProcess("git", ["-c", "core.hooksPath=/dev/null", ...args], {
      cwd,
      env: { ...env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
      signal,
      ...(stdin === undefined ? {} : { stdin }),
      onOutput: (text, stream) => {
        if (stream === "stdout") output += text;
      },
    });
    return end.exitCode === 0 ? output : null;
  } catch {
    return null; // Git is not installed: then nothing here is git's.
  }
}

/** The folder of the repository that `cwd` is in; null outside git. */
export async function gitRoot(place: GitPlace): Promise<string | null> {
  const output = await runGit(["rev-parse", "--show-toplevel"], place);
  return output?.replace(/\n$/, "") || null;
}

/** Those of `paths` (relative to `cwd`) that git ignores; none outside git. */
export async function ignoredPaths(paths: readonly string[], place: GitPlace): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const output = await runGit(["check-ignore", "-z", "--stdin"], { ...place, stdin: paths.join("\0") });
  return new Set(output?.split("\0").filter((path) => path !== ""));
}

/** Files below `cwd` that git knows or would take, relative; null outside git. */
export async function listedPaths(place: GitPlace): Promise<string[] | null> {
  const output = await runGit(["ls-files", "-z", "--cached", "--others", "--exclude-standard"], place);
  return output === null ? null : [...new Set(output.split("\0").filter((path) => path !== ""))];
}
