// Names of terminal sessions: they become names of files.
import { AppError } from "../../lib/app-error.ts";
import { nearest } from "../../lib/nearest.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Throws `mux.name`. */
export function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new AppError("mux.name", `${JSON.stringify(name.slice(0, 80))} is no name for a terminal session.`, {
    hint: "Up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.",
  });
}

export function unknownSession(name: string, known: readonly string[]): AppError {
  const near = nearest(name, known);
  return new AppError("mux.unknown", `There is no terminal session ${JSON.stringify(name.slice(0, 80))}.`, {
    hint:
      near === undefined
        ? "`hearth mux list` shows them; `hearth mux start NAME -- COMMAND` begins one."
        : `Did you mean ${near}? \`hearth mux list\` shows them all.`,
  });
}
