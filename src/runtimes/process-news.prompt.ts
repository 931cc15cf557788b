// What a model reads when a background process ended, or was lost with the program that had started it.
import type { BackgroundProcess } from "../sandbox/workspace.ts";

const LONGEST_COMMAND = 200;

/** One sentence in brackets, as all that the program itself says. */
export function processEnded(process: BackgroundProcess): string {
  return `${BEGINNING}${process.id} ${howItEnded(process)}: ${whatItWas(process)}]`;
}

/** Of an earlier sitting: nobody saw its end, but none outlives Hearth. */
export function processLost(process: Pick<BackgroundProcess, "id" | "command" | "logPath">): string {
  return `${BEGINNING}${process.id} of an earlier sitting does not run any more, Hearth was ended since: ${whatItWas(process)}]`;
}

const BEGINNING = "[The background process ";

/** The id of the process whose end this text tells; null: it tells none. */
export function toldEnd(text: string): string | null {
  return text.startsWith(BEGINNING) ? (/^p\d+/.exec(text.slice(BEGINNING.length))?.[0] ?? null) : null;
}

function whatItWas({ command, logPath }: Pick<BackgroundProcess, "command" | "logPath">): string {
  const log = logPath === null ? "" : ` Its output: ${logPath}`;
  return `${command.replaceAll(/\s+/g, " ").trim().slice(0, LONGEST_COMMAND)}.${log}`;
}

function howItEnded(process: BackgroundProcess): string {
  if (process.stopped()) return "was ended by the user";
  const code = process.exitCode();
  return code === null ? "was ended by a signal" : `ended with exit code ${code}`;
}
