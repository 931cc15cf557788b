// Which commands provably only read. A short list on purpose: what is not on it is not known to be harmless.
// git is left out: a repository's own settings can make `git status` run programs.
import type { SimpleCommand } from "./shell-line.ts";

/** Programs that only read with every option they have. */
const ALWAYS = new Set(
  `cat cut echo expr false grep egrep fgrep head id ls nl paste pwd rev seq stat tac tail tr true uname
   wc which whoami numfmt basename dirname realpath readlink du df cmp comm fold`.split(/\s+/),
);

/** Programs that only read unless an argument says otherwise. */
const UNLESS: ReadonlyMap<string, (args: readonly string[]) => boolean> = new Map([
  // Bare, it goes to the home; with `-`, to a folder that the text does not show.
  ["cd", (args) => args.length === 1 && args[0] !== "-"],
  ["base64", (args) => !args.some((arg) => /^(?:-[^-]*o|--o)/.test(arg))],
  ["find", (args) => !args.some((arg) => /^-(?:exec|ok|delete|fls|fprint)/.test(arg))],
  ["rg", (args) => !args.some((arg) => /^(?:--pre|--hostname-bin|--search-zip|-[^-]*z)/.test(arg))],
  ["sed", (args) => args.length <= 3 && args[0] === "-n" && /^\d+(?:,\d+)?p$/.test(args[1] ?? "")],
  ["sort", (args) => !args.some((arg) => /^(?:-[^-]*[oT]|--[oct])/.test(arg))],
  ["uniq", (args) => args.filter((arg) => !arg.startsWith("-")).length <= 1],
  ["date", (args) => args.every((arg) => arg.startsWith("+") || arg === "-u")],
]);

/** True when the command, with every word known, changes nothing and sends nothing. */
export function isReadOnlyCommand(command: SimpleCommand): boolean {
  if (command.assignments.length > 0) return false;
  const [program, ...args] = command.argv;
  if (typeof program !== "string") return false;
  const words = args.filter((word): word is string => word !== null);
  if (words.length < args.length) return false;
  return ALWAYS.has(program) || (UNLESS.get(program)?.(words) ?? false);
}
