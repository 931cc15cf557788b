// A unified diff as rows: line numbers, signs, text; the words that changed stand out. Before and after stand side by
// side where both have room, else one below the other.
import { revealControls } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import { wrapRows } from "../../lib/wrap.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import { expandSpanTabs, layoutSpans, paintRows, plainText, type Span } from "../theme/spans.ts";
import type { Style, Theme } from "../theme/theme.ts";
import { type LinePair, pairChanges } from "./pair-changes.ts";
import { type ChangedLine, type PatchLine, parsePatch } from "./parse-patch.ts";
import { type WordChange, wordDiffLoaded } from "./word-diff.ts";

/** `maxRows`: rows before "… 30 more lines". `moreHint` says how to see them: "(Ctrl+O)". */
export type DiffView = { width: number; theme: Theme; glyphs: Glyphs; maxRows?: number; moreHint?: string };

const TAB_SIZE = 4;
/** Lines that are looked at behind those that can be shown, so that the last block of them is paired as a whole. */
const LINES_BEHIND = 80;
const SIGNS = { context: " ", add: "+", remove: "-" } as const;
/** Columns for code that both sides must have: a window of about 140 columns. */
const SIDE_COLUMNS = 56;
/** With less room for the text, numbers and signs are left out. */
const NARROWEST = 8;
/** Two blanks and the sign behind a number, and a blank. */
const SIGN_WIDTH = 4;

/** Rows that stand together, for so many lines of the patch. */
type Block = { lines: number; rows: string[] };

/** Untrusted text is made harmless here: control characters are shown as `\u001b`. Long lines go on in the next row. */
export function renderDiff(patch: string, view: DiffView): string[] {
  const known = rendered.get(view.theme);
  if (known && known.patch === patch && known.worded === wordDiffLoaded() && isSameView(known.view, view)) {
    return known.rows;
  }
  const rows = diffRows(patch, view);
  rendered.set(view.theme, { patch, view, worded: wordDiffLoaded(), rows });
  return rows;
}

type Rendered = { patch: string; view: DiffView; worded: boolean; rows: string[] };

/** The last one of each theme: a question shows the same change in each frame until it is answered. */
const rendered = new WeakMap<Theme, Rendered>();

function isSameView(a: DiffView, b: DiffView): boolean {
  return a.width === b.width && a.glyphs === b.glyphs && a.maxRows === b.maxRows && a.moreHint === b.moreHint;
}

function diffRows(patch: string, view: DiffView): string[] {
  const most = view.maxRows ?? Number.POSITIVE_INFINITY;
  const all = parsePatch(patch);
  // A row holds two lines at most: what comes after these is only counted.
  const lines = all.slice(0, 2 * most + LINES_BEHIND);
  const pairs = pairChanges(readable(lines));
  const blocks = standsSideBySide(pairs, view) ? sideBlocks(pairs, view) : unifiedBlocks(pairs, view);
  const rows: string[] = [];
  for (const [index, block] of blocks.entries()) {
    if (rows.length + block.rows.length > most && index > 0) {
      const left = blocks.slice(index).reduce((sum, next) => sum + next.lines, all.length - lines.length);
      return [...rows, moreRow(left, view)];
    }
    rows.push(...block.rows);
  }
  return rows;
}

/** A change of line ends alone is told by showing them; elsewhere a CR at the end is not worth a word. */
function readable(lines: readonly PatchLine[]): PatchLine[] {
  const changed = lines.flatMap((line) => (line.kind === "add" || line.kind === "remove" ? [line.text] : []));
  const ends = new Set(changed.map((text) => text.endsWith("\r")));
  return lines.map((line): PatchLine => {
    if (line.kind === "gap") return line.file === null ? line : { ...line, file: visibleText(line.file) };
    const text = line.text.replace(/\r$/, "");
    const end = ends.size > 1 && text !== line.text ? "\\r" : "";
    return { ...line, text: visibleText(text) + end };
  });
}

function visibleText(text: string): string {
  return revealControls(text).replaceAll("\n", "\\u2028");
}

/** A patch that only adds, or only removes, would leave one side empty. */
function standsSideBySide(pairs: readonly LinePair[], view: DiffView): boolean {
  const room = halves(pairs, view);
  if (Math.min(room.left.code, room.right.code) < SIDE_COLUMNS) return false;
  return (
    pairs.some(({ left }) => left?.kind === "remove") && pairs.some(({ right }) => right?.kind === "add")
  );
}

type Half = { digits: number; code: number; width: number };

