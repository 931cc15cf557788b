// Words as vim has them: runs of characters of one kind. A token (a folded paste, an image) is a word of its own.
import { nextBorder, previousBorder } from "../borders.ts";
import type { Fragment } from "../fragment.ts";

/** `big`: WORDS, which only blanks part. */
export type WordOptions = { big: boolean };

type Kind = "blank" | "word" | "sign" | "token" | "han" | "hiragana" | "katakana" | "emoji";

/** The kind of the character that begins at `offset`; blank at the end of the text. */
export function kindAt({ text, tokens }: Fragment, offset: number, { big }: WordOptions): Kind {
  const code = text.codePointAt(offset);
  if (code === undefined) return "blank";
  const inToken = tokens.some(({ start, end }) => start <= offset && offset < end);
  if (inToken) return big ? "word" : "token";
  const character = String.fromCodePoint(code);
  if (/\s/u.test(character)) return "blank";
  return big ? "word" : kindOf(character);
}

function kindOf(character: string): Kind {
  if (/[\p{Script=Han}]/u.test(character)) return "han";
  if (/[\p{Script=Hiragana}]/u.test(character)) return "hiragana";
  if (/[\p{Script=Katakana}]/u.test(character)) return "katakana";
  if (/[\p{L}\p{M}\p{N}_]/u.test(character)) return "word";
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(character) ? "emoji" : "sign";
}

/** The start of the next word; the end of the text when there is none. An empty line is a word. */
export function nextWordStart(fragment: Fragment, from: number, options: WordOptions): number {
  const { text } = fragment;
  let at = from;
  const kind = kindAt(fragment, at, options);
  const isToken = kind === "token";
  if (kind !== "blank") {
    do at = nextBorder(fragment, at);
    while (at < text.length && !isToken && kindAt(fragment, at, options) === kind);
  }
  while (at < text.length && kindAt(fragment, at, options) === "blank") {
    if (at !== from && isEmptyLine(text, at)) return at;
    at = nextBorder(fragment, at);
  }
  return at;
}

/** The start of the last character of the word that ends behind `from`. */
export function wordEnd(fragment: Fragment, from: number, options: WordOptions): number {
  const { text } = fragment;
  let at = nextBorder(fragment, from);
  while (at < text.length && kindAt(fragment, at, options) === "blank") at = nextBorder(fragment, at);
  if (at >= text.length) return lastCharacter(fragment);
  return endOfRun(fragment, at, options);
}

/** The start of the last character of the run that `at` is in. */
export function endOfRun(fragment: Fragment, at: number, options: WordOptions): number {
  const kind = kindAt(fragment, at, options);
  let last = at;
  for (;;) {
    const next = nextBorder(fragment, last);
    const ends =
      next >= fragment.text.length ||
      fragment.text[next] === "\n" ||
      kind === "token" ||
      kindAt(fragment, next, options) !== kind;
    if (ends) return last;
    last = next;
  }
}

/** The start of the run that `at` is in. */
export function startOfRun(fragment: Fragment, at: number, options: WordOptions): number {
  const kind = kindAt(fragment, at, options);
  let first = at;
  while (first > 0 && kind !== "token") {
    const before = previousBorder(fragment, first);
    if (fragment.text[before] === "\n" || kindAt(fragment, before, options) !== kind) break;
    first = before;
  }
  return first;
}

/** The start of the word that begins before `from`. */
export function previousWordStart(fragment: Fragment, from: number, options: WordOptions): number {
  let at = previousBorder(fragment, from);
  while (at > 0 && kindAt(fragment, at, options) === "blank") {
    if (isEmptyLine(fragment.text, at)) return at;
    at = previousBorder(fragment, at);
  }
  return kindAt(fragment, at, options) === "blank" ? at : startOfRun(fragment, at, options);
}

/** `ge`: the last character of the word before. */
export function previousWordEnd(fragment: Fragment, from: number, options: WordOptions): number {
  const kind = kindAt(fragment, from, options);
  let at = kind === "blank" ? from : startOfRun(fragment, from, options);
  do {
    if (at === 0) return 0;
    at = previousBorder(fragment, at);
  } while (kindAt(fragment, at, options) === "blank" && !isEmptyLine(fragment.text, at));
  return at;
}

function isEmptyLine(text: string, at: number): boolean {
  return text[at] === "\n" && (at === 0 || text[at - 1] === "\n");
}

function lastCharacter(fragment: Fragment): number {
  return previousBorder(fragment, fragment.text.length);
}
