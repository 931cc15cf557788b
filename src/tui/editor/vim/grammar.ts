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

/** `count` is null when none was given. */
export type Command =
  | { type: "motion"; count: number | null; motion: Motion }
  | { type: "operate"; count: number | null; operator: Operator; target: Target }
  | { type: "object"; count: number | null; around: boolean; key: string }
  | { type: "simple"; count: number | null; key: string; target: string };

/** "more": so far it may become a command; null: it is none. */
export type Parsed = Command | "more" | null;

const MOTIONS = new Set([..."hjklwbeWBE0^$G;,%{}_ +-", "gg", "ge", "gj", "gk"]);
const FINDS = new Set<string>(["f", "F", "t", "T"] satisfies FindKey[]);
const OPERATORS = new Set<string>(["d", "c", "y", "<", ">", "gu", "gU", "g~"] satisfies Operator[]);
const OBJECTS = new Set([..."wWp\"'`()b[]{}B<>"]);
const SIMPLE = new Set([..."iaIAoOpPuJ~.vVr/"]);
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

/** What takes a letter more and is not known here: marks, macros, windows. The letter must not become a command. */
const UNKNOWN = new Set([..."m'`@zZ"]);

/** Reads letters of normal mode; each is one user-perceived character. A register is taken for the only one. */
export function parseNormal(letters: readonly string[]): Parsed {
  if (letters[0] === '"') return letters.length < 3 ? "more" : parseNormal(letters.slice(2));
  if (UNKNOWN.has(letters[0] ?? "")) return letters.length < 2 ? "more" : null;
  const { count, at } = readCount(letters, 0);
  const { key, next } = readKey(letters, at);
  if (key === "" || key === "g") return "more";
  if (isOperator(key)) return parseOperator(letters.slice(next), key, count);
  const short = SHORT[key];
  if (short) return operate(short[0], count, { kind: "motion", motion: { key: short[1], target: "" } });
  const lines = WHOLE_LINES[key];
  if (lines) return operate(lines, count, { kind: "lines" });
  return parseMotion(key, letters[next], count) ?? parseSimple(key, letters[next], count);
}

/** Reads letters while something is selected. */
export function parseVisual(letters: readonly string[]): Parsed {
  if (letters[0] === '"') return letters.length < 3 ? "more" : parseVisual(letters.slice(2));
  const { count, at } = readCount(letters, 0);
  const { key, next } = readKey(letters, at);
  if (key === "" || key === "g") return "more";
  const selected = SELECTED[key] ?? (isOperator(key) ? key : undefined);
  if (selected) return operate(selected, count, { kind: "selection" });
  if (isObjectSign(key)) return parseObject(key, letters[next], count);
  if ("oOvVJpP".includes(key)) return { type: "simple", count, key, target: "" };
  return (
    parseMotion(key, letters[next], count) ?? (key === "r" ? parseSimple(key, letters[next], count) : null)
  );
}

function parseOperator(letters: readonly string[], operator: Operator, before: number | null): Parsed {
  const { count: after, at } = readCount(letters, 0);
  const count = before === null && after === null ? null : (before ?? 1) * (after ?? 1);
  const { key, next } = readKey(letters, at);
  if (key === "" || key === "g") return "more";
  // `gUU` and `gUgU` both mean the line.
  if (key === operator || key === operator.slice(1)) return operate(operator, count, { kind: "lines" });
  const parsed = isObjectSign(key)
    ? parseObject(key, letters[next], count)
    : parseMotion(key, letters[next], count);
  if (parsed === null || parsed === "more") return parsed;
  if (parsed.type === "object") {
    return operate(operator, count, { kind: "object", around: parsed.around, key: parsed.key });
  }
  return parsed.type === "motion"
    ? operate(operator, count, { kind: "motion", motion: parsed.motion })
    : null;
}

function isObjectSign(key: string): boolean {
  return key === "i" || key === "a";
}

function parseObject(sign: string, key: string | undefined, count: number | null): Parsed {
  if (key === undefined) return "more";
  return OBJECTS.has(key) ? { type: "object", count, around: sign === "a", key } : null;
}

function parseMotion(key: string, target: string | undefined, count: number | null): Parsed {
  if (MOTIONS.has(key)) return { type: "motion", count, motion: { key, target: "" } };
  if (!FINDS.has(key)) return null;
  return target === undefined ? "more" : { type: "motion", count, motion: { key, target } };
}

function parseSimple(key: string, target: string | undefined, count: number | null): Parsed {
  if (!SIMPLE.has(key)) return null;
  if (key !== "r") return { type: "simple", count, key, target: "" };
  return target === undefined ? "more" : { type: "simple", count, key, target };
}

function operate(operator: Operator, count: number | null, target: Target): Command {
  return { type: "operate", count, operator, target };
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
