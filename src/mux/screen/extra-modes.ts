// What a terminal's state is beside what @xterm/addon-serialize writes down: scroll regions, how the mouse is told, the
// cursor's look. Seen as it goes by.
import type { Terminal } from "@xterm/headless";

export interface ExtraModes {
  cursorHidden(): boolean;
  /** DECSCUSR's number; 0 is the terminal's own. */
  cursorStyle(): number;
  /** Private modes 1005, 1006, 1015 and 1016 that are on. */
  mouseEncodings(): readonly number[];
  /** Sequences that bring all of it about in a fresh terminal of the same size, without moving the cursor. */
  serialize(): string;
}

type Parameters = (number | number[])[];
type Region = { top: number; bottom: number };

const MOUSE_ENCODINGS = new Set([1005, 1006, 1015, 1016]);
const SHOW_CURSOR = 25;

export function watchModes(terminal: Terminal): ExtraModes {
  let hidden = false;
  let style = 0;
  const mouse = new Set<number>();
  const regions = new Map<string, Region>();
  const numbers = (parameters: Parameters): number[] =>
    parameters.map((value) => (typeof value === "number" ? value : 0));
  const switchModes = (parameters: Parameters, on: boolean): boolean => {
    for (const mode of numbers(parameters)) {
      if (mode === SHOW_CURSOR) hidden = !on;
      if (MOUSE_ENCODINGS.has(mode) && on) mouse.add(mode);
      else mouse.delete(mode);
    }
    return false;
  };
  const reset = (): boolean => {
    hidden = false;
    style = 0;
    mouse.clear();
    regions.clear();
    return false;
  };
  const { parser } = terminal;
  parser.registerCsiHandler({ prefix: "?", final: "h" }, (parameters) => switchModes(parameters, true));
  parser.registerCsiHandler({ prefix: "?", final: "l" }, (parameters) => switchModes(parameters, false));
  parser.registerCsiHandler({ intermediates: " ", final: "q" }, (parameters) => {
    style = numbers(parameters)[0] ?? 0;
    return false;
  });
  parser.registerCsiHandler({ final: "r" }, (parameters) => {
    const [top = 1, bottom = 0] = numbers(parameters);
    regions.set(terminal.buffer.active.type, { top: top || 1, bottom: bottom || terminal.rows });
    return false;
  });
  parser.registerCsiHandler({ intermediates: "!", final: "p" }, reset);
  parser.registerEscHandler({ final: "c" }, reset);
  terminal.onResize(() => regions.clear());
  return {
    cursorHidden: () => hidden,
    cursorStyle: () => style,
    mouseEncodings: () => [...mouse],
    serialize: () => {
      const region = regions.get(terminal.buffer.active.type);
      return [
        hidden ? "\x1b[?25l" : "",
        style === 0 ? "" : `\x1b[${style} q`,
        ...[...mouse].map((mode) => `\x1b[?${mode}h`),
        region ? `\x1b7\x1b[${region.top};${region.bottom}r\x1b8` : "",
      ].join("");
    },
  };
}