function halves(pairs: readonly LinePair[], view: DiffView): { left: Half; right: Half } {
  const width = Math.floor((view.width - 3) / 2);
  const half = (numbers: readonly number[]): Half => {
    const digits = digitsOf(numbers);
    return { digits, code: width - digits - SIGN_WIDTH, width };
  };
  return {
    left: half(pairs.flatMap(({ left }) => (left ? [oldNumber(left)] : []))),
    right: half(pairs.flatMap(({ right }) => (right ? [right.number] : []))),
  };
}

function oldNumber(line: ChangedLine): number {
  return line.kind === "context" ? line.oldNumber : line.number;
}

function digitsOf(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, String(number).length), 1);
}

function sideBlocks(pairs: readonly LinePair[], view: DiffView): Block[] {
  const room = halves(pairs, view);
  const separator = ` ${view.theme.style.border(view.glyphs.column)} `;
  return pairs.map((pair) => {
    if (pair.gap) return gapBlock(pair.gap, view);
    const { left, right, words } = pair;
    const old = left
      ? lineRows({ line: left, words: words?.before, number: oldNumber(left) }, room.left, view)
      : [];
    const now = right
      ? lineRows({ line: right, words: words?.after, number: right.number }, room.right, view)
      : [];
    const rows = Array.from({ length: Math.max(old.length, now.length) }, (_, index) => {
      const cell = old[index] ?? { painted: "", width: 0 };
      const gap = " ".repeat(room.left.width - cell.width);
      return `${cell.painted}${gap}${separator}${now[index]?.painted ?? ""}`.trimEnd();
    });
    return { lines: left && right && left !== right ? 2 : 1, rows };
  });
}

/** All lines that went, then all that came: a block of changes reads as two texts. */
function unifiedBlocks(pairs: readonly LinePair[], view: DiffView): Block[] {
  const digits = digitsOf(pairs.flatMap(({ left, right }) => [left?.number ?? 0, right?.number ?? 0]));
  const half = { digits, code: view.width - digits - SIGN_WIDTH, width: view.width };
  const block = (line: ChangedLine, words?: WordChange[]): Block => ({
    lines: 1,
    rows: lineRows({ line, words, number: line.number }, half, view).map(({ painted }) => painted.trimEnd()),
  });
  const blocks: Block[] = [];
  let came: Block[] = [];
  for (const { left, right, gap, words } of pairs) {
    if (left?.kind === "remove") blocks.push(block(left, words?.before));
    if (right?.kind === "add") came.push(block(right, words?.after));
    if (!gap && right?.kind !== "context") continue;
    blocks.push(...came, ...(gap ? [gapBlock(gap, view)] : []), ...(right ? [block(right)] : []));
    came = [];
  }
  return [...blocks, ...came];
}

function moreRow(count: number, { theme, glyphs, width, moreHint = "" }: DiffView): string {
  const words = `${glyphs.ellipsis} ${count} more ${count === 1 ? "line" : "lines"} ${moreHint}`.trimEnd();
  return theme.style.dim(truncateText(words, width, glyphs.ellipsis));
}

function gapBlock({ file }: Extract<PatchLine, { kind: "gap" }>, { theme, glyphs, width }: DiffView): Block {
  const rows = layoutSpans([{ text: file ?? glyphs.ellipsis, style: theme.style.dim }], width, "characters");
  return { lines: 1, rows };
}

type NumberedLine = { line: ChangedLine; words: WordChange[] | undefined; number: number };
type Cell = { painted: string; width: number };

/** Rows after the first begin with a mark where the number would stand, so that they are not taken for lines. */
function lineRows({ line, words, number }: NumberedLine, half: Half, { theme, glyphs }: DiffView): Cell[] {
  const bare = half.code < NARROWEST;
  const spans = expandSpanTabs(lineSpans(line, words, theme), TAB_SIZE);
  const text = plainText(spans);
  const ranges = wrapRows(text, bare ? half.width : half.code, "characters");
  const painted = paintRows(spans, ranges);
  const sign = lineStyle(line.kind, theme)(SIGNS[line.kind]);
  const { digits } = half;
  return ranges.map(([start, end], index) => {
    const width = textWidth(text.slice(start, end)) + (bare ? 0 : digits + SIGN_WIDTH);
    const row = painted[index] ?? "";
    if (bare) return { painted: row, width };
    const head = index === 0 ? String(number) : glyphs.wrapped;
    const lead = theme.style.dim(head.padStart(digits));
    return { painted: `${lead}  ${index === 0 ? sign : " "} ${row}`, width };
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
