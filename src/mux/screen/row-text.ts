// A row of a terminal's buffer as text with its colours, to be written to another terminal.
import type { IBuffer, IBufferCell } from "@xterm/headless";
import { graphemeWidths } from "./grapheme-widths.ts";

export type BufferLine = NonNullable<ReturnType<IBuffer["getLine"]>>;

/** Select Graphic Rendition numbers of ECMA-48 that switch an attribute on. */
const ATTRIBUTES: readonly (readonly [code: number, has: (cell: IBufferCell) => number])[] = [
  [1, (cell) => cell.isBold()],
  [2, (cell) => cell.isDim()],
  [3, (cell) => cell.isItalic()],
  [4, (cell) => cell.isUnderline()],
  [5, (cell) => cell.isBlink()],
  [7, (cell) => cell.isInverse()],
  [8, (cell) => cell.isInvisible()],
  [9, (cell) => cell.isStrikethrough()],
  [53, (cell) => cell.isOverline()],
];

/**
 * The first `columns` columns. It begins and ends in the terminal's own style; what is blank and unstyled at the end is
 * left out; a wide character that is cut is a blank.
 */
export function rowText(line: BufferLine, columns: number): string {
  return drawRow(line, columns).text();
}

/**
 * All of a row that `next` goes on with, to its end: what is written after it wraps there. Where a wide character did not
 * fit, the column that it left stays free.
 */
export function filledText(line: BufferLine, next: BufferLine): string {
  const last = line.getCell(line.length - 1);
  const isLastFree = last?.getChars() === "" && last.getWidth() > 0;
  const isWide = next.getCell(0)?.getWidth() === 2;
  return drawRow(line, line.length - (isLastFree && isWide ? 1 : 0)).filled();
}

function drawRow(line: BufferLine, columns: number): Pen {
  const pen = createPen();
  let reused: IBufferCell | undefined;
  for (let x = 0; x < Math.min(columns, line.length); x++) {
    const cell = line.getCell(x, reused);
    if (!cell) break;
    reused = cell;
    const width = cell.getWidth();
    const characters = charactersOf(cell);
    if (characters !== "") pen.draw(x + width > columns ? " " : characters, styleOf(cell));
  }
  return pen;
}

/** The row without colours and without what is blank at its end. */
export function plainText(line: BufferLine): string {
  let text = "";
  for (let x = 0; x < line.length; x++) {
    const cell = line.getCell(x);
    if (cell) text += charactersOf(cell);
  }
  return text.trimEnd();
}

/**
 * What fills the cell's columns, empty for the second half of a wide character. A character without a width that nothing
 * stood before (the first of a row, or after a jump) has a cell of its own: it gets a blank to stand on.
 */
function charactersOf(cell: IBufferCell): string {
  const characters = cell.getChars();
  if (characters === "") return cell.getWidth() === 0 ? "" : " ";
  return graphemeWidths.wcwidth(characters.codePointAt(0) ?? 0) === 0 ? ` ${characters}` : characters;
}

interface Pen {
  draw(characters: string, style: string): void;
  text(): string;
  /** With the blanks at the end. */
  filled(): string;
}

/** Blanks without a style are drawn when something follows them. */
function createPen(): Pen {
  let text = "";
  let blanks = 0;
  let current = "";
  const to = (style: string): void => {
    if (style !== current) text += `\x1b[0${style}m`;
    current = style;
  };
  return {
    draw: (characters, style) => {
      if (characters === " " && style === "") {
        blanks++;
        return;
      }
      if (blanks > 0) {
        to("");
        text += " ".repeat(blanks);
        blanks = 0;
      }
      to(style);
      text += characters;
    },
    text: () => {
      to("");
      return text;
    },
    filled: () => {
      to("");
      return text + " ".repeat(blanks);
    },
  };
}

/** Numbers with a semicolon before each; empty for the terminal's own style. */
function styleOf(cell: IBufferCell): string {
  if (cell.isAttributeDefault()) return "";
  const codes = ATTRIBUTES.filter(([, has]) => has(cell) !== 0).map(([code]) => `;${code}`);
  return codes.join("") + foreground(cell) + background(cell);
}

function foreground(cell: IBufferCell): string {
  if (cell.isFgDefault()) return "";
  return color(cell.getFgColor(), cell.isFgRGB(), { dark: 30, bright: 90, extended: 38 });
}

function background(cell: IBufferCell): string {
  if (cell.isBgDefault()) return "";
  return color(cell.getBgColor(), cell.isBgRGB(), { dark: 40, bright: 100, extended: 48 });
}

type ColorCodes = { dark: number; bright: number; extended: number };

function color(value: number, isRgb: boolean, { dark, bright, extended }: ColorCodes): string {
  if (isRgb) return `;${extended};2;${value >> 16};${(value >> 8) & 0xff};${value & 0xff}`;
  if (value < 8) return `;${dark + value}`;
  return value < 16 ? `;${bright + value - 8}` : `;${extended};5;${value}`;
}
