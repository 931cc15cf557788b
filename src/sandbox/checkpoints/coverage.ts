// What a workspace's checkpoints cover: from which folder git's ignore rules are read, and which part of it counts.
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isWithin } from "../../lib/paths.ts";
import { runProcess } from "../../lib/subprocess.ts";

/** `prefix`: the workspace below `worktree`, "" or with a slash at its end. */
export type Coverage = { worktree: string; prefix: string; rules: RuleFiles };

/** Files with ignore rules beside the .gitignore files of the worktree. */
type RuleFiles = { repository: string | null; personal: string | null };

export type CoveragePlace = {
  /** Absolute real path of the workspace. */
  root: string;
  home: string;
  git: string;
  /** For asking where the person's own ignore rules are. */
  env: Readonly<Record<string, string>>;
};

/** A sentence for a workspace that is not covered. */
export function refusal(root: string, home: string): string | null {
  if (!isWithin(root, home)) return null;
  const what = root === home ? "the home folder" : "a folder that holds the home folder";
  return `No checkpoints are made here: ${root} is ${what}.`;
}

/** Inside a repository its root: rules of the folders above count too, unless they ignore the workspace as a whole. */
export async function coverageOf(place: CoveragePlace): Promise<Coverage> {
  const { root } = place;
  const repository = await findRepository(root);
  const personal = await personalRules(place);
  const outside = repository !== null && repository.top !== root && (await isIgnored(place));
  if (repository === null || outside) {
    return { worktree: root, prefix: "", rules: { repository: null, personal } };
  }
  const way = relative(repository.top, root);
  const rules = { repository: join(repository.common, "info", "exclude"), personal };
  return { worktree: repository.top, prefix: way === "" ? "" : `${way}/`, rules };
}

/** `common`: the folder that all worktrees of it share. */
async function findRepository(root: string): Promise<{ top: string; common: string } | null> {
  for (let folder = root; ; folder = dirname(folder)) {
    const common = await commonFolder(join(folder, ".git"));
    if (common !== null) return { top: folder, common };
    if (dirname(folder) === folder) return null;
  }
}

/** `.git` is a folder, or in worktrees and submodules a file that names one (gitrepository-layout(5)). */
async function commonFolder(git: string): Promise<string | null> {
  try {
    if ((await stat(git)).isDirectory()) {
      await stat(join(git, "HEAD"));
      return git;
    }
    const [, named = ""] = /^gitdir: (.*)$/m.exec(await readFile(git, "utf8")) ?? [];
    if (named === "") return null;
    const folder = resolve(dirname(git), named);
    const common = await readFile(join(folder, "commondir"), "utf8").catch(() => ".");
    return resolve(folder, common.trim());
  } catch {
    // No .git here, or none that can be read: look further up.
    return null;
  }
}

/** The person's own excludes file: as their git is configured, else where git looks (gitignore(5)). */
async function personalRules({ root, home, git, env }: CoveragePlace): Promise<string | null> {
  const said = await ask(git, ["config", "--type=path", "--get", "core.excludesFile"], { root, env });
  const named = said.output.trim();
  if (named !== "") return named;
  const config = env.XDG_CONFIG_HOME ?? "";
  return join(config === "" ? join(home, ".config") : config, "git", "ignore");
}

async function isIgnored({ root, git, env }: CoveragePlace): Promise<boolean> {
  const asked = ["-c", "core.fsmonitor=false", "check-ignore", "--quiet", `../${basename(root)}`];
  return (await ask(git, asked, { root, env })).code === 0;
}

async function ask(
  git: string,
  args: readonly string[],
  { root, env }: { root: string; env: Readonly<Record<string, string>> },
): Promise<{ code: number | null; output: string }> {
  let output = "";
  const end = await runProcess(git, args, {
    cwd: root,
    env: { ...env, GIT_OPTIONAL_LOCKS: "0" },
    onOutput: (text, stream) => {
      if (stream === "stdout") output += text;
    },
    signal: AbortSignal.timeout(5_000),
  });
  return { code: end.exitCode, output };
}
