// Matches the pattern of a bash rule against the words of a command. Pure.
import type { ShellWord } from "./shell-line.ts";

/** One word of a pattern: literal pieces with "any characters" between them; `rest` is a lone `*`. */
type PatternWord = { rest: boolean; expression: RegExp; openEnd: boolean };

/**
 * `surely`: the words match whatever the shell fills in. `possibly`: some value of the unknown words would match;
 * for rules that forbid.
 */
export type Certainty = "surely" | "possibly";

/**
 * A lone `*` stands for any words, none included; a `*` in a word for any characters; one at the very end also for
 * all that follows. Quotes and backslashes make characters plain, as in a shell.
 */
export function matchesWords(pattern: string, words: readonly ShellWord[], certainty: Certainty): boolean {
  const expected = splitPattern(pattern);
  const last = expected.at(-1);
  if (last?.openEnd && !last.rest) expected.push({ rest: true, expression: /^/, openEnd: true });
  let reachable = new Set([0]);
  for (const word of words) {
    reachable = step(closure(reachable, expected), expected, word, certainty);
    if (reachable.size === 0) return false;
  }
  return closure(reachable, expected).has(expected.length);
}

/** Positions in the pattern that are reached without a word. */
function closure(positions: ReadonlySet<number>, expected: readonly PatternWord[]): Set<number> {
  const all = new Set(positions);
  for (const position of all) {
    if (expected[position]?.rest) all.add(position + 1);
  }
  return all;
}

function step(
  positions: ReadonlySet<number>,
  expected: readonly PatternWord[],
  word: ShellWord,
  certainty: Certainty,
): Set<number> {
  const next = new Set<number>();
  for (const position of positions) {
    const wanted = expected[position];
    if (word === null && certainty === "possibly") {
      // An unknown word may expand to nothing, one word or several.
      for (let reached = position; reached <= expected.length; reached++) next.add(reached);
    } else if (wanted?.rest) {
      next.add(position);
    } else if (wanted && word !== null && wanted.expression.test(word)) {
      next.add(position + 1);
    }
  }
  return next;
}

function splitPattern(pattern: string): PatternWord[] {
  const text = pattern.replace(/:\*$/, " *");
  const words = text.match(/(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s\\])+|\\$/g) ?? [];
  return words.map(patternWord);
}

function patternWord(source: string): PatternWord {
  let expression = "";
  let openEnd = false;
  for (const [piece] of source.matchAll(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[\s\S]/g)) {
    openEnd = piece === "*";
    if (piece === "*") expression += "[\\s\\S]*";
    else if (piece === "?") expression += "[\\s\\S]";
    else expression += escapeExpression(plainText(piece));
  }
  return { rest: source === "*", expression: new RegExp(`^${expression}$`), openEnd };
}

function plainText(piece: string): string {
  if (piece.length > 1 && piece.startsWith("'")) return piece.slice(1, -1);
  if (piece.length > 1 && piece.startsWith('"')) return piece.slice(1, -1).replace(/\\([\s\S])/g, "$1");
  return piece.length > 1 ? piece.slice(1) : piece;
}

export function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** The words as a pattern that matches them alone. */
export function exactPattern(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word) && !word.endsWith(":*")) return word;
  return word.includes("'") ? `"${word.replace(/["\\]/g, "\\$&")}"` : `'${word}'`;
}
