// Opens commands that run other commands: sudo, env, xargs, find -exec, sh -c, eval and their like.
import { programName, type RawCommand, type ShellWord } from "./shell-line.ts";
import { PREFIX_WRAPPERS, type PrefixWrapper, SHELLS } from "./wrapper-table.ts";

/** What a wrapper runs: a command of its own words, or a script (null when its text is not known). */
export type Inner = { kind: "command"; command: RawCommand } | { kind: "script"; script: ShellWord };

/** `transparent`: the wrapper does nothing beside running the inner ones. */
export type Unwrapped = { inner: Inner[]; transparent: boolean };

const NO_WRAPPER: Unwrapped = { inner: [], transparent: false };

/** What `raw` would run; no inner commands when it is no wrapper. */
export function unwrap(raw: RawCommand): Unwrapped {
  const name = programName(raw);
  if (name === null) return NO_WRAPPER;
  const prefix = PREFIX_WRAPPERS.get(name);
  if (prefix) return unwrapPrefix(raw, prefix);
  if (SHELLS.has(name)) return unwrapShell(raw);
  switch (name) {
    case "eval":
      return { inner: [script(joinWords(raw.argv.slice(1)))], transparent: true };
    case "watch":
      return unwrapWatch(raw);
    case "trap":
      return raw.argv.length > 2 ? { inner: [script(raw.argv[1] ?? null)], transparent: false } : NO_WRAPPER;
    case "su":
    case "runuser":
    case "script":
      return unwrapCommandOption(raw);
    case "find":
    case "gfind":
      return { inner: findActions(raw), transparent: false };
    case "xargs":
    case "gxargs":
      return unwrapXargs(raw);
    case "parallel":
      return unwrapParallel(raw);
    default:
      return NO_WRAPPER;
  }
}

function script(text: ShellWord): Inner {
  return { kind: "script", script: text };
}

function command(raw: RawCommand, argv: readonly ShellWord[], assignments: RawCommand["assignments"]): Inner {
  return { kind: "command", command: { ...raw, argv, assignments } };
}

function joinWords(words: readonly ShellWord[]): ShellWord {
  return words.some((word) => word === null) ? null : words.join(" ");
}

/** Wrappers of the form `name [options] [fixed words] command...`. */
function unwrapPrefix(raw: RawCommand, wrapper: PrefixWrapper): Unwrapped {
  let index = skipOptions(raw.argv, 1, wrapper.valueOptions);
  const assignments = wrapper.assignments ? readAssignments(raw.argv, index) : [];
  index += assignments.length + (wrapper.positionals ?? 0);
  const inner = raw.argv.slice(index);
  const split = wrapper.splitOption ? splitOptionValue(raw.argv.slice(1), wrapper.splitOption) : undefined;
  if (split !== undefined) return { inner: [script(split)], transparent: false };
  if (inner.length === 0) return NO_WRAPPER;
  const quiet = !raw.argv.slice(1, index).some((word) => word !== null && wrapper.effects?.test(word));
  return {
    inner: [command(raw, inner, [...raw.assignments, ...assignments])],
    transparent: wrapper.transparent && quiet,
  };
}

/** The index of the first word after the options. A value may be attached or the next word. */
function skipOptions(argv: readonly ShellWord[], start: number, valueOptions: ReadonlySet<string>): number {
  let index = start;
  while (index < argv.length) {
    const word = argv[index];
    if (word === "--") return index + 1;
    if (typeof word !== "string" || !/^-./.test(word)) return index;
    index += takesNextWord(word, valueOptions) ? 2 : 1;
  }
  return index;
}

function takesNextWord(option: string, valueOptions: ReadonlySet<string>): boolean {
  if (option.startsWith("--")) return valueOptions.has(option);
  if (valueOptions.has(option)) return true;
  const first = [...option.slice(1)].findIndex((letter) => valueOptions.has(`-${letter}`));
  return first >= 0 && first === option.length - 2;
}

function readAssignments(argv: readonly ShellWord[], start: number): { name: string; value: ShellWord }[] {
  const found = [];
  for (let index = start; index < argv.length; index++) {
    const match = /^([^=/]+)=(.*)$/s.exec(argv[index] ?? "");
    if (!match) break;
    found.push({ name: match[1] ?? "", value: match[2] ?? "" });
  }
  return found;
}

/** `env -S 'git status'`, `env -Sgit ...`: the words after the option are one line. */
function splitOptionValue(words: readonly ShellWord[], option: RegExp): ShellWord | undefined {
  const index = words.findIndex((word) => word !== null && option.test(word));
  if (index < 0) return undefined;
  const attached = (words[index] ?? "").replace(option, "");
  return joinWords([...(attached ? [attached] : []), ...words.slice(index + 1)]);
}

