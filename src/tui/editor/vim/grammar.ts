// The grammar of vim's normal mode: letters in a row make a command. These letters are a language, not keys: what `d`
// does depends on what was said before it, so they do not stand in the table of keys (keys/keys.ts), which names only
// the keys that open and leave the modes. Pure.

export type FindKey = "f" | "F" | "t" | "T";

/** Where to: `h`, `w`, `gg`, `fx` and the like. `target` is the character that f, F, t and T look for. */
export type Motion = { key: string; target: string };

export type Operator = "d" | "c" | "y" | "<" | ">" | "gu" | "gU" | "g~";

/** What an operator works on: lines (`dd`), a motion (`dw`), a text object (`diw`), or what is selected. */
type Target =
  | { kind: "lines" }
  | { kind: "motion"; motion: Motion }
  | { kind: "object"; around: boolean; key: string }
  | { kind: "selection" };

/** `count` and `register` are null when none was given. */
type Said = { count: number | null; register: string | null };

export type Command = Said &
  (
    | { type: "motion"; motion: Motion }
    | { type: "operate"; operator: Operator; target: Target }
    | { type: "object"; around: boolean; key: string }
    | { type: "simple"; key: string; target: string }
  );

/** What the letters alone decide; what was said before them is put to it. */
type Bare =
  | { type: "motion"; motion: Motion }
  | { type: "operate"; operator: Operator; target: Target; count?: number | null }
  | { type: "object"; around: boolean; key: string }
  | { type: "simple"; key: string; target: string };

/** "more": so far it may become a command; null: it is none. */
export type Parsed = Command | "more" | null;

const MOTIONS = new Set([..."hjklwbeWBE0^$G;,%{}()_ +-|nN*#", "gg", "ge", "gE", "gj", "gk", "g_"]);
/** Finds look for the letter behind them, the other two go to the mark of that name. */
const AIMED = new Set([..."fFtT`'"]);
const OPERATORS = new Set<string>(["d", "c", "y", "<", ">", "gu", "gU", "g~"] satisfies Operator[]);
const OBJECTS = new Set([..."wWps\"'`()b[]{}B<>t"]);
/** Stands for the key that selects a block, which is no letter. */
export const VISUAL_BLOCK = "block";

const SIMPLE = new Set([..."iaIAoOpPuJ~.vV/", "gv", "gi", "gJ"]);
/** These take a letter more: the new character, the mark, the register. */
const WITH_LETTER = new Set([..."rmq@"]);
const IN_SELECTION = new Set([..."oOvVJpPIAr", "gJ", "gv"]);
/** Short for an operator and its motion. */
const SHORT: Readonly<Record<string, readonly [Operator, string]>> = {
  x: ["d", "l"],
  X: ["d", "h"],
  D: ["d", "$"],
  s: ["c", "l"],
  C: ["c", "$"],
};
const WHOLE_LINES: Readonly<Record<string, Operator>> = { S: "c", Y: "y" };
/** In a selection these work on it at once. */
const SELECTED: Readonly<Record<string, Operator>> = {
  d: "d",
  x: "d",
  X: "d",
  D: "d",
  c: "c",
  s: "c",
  C: "c",
  y: "y",
  Y: "y",
  "<": "<",
  ">": ">",
  u: "gu",
  U: "gU",
  "~": "g~",
};

/** Windows and folds, which are not here. Their letter must not become a command. */
const UNKNOWN = new Set([..."zZ"]);

/** `recording`: a macro is being recorded, so that `q` alone ends it. */
type Reading = { recording: boolean };

/** Reads letters of normal mode; each is one user-perceived character. */
export function parseNormal(
  letters: readonly string[],
  { recording }: Reading = { recording: false },
): Parsed {
  const begun = readBegun(letters);
  if (begun === "more") return "more";
  const { prefix, key, next, letter } = begun;
  if (UNKNOWN.has(key)) return letter === undefined ? "more" : null;
  if (isOperator(key)) return said(prefix, parseOperator(letters.slice(next), key));
  const short = SHORT[key];
  if (short) return said(prefix, operate(short[0], motionTarget(short[1])));
  const lines = WHOLE_LINES[key];
  if (lines) return said(prefix, operate(lines, { kind: "lines" }));
  if (key === "q" && recording) return said(prefix, simple(key));
  return said(prefix, parseMotion(key, letter) ?? parseSimple(key, letter));
}

/** Reads letters while something is selected. */
export function parseVisual(
  letters: readonly string[],
  { recording }: Reading = { recording: false },
): Parsed {
  const begun = readBegun(letters);
  if (begun === "more") return "more";
  const { prefix, key, letter } = begun;
  const selected = SELECTED[key] ?? (isOperator(key) ? key : undefined);
  if (selected) return said(prefix, operate(selected, { kind: "selection" }));
  if (isObjectSign(key)) return said(prefix, parseObject(key, letter));
  if (key === "q" && recording) return said(prefix, simple(key));
  if (IN_SELECTION.has(key) || WITH_LETTER.has(key)) return said(prefix, parseSimple(key, letter));
  return said(prefix, parseMotion(key, letter));
}

