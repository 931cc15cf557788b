// What the terminal of a client is switched to, so that it sends what the program asked for; and how all of it is taken back.
import type { ScreenModes } from "../screen/screen.ts";

const MOUSE = { none: 0, x10: 9, vt200: 1000, drag: 1002, any: 1003 } as const;

/** As a terminal is before anybody asks it for something. */
export const PLAIN_MODES: ScreenModes = {
  applicationCursor: false,
  applicationKeypad: false,
  bracketedPaste: false,
  focusReports: false,
  mouse: "none",
  mouseEncodings: [],
  cursorStyle: 0,
};

/** Whatever a program can have switched on through us, off; scroll region and style too. */
export const RESET =
  "\x1b[?2026l\x1b[?1l\x1b>\x1b[?2004l\x1b[?1004l\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[0 q\x1b[?7h\x1b[r\x1b[0m\x1b[?25h";

/** What leads from the one to the other; empty when nothing changes. */
export function modeChanges(from: ScreenModes, to: ScreenModes): string {
  const flag = (was: boolean, is: boolean, on: string, off: string): string =>
    was === is ? "" : is ? on : off;
  return [
    flag(from.applicationCursor, to.applicationCursor, "\x1b[?1h", "\x1b[?1l"),
    flag(from.applicationKeypad, to.applicationKeypad, "\x1b=", "\x1b>"),
    flag(from.bracketedPaste, to.bracketedPaste, "\x1b[?2004h", "\x1b[?2004l"),
    flag(from.focusReports, to.focusReports, "\x1b[?1004h", "\x1b[?1004l"),
    from.mouse === to.mouse ? "" : mouseChange(from, to),
    ...from.mouseEncodings
      .filter((mode) => !to.mouseEncodings.includes(mode))
      .map((mode) => `\x1b[?${mode}l`),
    ...to.mouseEncodings
      .filter((mode) => !from.mouseEncodings.includes(mode))
      .map((mode) => `\x1b[?${mode}h`),
    from.cursorStyle === to.cursorStyle ? "" : `\x1b[${to.cursorStyle} q`,
  ].join("");
}

function mouseChange(from: ScreenModes, to: ScreenModes): string {
  const off = from.mouse === "none" ? "" : `\x1b[?${MOUSE[from.mouse]}l`;
  return to.mouse === "none" ? off : `${off}\x1b[?${MOUSE[to.mouse]}h`;
}
