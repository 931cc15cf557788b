// A unified diff as rows: line number, sign, text; the words that changed stand out.
import { sanitizeText } from "../../lib/ansi.ts";
import { truncateText } from "../../lib/text-width.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import { expandSpanTabs, layoutSpans, type Span } from "../theme/spans.ts";
import type { Style, Theme } from "../theme/theme.ts";
import { type PatchLine, parsePatch } from "./parse-patch.ts";
import { changedWords, type WordChange } from "./word-diff.ts";

/** `maxRows`: rows before "… 30 more lines". `moreHint` says how to see them: "(Ctrl+O)". */
export type DiffView = { width: number; theme: Theme; glyphs: Glyphs; maxRows?: number; moreHint?: string };

type ChangedLine = Extract<PatchLine, { text: string }>;

const TAB_SIZE = 4;
const SIGNS = { context: " ", add: "+", remove: "-" } as const;

/** Untrusted text is sanitised here. Long lines go on in the next row. */
export function renderDiff(patch: string, view: DiffView): string[] {
  const lines = parsePatch(sanitizeText(patch));
  const words = pairChanges(lines);
  const digits = Math.max(1, ...lines.map((line) => ("number" in line ? String(line.number).length : 0)));
  const most = view.maxRows ?? Number.POSITIVE_INFINITY;
  const rows: string[] = [];
  for (const [index, line] of lines.entries()) {
    const next = line.kind === "gap" ? gapRows(line, view) : lineRows(line, words.get(line), digits, view);
    if (rows.length + next.length > most && index > 0) return [...rows, moreRow(lines.length - index, view)];
    rows.push(...next);
  }
  return rows;
}

function moreRow(count: number, { theme, glyphs, width, moreHint = "" }: DiffView): string {
  const words = `${glyphs.ellipsis} ${count} more ${count === 1 ? "line" : "lines"} ${moreHint}`.trimEnd();
  return theme.style.dim(truncateText(words, width, glyphs.ellipsis));
}

function gapRows(line: Extract<PatchLine, { kind: "gap" }>, { theme, glyphs, width }: DiffView): string[] {
  const text = line.file === null ? glyphs.ellipsis : line.file;
  return layoutSpans([{ text, style: theme.style.dim }], width);
}

function lineRows(
  line: ChangedLine,
  words: WordChange[] | undefined,
  digits: number,
  view: DiffView,
): string[] {
  const { theme, width } = view;
  const prefix = `${String(line.number).padStart(digits)}  ${SIGNS[line.kind]} `;
  const inner = width - prefix.length;
  if (inner < 8) return layoutSpans(lineSpans(line, words, theme), width, "characters");
  const number = theme.style.dim(prefix.slice(0, digits));
  const sign = lineStyle(line.kind, theme)(SIGNS[line.kind]);
  const spans = expandSpanTabs(lineSpans(line, words, theme), TAB_SIZE);
  return layoutSpans(spans, inner, "characters").map((row, index) => {
    if (index > 0) return " ".repeat(prefix.length) + row;
    return `${number}  ${sign} ${row}`.trimEnd();
  });
}

function lineSpans(line: ChangedLine, words: WordChange[] | undefined, theme: Theme): Span[] {
  const style = lineStyle(line.kind, theme);
  if (!words) return [{ text: line.text.trimEnd(), style }];
  const strong = line.kind === "add" ? theme.style.diffAddWord : theme.style.diffRemoveWord;
  return words.map(({ text, changed }) => ({ text, style: changed ? strong : style }));
}

function lineStyle(kind: ChangedLine["kind"], theme: Theme): Style {
  switch (kind) {
    case "add":
      return theme.style.diffAdd;
    case "remove":
      return theme.style.diffRemove;
    case "context":
      return theme.style.dim;
  }
}

/** Lines removed and as many added in their place are compared one by one. */
function pairChanges(lines: readonly PatchLine[]): Map<PatchLine, WordChange[]> {
  const words = new Map<PatchLine, WordChange[]>();
  let start = 0;
  while (start < lines.length) {
    const removed = run(lines, start, "remove");
    const added = run(lines, start + removed.length, "add");
    if (removed.length > 0 && removed.length === added.length) {
      for (const [index, line] of removed.entries()) pair(line, added[index], words);
    }
    start += Math.max(1, removed.length + added.length);
  }
  return words;
}

function run(lines: readonly PatchLine[], start: number, kind: "add" | "remove"): ChangedLine[] {
  const found: ChangedLine[] = [];
  for (let at = start; lines[at]?.kind === kind; at++) {
    const line = lines[at];
    if (line && line.kind !== "gap") found.push(line);
  }
  return found;
}

function pair(
  removed: ChangedLine,
  added: ChangedLine | undefined,
  words: Map<PatchLine, WordChange[]>,
): void {
  const changes = added ? changedWords(removed.text.trimEnd(), added.text.trimEnd()) : null;
  if (!added || !changes) return;
  words.set(removed, changes.before);
  words.set(added, changes.after);
}
