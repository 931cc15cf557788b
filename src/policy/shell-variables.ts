// Which shell variables may be set without changing what a command is. Pure.
import type { Assignment, SimpleCommand } from "./shell-line.ts";

const HARMLESS =
  /^(?:NODE_ENV|CI|FORCE_COLOR|NO_COLOR|CLICOLOR(?:_FORCE)?|DEBUG|VERBOSE|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|RUST_BACKTRACE|RUST_LOG|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|GOOS|GOARCH|CGO_ENABLED|PORT|HOST|TMPDIR)$/;
/** Lower-case names are a script's own, except those that programs read. */
const LOCAL = /^(?!npm_|.*_proxy$|prompt|path$|fpath$|cdpath$)[a-z][a-z0-9_]*$/;

/** False for names that programs or the shell heed (`PATH`, `GIT_*`), and for values that arithmetic would run. */
export function isHarmlessAssignment({ name, value }: Assignment): boolean {
  if (value !== null && /\$\(|`/.test(value)) return false;
  return HARMLESS.test(name) || LOCAL.test(name);
}

/** True for a part that does nothing by itself: a wrapper whose inner command decides, or a harmless variable. */
export function isNeutral(command: SimpleCommand): boolean {
  const harmless = command.assignments.every(isHarmlessAssignment);
  if (command.transparent) return harmless;
  if (command.assignments.length === 0 || !harmless) return false;
  const [program, ...words] = command.argv;
  const declares = typeof program === "string" && /^(?:export|declare|typeset|local|readonly)$/.test(program);
  return program === undefined || (declares && words.every((word) => word === null || !word.startsWith("-")));
}
