// Tables: columns as wide as their cells, shrunk and wrapped until they fit; too narrow, a list of records.
import type { Tokens } from "marked";
import { textWidth } from "../../lib/text-width.ts";
import { wrapRows } from "../../lib/wrap.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import { layoutSpans, paintRows, plainText, type Span } from "../theme/spans.ts";
import { bothStyles } from "../theme/theme.ts";
import { type InlineOptions, inlineSpans } from "./inline.ts";

export type TableOptions = InlineOptions & { width: number; glyphs: Glyphs };

type Align = Tokens.Table["align"][number];
type Cell = { spans: Span[]; align: Align };

const SEPARATOR_WIDTH = 3;
/** A column is never narrower than its longest word, or than this: broken words are harder to read than records. */
const LONGEST_WORD = 12;

export function renderTable(table: Tokens.Table, options: TableOptions): string[] {
  const header = table.header.map((cell) => toCell(cell, options, true));
  const body = table.rows.map((row) => row.map((cell) => toCell(cell, options, false)));
  const widths = columnWidths([header, ...body], options.width);
  if (!widths) return records(header, body, options);
  return [
    ...renderRow(header, widths, options),
    rule(widths, options),
    ...body.flatMap((row) => renderRow(row, widths, options)),
  ];
}

function toCell(cell: Tokens.TableCell, options: TableOptions, isHeader: boolean): Cell {
  const style = isHeader ? bothStyles(options.style, options.theme.bold) : options.style;
  return { spans: inlineSpans(cell.tokens, { ...options, style }), align: cell.align };
}

/** Null when columns of whole words do not fit. */
function columnWidths(rows: readonly Cell[][], width: number): number[] | null {
  const count = Math.max(...rows.map((row) => row.length));
  const room = width - SEPARATOR_WIDTH * (count - 1);
  const widths: number[] = new Array(count).fill(1);
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 1, Math.min(cellWidth(cell), Math.max(room, 1)));
    }
  }
  const least = widths.map((_, column) => Math.max(...rows.map((row) => wordWidth(row[column]))));
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    const spare = widths.map((width, column) => (width > (least[column] ?? 0) ? width : 0));
    const widest = Math.max(...spare);
    if (widest === 0) return null;
    widths[spare.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

function wordWidth(cell: Cell | undefined): number {
  if (!cell) return 1;
  // Wide characters may be parted anywhere.
  const words = plainText(cell.spans).split(/\s+|(?=[^\x00-\u2e7f])/u);
  return Math.max(1, Math.min(LONGEST_WORD, Math.max(...words.map(textWidth))));
}

function cellWidth(cell: Cell): number {
  return Math.max(...plainText(cell.spans).split("\n").map(textWidth));
}

function renderRow(cells: readonly Cell[], widths: readonly number[], options: TableOptions): string[] {
  const columns = widths.map((width, column) => cellRows(cells[column], width));
  const height = Math.max(...columns.map((column) => column.length));
  const separator = ` ${options.theme.style.border(options.glyphs.column)} `;
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((column, index) => {
      const row = column[line] ?? { painted: "", width: 0 };
      return pad(row, widths[index] ?? 0, cells[index]?.align ?? null);
    });
    return parts.join(separator).trimEnd();
  });
}

type CellRow = { painted: string; width: number };

function cellRows(cell: Cell | undefined, width: number): CellRow[] {
  if (!cell) return [];
  const text = plainText(cell.spans);
  const rows = wrapRows(text, width);
  const painted = paintRows(cell.spans, rows);
  return rows.map(([start, end], index) => ({
    painted: painted[index] ?? "",
    width: textWidth(text.slice(start, end)),
  }));
}

function pad(row: CellRow, width: number, align: Align): string {
  const free = Math.max(0, width - row.width);
  const left = align === "right" ? free : align === "center" ? Math.floor(free / 2) : 0;
  return " ".repeat(left) + row.painted + " ".repeat(free - left);
}

function rule(widths: readonly number[], { theme, glyphs }: TableOptions): string {
  const lines = widths.map((width) => glyphs.rule.repeat(width));
  return theme.style.border(lines.join(glyphs.rule + glyphs.cross + glyphs.rule));
}

/** "header: cell" lines without the empty cells, a blank row between records; what does not fit is set in below. */
function records(header: readonly Cell[], body: readonly Cell[][], options: TableOptions): string[] {
  if (body.length === 0) return header.flatMap((cell) => layoutSpans(cell.spans, options.width));
  return body.flatMap((row, index) => {
    const rows = row.flatMap((cell, column) => {
      if (plainText(cell.spans).trim() === "") return [];
      const name = header[column]?.spans ?? [];
      const colon: Span[] = name.length > 0 ? [{ text: ": ", style: options.style }] : [];
      const [first = "", ...more] = layoutSpans([...name, ...colon, ...cell.spans], options.width - 2);
      return [first, ...more.map((part) => `  ${part}`)];
    });
    return index === 0 ? rows : ["", ...rows];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
