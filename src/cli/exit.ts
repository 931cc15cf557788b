// The only place that turns errors into text for a person and into exit codes.
import { sanitizeText } from "../lib/ansi.ts";
import { toFailure } from "../lib/app-error.ts";
import type { RunOutcome } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";

export const EXIT = { completed: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Codes that mean the call itself was wrong: nothing was sent, nothing was changed. */
const USAGE_CODES = [
  "cli.",
  "command.",
  "settings.",
  "model.",
  "policy.rule",
  "role.unknown",
  "search.query",
  "session.ambiguous",
  "session.name",
  "session.not_found",
  "mux.client",
  "mux.command",
  "mux.exists",
  "mux.key",
  "mux.name",
  "mux.nested",
  "mux.size",
  "mux.terminal",
  "mux.unknown",
  "tools.duplicate",
  "tools.unknown",
  "workspace.root",
  "runtime.unknown",
  "runtime.inactive",
  "theme.unknown",
  "try.unknown",
  "try.ambiguous",
  "try.session",
  "try.elsewhere",
  "stub.",
  "import.not_found",
  "import.format",
];

function exitCodeOf(failure: Failure): number {
  return USAGE_CODES.some((prefix) => failure.code.startsWith(prefix)) ? EXIT.usage : EXIT.failed;
}

export function exitCodeOfOutcome(outcome: RunOutcome): number {
  switch (outcome) {
    case "completed":
      return EXIT.completed;
    case "interrupted":
      return EXIT.interrupted;
    case "failed":
    case "limit":
      return EXIT.failed;
  }
}

/** Writes `hearth: sentence` and its hint to stderr; gives the exit code. With `debug` the stack follows. */
export function reportError(error: unknown, debug: boolean): number {
  const failure = toFailure(error);
  process.stderr.write(formatFailure(failure));
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  else if (failure.code === "internal") process.stderr.write("hint: run again with --debug for details.\n");
  return exitCodeOf(failure);
}

export function formatFailure(failure: Failure): string {
  // The words of a service or of another program may be in both.
  const hint = failure.hint === undefined ? "" : `hint: ${sanitizeText(failure.hint)}\n`;
  return `hearth: ${sanitizeText(failure.message)}\n${hint}`;
}
