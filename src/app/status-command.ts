// The status line's command (`statusLine.command`): told what the session is, answers with one line.
import { AppError } from "../lib/app-error.ts";
import { runProcess } from "../lib/subprocess.ts";

export type StatusCommandOptions = {
  /** A line for the shell. */
  command: string;
  cwd: string;
  /** The whole environment of the command. */
  env: Record<string, string>;
};

/** JSON in, the first line of standard output out, as the program wrote it. */
export type StatusCommand = (facts: string, options: { signal: AbortSignal }) => Promise<string>;

const TIMEOUT_MS = 2_000;
/** More than any line that fits a screen. */
const MOST_CHARACTERS = 4_096;

/** The command throws `status.command` when it fails or takes too long. */
export function createStatusCommand({ command, cwd, env }: StatusCommandOptions): StatusCommand {
  return async (facts, { signal }) => {
    let output = "";
    const onOutput = (text: string, stream: "stdout" | "stderr"): void => {
      if (stream === "stdout" && output.length < MOST_CHARACTERS) output += text;
    };
    const end = await runProcess("/bin/sh", ["-c", command], {
      cwd,
      env,
      stdin: `${facts}\n`,
      onOutput,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (end.aborted) return "";
    if (end.timedOut) throw failure(`it took longer than ${TIMEOUT_MS / 1_000} seconds`);
    if (end.exitCode !== 0)
      throw failure(`it ended with ${end.exitCode === null ? "a signal" : `exit code ${end.exitCode}`}`);
    return output.slice(0, MOST_CHARACTERS).split("\n", 1)[0] ?? "";
  };
}

function failure(why: string): AppError {
  return new AppError("status.command", `The status line's command (statusLine.command) failed: ${why}.`, {
    hint: "The usual status line is shown instead.",
  });
}
