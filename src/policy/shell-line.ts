// What a shell line would do, as far as its text tells. Types and small constructors only.

/** A word after quote removal; null where only the shell knows it (variables, substitutions, globs, braces). */
export type ShellWord = string | null;

export type Assignment = { name: string; value: ShellWord };

export type SimpleCommand = {
  /** Program and arguments. `[null]` stands for "something that the text does not show". */
  argv: readonly ShellWord[];
  /** Variables set for this command, or by it (`export A=1`, a bare `A=1` with an empty argv). */
  assignments: readonly Assignment[];
  /** True for a wrapper that does nothing itself (`time`, `env`, `bash -c`): what it runs follows in the list. */
  transparent: boolean;
  /** As written, for messages and for finding mentioned files. */
  text: string;
};

/** A file opened by a redirection; `path` is null where it is not known. Copies of descriptors are left out. */
export type Redirect = { path: ShellWord; writes: boolean };

export type ShellLine = {
  /** Every simple command in the line, also inside substitutions, functions, wrappers and nested shells. */
  commands: readonly SimpleCommand[];
  redirects: readonly Redirect[];
  /** Why the text does not show what would run: then one of the commands is `[null]`. Empty: all is known. */
  unclear: readonly string[];
  /** True for plain words joined by `|`, `;`, `&&` and `||` only. */
  plain: boolean;
  /** Commands that the code given to an interpreter (`python -c`, `awk`) seems to run. For warnings, not a proof. */
  embedded: readonly SimpleCommand[];
};

/** A command as it was read, before its wrapper is opened. */
export type RawCommand = {
  argv: readonly ShellWord[];
  assignments: readonly Assignment[];
  text: string;
  /** Text fed to standard input by a here-document or here-string; null when not known; absent: none. */
  input?: ShellWord;
};

export function unknownCommand(text: string): SimpleCommand {
  return { argv: [null], assignments: [], transparent: false, text };
}

export function unclearLine(text: string, reason: string): ShellLine {
  return { commands: [unknownCommand(text)], redirects: [], unclear: [reason], plain: false, embedded: [] };
}

/** The program's plain name: no folder, no `.exe`, lower case. Null when it is not known. */
export function programName(command: { argv: readonly ShellWord[] }): string | null {
  const program = command.argv[0];
  if (program === null || program === undefined) return null;
  const base = program.slice(Math.max(program.lastIndexOf("/"), program.lastIndexOf("\\")) + 1);
  return base.toLowerCase().replace(/\.exe$/, "");
}
