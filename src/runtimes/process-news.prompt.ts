// What a model reads when a background process ended.
import type { BackgroundProcess } from "../sandbox/workspace.ts";

const LONGEST_COMMAND = 200;

/** One sentence in brackets, as all that the program itself says. */
export function processEnded(process: BackgroundProcess): string {
  const log = process.logPath === null ? "" : ` Its output: ${process.logPath}`;
  const command = process.command.replaceAll(/\s+/g, " ").trim().slice(0, LONGEST_COMMAND);
  return `[The background process ${process.id} ${howItEnded(process)}: ${command}.${log}]`;
}

function howItEnded(process: BackgroundProcess): string {
  if (process.stopped()) return "was ended by the user";
  const code = process.exitCode();
  return code === null ? "was ended by a signal" : `ended with exit code ${code}`;
}
