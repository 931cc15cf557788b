// Finding the text to replace and replacing it: the pure part of the edit tool. All edits of a call are matched
// against the same original; either all apply or none. Never guesses: what is not found once is an error.
import { AppError } from "../lib/app-error.ts";
import { findIndented } from "./edit-indent.ts";
import { type Looseness, looseView, minimalChange } from "./edit-loose.ts";
import { describeMiss } from "./edit-miss.ts";
import type { Edit, Replacement } from "./text-edit.ts";

/**
 * How far from the letter a match was, in the order tried: exact; ends of lines; blanks at ends of lines;
 * typographic and compatible characters; the same indentation missing or added on every line.
 */
type MatchTier = "exact" | Looseness | "indentation";

type FoundEdit = { tier: MatchTier; replacements: Replacement[] };

/** The whole new text, and for each edit in order how and where it was found. */
export type EditedText = { text: string; edits: FoundEdit[] };

/** Beyond this size (UTF-16 units) only exact matches are looked for. */
const LOOSE_LIMIT = 1024 * 1024;

const LOOSE_TIERS: readonly Looseness[] = ["line endings", "trailing blanks", "typographic characters"];

/**
 * Applies all edits. Line ends of new text follow the place where it lands when that uses CRLF. Throws AppError
 * `edit.empty`, `edit.same`, `edit.not_found`, `edit.ambiguous` or `edit.overlap`.
 */
export function applyEdits(original: string, edits: readonly Edit[]): EditedText {
  const found = edits.map((edit, index) =>
    findEdit(original, edit, edits.length > 1 ? `edits[${index}]: ` : ""),
  );
  const replacements = found
    .flatMap((one, index) => one.replacements.map((replacement) => ({ ...replacement, index })))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let text = "";
  let at = 0;
  let previous = -1;
  for (const { start, end, text: replacement, index } of replacements) {
    if (start < at) {
      const message = `edits[${previous}] and edits[${index}] change the same text.`;
      throw new AppError("edit.overlap", message, { hint: "Join them into one edit." });
    }
    text += original.slice(at, start) + replacement;
    at = end;
    previous = index;
  }
  text += original.slice(at);
  if (text === original) throw new AppError("edit.same", "The edit would change nothing.");
  return { text, edits: found };
}

function findEdit(original: string, edit: Edit, label: string): FoundEdit {
  const { oldText, newText } = edit;
  if (oldText === "") {
    const hint = "Give the text to replace; to fill an empty or a new file use write.";
    throw new AppError("edit.empty", `${label}old_text is empty.`, { hint });
  }
  if (oldText === newText) {
    throw new AppError("edit.same", `${label}old_text and new_text are the same.`);
  }
  const exact = occurrences(original, oldText, edit.replaceAll === true);
  if (exact.length > 0) {
    const spans = exact.map((start) => ({ start, end: start + oldText.length }));
    requireUnique(original, spans, edit, label);
    const replacements = spans.map((span) => ({ ...span, text: withLineEndsAt(original, span, newText) }));
    return { tier: "exact", replacements };
  }
  const loose = original.length <= LOOSE_LIMIT ? findLoosely(original, edit, label) : null;
  if (loose) return loose;
  throw describeMiss(original, edit, label);
}

function findLoosely(original: string, edit: Edit, label: string): FoundEdit | null {
  for (const tier of LOOSE_TIERS) {
    const view = looseView(original, tier);
    const spans = view.find(edit.oldText, edit.replaceAll === true);
    if (spans.length === 0) continue;
    requireUnique(original, spans, edit, label);
    const replacements = spans.map((span) => {
      const change = minimalChange(original, span, edit.newText, tier);
      return { ...change, text: withLineEndsAt(original, span, change.text) };
    });
    return { tier, replacements };
  }
  const indented = findIndented(original, edit);
  if (indented.length === 0) return null;
  requireUnique(original, indented, edit, label);
  const replacements = indented.map((span) => ({ ...span, text: withLineEndsAt(original, span, span.text) }));
  return { tier: "indentation", replacements };
}

/** Where `part` starts; overlapping ones count when the question is whether it is unique. */
function occurrences(whole: string, part: string, disjoint: boolean): number[] {
  const starts: number[] = [];
  const step = disjoint ? part.length : 1;
  for (let at = whole.indexOf(part); at !== -1; at = whole.indexOf(part, at + step)) starts.push(at);
  return starts;
}

function requireUnique(
  original: string,
  spans: readonly { start: number }[],
  { replaceAll }: Edit,
  label: string,
): void {
  if (replaceAll || spans.length === 1) return;
  const lines = spans.slice(0, 10).map(({ start }) => lineNumberAt(original, start));
  const more = spans.length > lines.length ? ", …" : "";
  const where = `Found ${spans.length} occurrences of old_text (lines ${lines.join(", ")}${more})`;
  throw new AppError("edit.ambiguous", `${label}${where}; nothing was changed.`, {
    hint: "Add surrounding lines until it is unique, or set replace_all.",
  });
}

function lineNumberAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** New text where the lines end with CRLF gets CRLF; anywhere else it is taken to the letter. */
function withLineEndsAt(
  original: string,
  { start, end }: { start: number; end: number },
  text: string,
): string {
  if (!text.includes("\n")) return text;
  const inside = original.slice(start, end).indexOf("\n");
  const after = original.indexOf("\n", end);
  const newline = inside !== -1 ? start + inside : after !== -1 ? after : original.lastIndexOf("\n", start);
  return newline > 0 && original[newline - 1] === "\r" ? text.replace(/\r?\n/g, "\r\n") : text;
}
