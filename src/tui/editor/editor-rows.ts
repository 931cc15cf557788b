// The rows of the text being written: the prompt sign, the text around the cursor, tokens in a colour of their own. Pure.
import { truncateText } from "../../lib/text-width.ts";
import type { Look } from "../components/look.ts";
import type { Style } from "../theme/theme.ts";
import { nextBorder } from "./borders.ts";
import type { EditorState } from "./buffer.ts";
import type { Range } from "./fragment.ts";
import { layoutText, positionOf, shownText } from "./layout.ts";

export type EditorView = {
  editor: EditorState;
  /** Shown dim while the input is empty. */
  placeholder: string;
  /** At least 1; a longer text scrolls around the cursor. */
  maxRows: number;
  /** Whether to draw the cursor: not where the terminal's own stands. */
  drawCursor: boolean;
  /** What is selected, in inverse video; no two in one row. */
  selected?: readonly Range[];
};

/** `cursor`: column and row in `rows`, where the terminal's own belongs (input methods compose there). No row fills the window. */
export type EditorRows = { rows: string[]; cursor: { x: number; y: number } };

/** Columns that the text itself has. */
export function editorTextWidth({ glyphs, width }: Pick<Look, "glyphs" | "width">): number {
  return width - glyphs.prompt.length - 2;
}

export function editorRows(view: EditorView, look: Look): EditorRows {
  const { editor, placeholder, maxRows, drawCursor } = view;
  const margin = look.glyphs.prompt.length + 1;
  const sign = `${look.theme.style.user(look.glyphs.prompt)} `;
  if (editor.text === "") {
    const hint = look.theme.style.dim(
      truncateText(placeholder, editorTextWidth(look) - 1, look.glyphs.ellipsis),
    );
    return {
      rows: [`${sign}${drawCursor ? cursorCell(" ", look) : ""}${hint}`],
      cursor: { x: margin, y: 0 },
    };
  }
  const laidOut = layoutText(editor.text, editorTextWidth(look));
  const { row, column } = positionOf(editor.text, laidOut, editor.cursor);
  const first = Math.max(0, Math.min(row - Math.floor(maxRows / 2), laidOut.length - maxRows));
  const rows = laidOut.slice(first, first + maxRows).map((range, index) => {
    const lead = first + index === 0 ? sign : " ".repeat(margin);
    if (drawCursor && first + index === row) return lead + paintCursorRow(editor, range, look);
    return lead + paintSelected(editor, range, { selected: view.selected ?? [], look });
  });
  return { rows, cursor: { x: margin + column, y: row - first } };
}

function paintCursorRow(editor: EditorState, [start, end]: Range, look: Look): string {
  const { cursor } = editor;
  const behind = Math.min(end, nextBorder(editor, cursor));
  const under = cursor < end ? shownText(editor.text.slice(cursor, behind)) : " ";
  const rest = cursor < end ? paintPart(editor, [behind, end], look) : "";
  return paintPart(editor, [start, cursor], look) + cursorCell(under, look) + rest;
}

/** An empty line that is selected shows as one inverse blank. */
function paintSelected(
  editor: EditorState,
  [start, end]: Range,
  { selected: ranges, look }: { selected: readonly Range[]; look: Look },
): string {
  const selection = ranges.find((range) => range[1] > start && range[0] <= end && range[0] < range[1]);
  if (!selection) return paintPart(editor, [start, end], look);
  const from = Math.max(start, selection[0]);
  const to = Math.min(end, selection[1]);
  const selected = start === end ? " " : shownText(editor.text.slice(from, to));
  const marked = selected === "" ? "" : cursorCell(selected, look);
  return paintPart(editor, [start, from], look) + marked + paintPart(editor, [to, end], look);
}

function paintPart({ text, tokens }: EditorState, [start, end]: Range, { theme }: Look): string {
  let painted = "";
  let from = start;
  const paint = (to: number, style: Style): void => {
    painted += style(shownText(text.slice(from, to)));
    from = to;
  };
  for (const token of tokens) {
    if (token.end <= start || token.start >= end) continue;
    paint(Math.max(from, token.start), theme.style.text);
    paint(Math.min(end, token.end), theme.style.accent);
  }
  paint(end, theme.style.text);
  return painted;
}

/** SGR 7 and 27: inverse video; where no sequences are wanted at all, an underscore for a blank. */
function cursorCell(shown: string, { theme }: Look): string {
  if (theme.depth === "none") return shown === " " ? "_" : shown;
  return `\x1b[7m${shown}\x1b[27m`;
}