/** `bash -lc 'script'`, `bash script.sh`, `bash <<EOF`. */
function unwrapShell(raw: RawCommand): Unwrapped {
  const { flags, rest } = splitShellOptions(raw.argv.slice(1));
  if (flags.includes(null)) return { inner: [script(null)], transparent: false };
  const has = (pattern: RegExp) => flags.some((flag) => pattern.test(flag ?? ""));
  if (has(/^-[A-Za-z]*c/)) {
    const quiet = !has(/^(?:--|\+)/);
    return rest.length === 0 ? NO_WRAPPER : { inner: [script(rest[0] ?? null)], transparent: quiet };
  }
  if (has(/^--(?:version|help)$/) || (rest.length > 0 && !flags.includes("-s"))) return NO_WRAPPER;
  return { inner: [script(raw.input ?? null)], transparent: false };
}

/** A null flag: what the words are is not known. */
function splitShellOptions(words: readonly ShellWord[]): { flags: ShellWord[]; rest: readonly ShellWord[] } {
  const flags: ShellWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? null;
    if (word === "--") return { flags, rest: words.slice(index + 1) };
    if (word !== null && !/^[-+]./.test(word)) return { flags, rest: words.slice(index) };
    flags.push(word);
    if (/^[-+][A-Za-z]*[oO]$|^--(?:rcfile|init-file)$/.test(word ?? "")) index++;
  }
  return { flags, rest: [] };
}

function unwrapWatch(raw: RawCommand): Unwrapped {
  const index = skipOptions(raw.argv, 1, new Set(["-n", "--interval", "-q", "--equexit"]));
  return { inner: [script(joinWords(raw.argv.slice(index)))], transparent: false };
}

function unwrapCommandOption(raw: RawCommand): Unwrapped {
  const index = raw.argv.findIndex((word) => word === "-c" || word === "--command");
  return index < 0 ? NO_WRAPPER : { inner: [script(raw.argv[index + 1] ?? null)], transparent: false };
}

/** The commands after -exec, -execdir, -ok and -okdir, with `{}` unknown. */
function findActions(raw: RawCommand): Inner[] {
  const found: Inner[] = [];
  const { argv } = raw;
  for (let index = 0; index < argv.length; index++) {
    if (!/^-(?:exec|ok)(?:dir)?$/.test(argv[index] ?? "")) continue;
    let end = index + 1;
    while (end < argv.length && argv[end] !== ";" && !(argv[end] === "+" && argv[end - 1] === "{}")) end++;
    const words = argv.slice(index + 1, end).map((word) => (word?.includes("{}") ? null : word));
    found.push(command(raw, words.length > 0 ? words.map((word) => word ?? null) : [null], []));
    index = end;
  }
  return found;
}

const XARGS_VALUES = new Set(
  `-a -d -E -I -J -L -n -P -R -S -s --arg-file --delimiter --max-lines --max-args --max-procs --max-chars
   --process-slot-var --eof`.split(/\s+/),
);

function unwrapXargs(raw: RawCommand): Unwrapped {
  const index = skipOptions(raw.argv, 1, XARGS_VALUES);
  const words = raw.argv.slice(index);
  if (words.length === 0) return { inner: [command(raw, ["echo", null], [])], transparent: true };
  const placeholder = xargsPlaceholder(raw.argv.slice(1, index));
  const filled = words.map((word) => (placeholder && word?.includes(placeholder) ? null : word));
  return { inner: [command(raw, [...filled, null], [])], transparent: true };
}

function xargsPlaceholder(options: readonly ShellWord[]): string | null {
  for (const [index, option] of options.entries()) {
    if (option === null) continue;
    if (option === "-I" || option === "-J") return options[index + 1] || null;
    const match = /^(?:-[IJ]|-i|--replace=?)(.*)$/.exec(option);
    if (match) return match[1] || "{}";
  }
  return null;
}

const PARALLEL_VALUES = new Set(
  `-j -N -n -L -P -I -a -S -C -d -E -s --jobs --max-args --max-procs --delay --timeout --colsep --arg-file
   --joblog --results --tmpdir --workdir --wd --retries --load --memfree --nice --sshlogin --delimiter`.split(
    /\s+/,
  ),
);

/** GNU parallel: what follows `:::` fills the command; without a command each argument is one. */
function unwrapParallel(raw: RawCommand): Unwrapped {
  const index = skipOptions(raw.argv, 1, PARALLEL_VALUES);
  const rest = raw.argv.slice(index);
  const separator = rest.findIndex((word) => word !== null && /^:::/.test(word));
  const words = separator < 0 ? rest : rest.slice(0, separator);
  const values = separator < 0 ? [] : rest.slice(separator + 1);
  if (words.length > 0) {
    const filled = words.map((word) => (word !== null && /\{.*\}/.test(word) ? null : word));
    return { inner: [command(raw, [...filled, null], [])], transparent: false };
  }
  if (separator >= 0) return { inner: values.map(script), transparent: false };
  return { inner: [script(null)], transparent: false };
}
