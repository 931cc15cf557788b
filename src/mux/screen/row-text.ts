// A row of a terminal's buffer as text with its colours, to be written to another terminal.
import type { IBuffer, IBufferCell } from "@xterm/headless";

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
  const pen = createPen();
  let reused: IBufferCell | undefined;
  for (let x = 0; x < Math.min(columns, line.length); x++) {
    const cell = line.getCell(x, reused);
    if (!cell) break;
    reused = cell;
    const width = cell.getWidth();
    if (width > 0) pen.draw(x + width > columns ? " " : cell.getChars() || " ", styleOf(cell));
  }
  return pen.text();
}

/** Blanks without a style are drawn when something follows them. */
function createPen(): { draw: (characters: string, style: string) => void; text: () => string } {
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
