// Git on the shadow repository: our own environment, nobody's configuration, no hooks. Reads the workspace, and writes
// into it only when told to restore.
import { AppError } from "../../lib/app-error.ts";
import { runProcess } from "../../lib/subprocess.ts";

type GitRun = {
  stdin?: string;
  /** Index file; absent: the one that is kept. */
  index?: string;
  /** Gets the output piece by piece instead; an abort of `signal` ends the command. */
  onText?: (text: string) => void;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** The repository alone, without the workspace. */
  bare?: boolean;
};

export type ShadowGit = {
  readonly gitDir: string;
  readonly worktree: string;
  /** Standard output. Throws `checkpoints.git` with what git said, `checkpoints.unavailable` when it takes too long. */
  run(args: readonly string[], options?: GitRun): Promise<string>;
};

/** The file of the index that is kept between checkpoints. */
export const INDEX = "index";

const TIMEOUT_MS = 120_000;
const ERROR_LENGTH = 2_000;

export function shadowGit(place: {
  program: string;
  path: string;
  gitDir: string;
  worktree: string;
  /** Ends whatever runs. */
  stop: AbortSignal;
}): ShadowGit {
  const { gitDir, worktree } = place;
  return {
    gitDir,
    worktree,
    run: async (args, options = {}) => {
      const { stdin, index = `${gitDir}/${INDEX}`, onText, signal, timeoutMs, bare = false } = options;
      const output: string[] = [];
      let complaint = "";
      const end = await runProcess(place.program, ["--literal-pathspecs", ...args], {
        cwd: worktree,
        env: {
          ...environment(place),
          ...(bare ? {} : { GIT_WORK_TREE: worktree, GIT_INDEX_FILE: index }),
        },
        ...(stdin === undefined ? {} : { stdin }),
        onOutput: (text, stream) => {
          if (stream === "stderr") complaint = (complaint + text).slice(0, ERROR_LENGTH);
          else if (onText) onText(text);
          else output.push(text);
        },
        signal: signal ? AbortSignal.any([place.stop, signal]) : place.stop,
        timeoutMs: timeoutMs ?? TIMEOUT_MS,
      });
      if (end.exitCode !== 0) throw gitFailure(args[0] ?? "", complaint, end.timedOut);
      return output.join("");
    },
  };
}

/** The whole environment: variables of the person's that point git elsewhere do not reach it. */
function environment({ path, gitDir }: { path: string; gitDir: string }): Record<string, string> {
  return {
    PATH: path,
    // Versions before 2.32 know no GIT_CONFIG_GLOBAL; here there is no configuration either.
    HOME: gitDir,
    XDG_CONFIG_HOME: gitDir,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_DIR: gitDir,
    GIT_AUTHOR_NAME: "Hearth",
    GIT_AUTHOR_EMAIL: "hearth@localhost",
    GIT_COMMITTER_NAME: "Hearth",
    GIT_COMMITTER_EMAIL: "hearth@localhost",
  };
}

function gitFailure(command: string, complaint: string, timedOut: boolean): AppError {
  if (timedOut) {
    const message = "No checkpoints are made here: to look through the files takes too long.";
    return new AppError("checkpoints.unavailable", message, {
      hint: "A .gitignore that leaves more out helps.",
    });
  }
  const said = complaint.trim().split("\n").slice(0, 3).join("; ");
  return new AppError("checkpoints.git", `git ${command} failed: ${said || "it ended with an error"}`);
}

/** The parts of output with `-z`. */
export function zeroSeparated(text: string): string[] {
  const parts = text.split("\0");
  parts.pop();
  return parts;
}
