// A terminal without a window: it takes what a program writes and knows what would be seen. Writes to nothing.
import serialize from "@xterm/addon-serialize";
import headless from "@xterm/headless";
import { type ExtraModes, watchModes } from "./extra-modes.ts";
import { graphemeWidths } from "./grapheme-widths.ts";
import { type BufferLine, filledText, plainText, rowText } from "./row-text.ts";

/** Both packages are CommonJS: Node cannot import their names one by one. */
const { Terminal } = headless;
const { SerializeAddon } = serialize;

/** Lines above the screen that are kept. A full line of 100 columns takes 1.2 kB. */
const SCROLLBACK = 10_000;

type Cursor = { x: number; y: number; hidden: boolean };

/** Modes of input and look that a terminal around this one has to take on. */
export type ScreenModes = {
  applicationCursor: boolean;
  applicationKeypad: boolean;
  bracketedPaste: boolean;
  focusReports: boolean;
  mouse: "none" | "x10" | "vt200" | "drag" | "any";
  mouseEncodings: readonly number[];
  cursorStyle: number;
};

/** Sizes in columns and rows. Writes and resizes take effect in the order they were asked for, a moment later. */
export interface Screen {
  size(): { columns: number; rows: number };
  write(text: string): void;
  resize(columns: number, rows: number): void;
  /** Calls back when all that was asked for before is done, and nothing that is asked for later. */
  afterwards(then: () => void): void;
  /** Characters that were written and not yet taken in. */
  backlog(): number;
  /** The visible rows, trimmed at their ends. */
  visible(): string[];
  /** Scrollback and screen of the main buffer as lines: what the width wrapped is joined. Empty rows at the end are left out. */
  transcript(): string[];
  /** A visible row with its colours, its first `columns` columns. */
  row(y: number, columns: number): string;
  /**
   * A row of the main buffer, also while a full-screen program hides it; those above its screen are negative. `wrapped`: it
   * goes on with the row above; `filled`: to its end, as it has to be written where the next one goes on with it.
   */
  mainRow(y: number, columns: number): { text: string; wrapped: boolean; filled: string };
  cursor(): Cursor;
  /** The text before the cursor in its row. */
  beforeCursor(): string;
  alternate(): boolean;
  /** The program is in the midst of an update that is to be seen whole (mode 2026). */
  updating(): boolean;
  modes(): ScreenModes;
  /** Rows that left the main screen upwards since the last call; null when more than the scrollback did. */
  takeScrolled(): number | null;
  /** Rows above the screen. */
  scrollback(): number;
  /** What brings a fresh screen of the same size into this state. */
  serialize(scrollback: number): string;
  /** What a terminal answers to a program's questions (where is the cursor, what are you). */
  onReply(listener: (text: string) => void): void;
  onBell(listener: () => void): void;
  close(): void;
}

export function createScreen(columns: number, rows: number): Screen {
  const terminal = new Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
  terminal.unicode.register(graphemeWidths);
  terminal.unicode.activeVersion = graphemeWidths.version;
  const serializer = new SerializeAddon();
  // Its types are those of the terminal with a window, which is a larger one.
  terminal.loadAddon(serializer);
  const modes = watchModes(terminal);
  let backlog = 0;
  const { buffer } = terminal;
  const lineAt = (y: number): BufferLine | undefined => buffer.active.getLine(buffer.active.baseY + y);
  const beforeCursor = (): string =>
    lineAt(buffer.active.cursorY)?.translateToString(false, 0, buffer.active.cursorX) ?? "";
  return {
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    write: (text) => {
      backlog += text.length;
      terminal.write(text, () => {
        backlog -= text.length;
      });
    },
    resize: (width, height) => terminal.write("", () => terminal.resize(width, height)),
    afterwards: (then) => terminal.write("", then),
    backlog: () => backlog,
    visible: () =>
      Array.from({ length: terminal.rows }, (_, y) => {
        const line = lineAt(y);
        return line ? plainText(line) : "";
      }),
    transcript: () => joinedLines(terminal),
    row: (y, width) => {
      const line = lineAt(y);
      return line ? rowText(line, width) : "";
    },
    mainRow: (y, width) => {
      const line = buffer.normal.getLine(buffer.normal.baseY + y);
      const next = buffer.normal.getLine(buffer.normal.baseY + y + 1);
      if (!line) return { text: "", wrapped: false, filled: "" };
      const text = rowText(line, width);
      return { text, wrapped: line.isWrapped, filled: next?.isWrapped ? filledText(line, next) : text };
    },
    cursor: () => ({
      x: Math.min(buffer.active.cursorX, terminal.cols - 1),
      y: buffer.active.cursorY,
      hidden: modes.cursorHidden(),
    }),
    beforeCursor,
    alternate: () => buffer.active.type === "alternate",
    updating: () => terminal.modes.synchronizedOutputMode,
    modes: () => screenModes(terminal, modes),
    takeScrolled: countScrolled(terminal),
    scrollback: () => buffer.normal.baseY,
    serialize: (scrollback) => serializer.serialize({ scrollback }) + modes.serialize(),
    onReply: (listener) => void terminal.onData(listener),
    onBell: (listener) => void terminal.onBell(listener),
    close: () => terminal.dispose(),
  };
}

type HeadlessTerminal = InstanceType<typeof Terminal>;

function joinedLines(terminal: HeadlessTerminal): string[] {
  const lines: string[] = [];
  const { normal } = terminal.buffer;
  for (let index = 0; index < normal.length; index++) {
    const line = normal.getLine(index);
    if (!line) continue;
    // Without the cells that nothing was written to, as behind a wide character that did not fit.
    const text = line.translateToString(true);
    if (line.isWrapped && lines.length > 0) lines.push(`${lines.pop() ?? ""}${text}`);
    else lines.push(text);
  }
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(0, last + 1).map((line) => line.trimEnd());
}

function screenModes(terminal: HeadlessTerminal, extra: ExtraModes): ScreenModes {
  const { modes } = terminal;
  return {
    applicationCursor: modes.applicationCursorKeysMode,
    applicationKeypad: modes.applicationKeypadMode,
    bracketedPaste: modes.bracketedPasteMode,
    focusReports: modes.sendFocusMode,
    mouse: modes.mouseTrackingMode,
    mouseEncodings: extra.mouseEncodings(),
    cursorStyle: extra.cursorStyle(),
  };
}

/** A marker on the first visible line goes where that line goes, also where old ones are dropped at the limit. */
function countScrolled(terminal: HeadlessTerminal): () => number | null {
  const mark = () =>
    terminal.buffer.active.type === "normal"
      ? terminal.registerMarker(-terminal.buffer.normal.cursorY)
      : undefined;
  let marker = mark();
  terminal.onResize(() => {
    marker?.dispose();
    marker = mark();
  });
  return () => {
    if (terminal.buffer.active.type !== "normal") return 0;
    const lost = marker === undefined ? false : marker.isDisposed;
    const count = marker === undefined || lost ? 0 : terminal.buffer.normal.baseY - marker.line;
    marker?.dispose();
    marker = mark();
    return lost ? null : Math.max(0, count);
  };
}