type Prefix = Said & { at: number };
/** `letter` follows the key, at `next`. */
type Begun = { prefix: Prefix; key: string; next: number; letter: string | undefined };

/** What stands before a command's own letters, and the key that it begins with. */
function readBegun(letters: readonly string[]): Begun | "more" {
  const prefix = readPrefix(letters);
  if (prefix === "more") return "more";
  const { key, next } = readKey(letters, prefix.at);
  return key === "" || key === "g" ? "more" : { prefix, key, next, letter: letters[next] };
}

/** Counts multiply: `2d3w` is six words. */
function said({ count, register }: Prefix, bare: Bare | "more" | null): Parsed {
  if (bare === null || bare === "more") return bare;
  const inner = bare.type === "operate" ? (bare.count ?? null) : null;
  return { ...bare, register, count: inner === null ? count : Math.min(MOST, (count ?? 1) * inner) };
}

/** A count and a register, in any order and more than once. */
function readPrefix(letters: readonly string[]): Prefix | "more" {
  let prefix: Prefix = { count: null, register: null, at: 0 };
  for (;;) {
    const { count, at } = readCount(letters, prefix.at);
    if (count !== null) prefix = { ...prefix, count: Math.min(MOST, (prefix.count ?? 1) * count), at };
    if (letters[prefix.at] !== '"') return prefix;
    const register = letters[prefix.at + 1];
    if (register === undefined) return "more";
    prefix = { ...prefix, register, at: prefix.at + 2 };
  }
}

function parseOperator(letters: readonly string[], operator: Operator): Bare | "more" | null {
  const { count, at } = readCount(letters, 0);
  const { key, next } = readKey(letters, at);
  if (key === "" || key === "g") return "more";
  // `gUU` and `gUgU` both mean the line.
  if (key === operator || key === operator.slice(1))
    return { ...operate(operator, { kind: "lines" }), count };
  const parsed = isObjectSign(key) ? parseObject(key, letters[next]) : parseMotion(key, letters[next]);
  if (parsed === null || parsed === "more") return parsed;
  if (parsed.type === "object") {
    return { ...operate(operator, { kind: "object", around: parsed.around, key: parsed.key }), count };
  }
  return parsed.type === "motion"
    ? { ...operate(operator, { kind: "motion", motion: parsed.motion }), count }
    : null;
}

function isObjectSign(key: string): boolean {
  return key === "i" || key === "a";
}

function parseObject(sign: string, key: string | undefined): Bare | "more" | null {
  if (key === undefined) return "more";
  return OBJECTS.has(key) ? { type: "object", around: sign === "a", key } : null;
}

function parseMotion(key: string, target: string | undefined): Bare | "more" | null {
  if (MOTIONS.has(key)) return { type: "motion", motion: { key, target: "" } };
  if (!AIMED.has(key)) return null;
  return target === undefined ? "more" : { type: "motion", motion: { key, target } };
}

function parseSimple(key: string, target: string | undefined): Bare | "more" | null {
  if (!WITH_LETTER.has(key)) return SIMPLE.has(key) ? simple(key) : null;
  return target === undefined ? "more" : { type: "simple", key, target };
}

function simple(key: string): Bare {
  return { type: "simple", key, target: "" };
}

function motionTarget(key: string): Target {
  return { kind: "motion", motion: { key, target: "" } };
}

function operate(operator: Operator, target: Target): Extract<Bare, { type: "operate" }> {
  return { type: "operate", operator, target };
}

/** More than anyone can mean; keeps a slip from taking minutes. */
const MOST = 10_000;

/** A zero is no count: it is the start of the line. */
function readCount(letters: readonly string[], from: number): { count: number | null; at: number } {
  let at = from;
  let count: number | null = null;
  for (;;) {
    const letter = letters[at] ?? "";
    if (!/^[0-9]$/.test(letter) || (letter === "0" && count === null)) return { count, at };
    count = Math.min(MOST, (count ?? 0) * 10 + Number(letter));
    at++;
  }
}

/** One letter, or `g` with the letter behind it. */
function readKey(letters: readonly string[], at: number): { key: string; next: number } {
  const first = letters[at] ?? "";
  if (first !== "g" || letters[at + 1] === undefined) return { key: first, next: at + 1 };
  return { key: `g${letters[at + 1]}`, next: at + 2 };
}

function isOperator(key: string): key is Operator {
  return OPERATORS.has(key);
}
