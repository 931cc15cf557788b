// Sequences that show nothing on the screen: title, progress, focus reports, notifications. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { truncateText } from "../../lib/text-width.ts";
import type { NotificationKind } from "./terminal-kind.ts";

export type Progress = "none" | "busy" | "failed" | "waiting";

/** Asks for `CSI I` and `CSI O` when the window gets and loses the focus (xterm's mode 1004). */
export const FOCUS_ON = "\x1b[?1004h";
export const FOCUS_OFF = "\x1b[?1004l";

/** xterm's stack of titles: what was there before comes back, where the terminal has a stack. */
export const KEEP_TITLE = "\x1b[22;0t";
export const RESTORE_TITLE = "\x1b]0;\x07\x1b[23;0t";

const TITLE_COLUMNS = 60;
const TEXT_COLUMNS = 120;

export function titleSequence(title: string): string {
  return `\x1b]0;${clean(title, TITLE_COLUMNS)}\x07`;
}

/** https://conemu.github.io/en/AnsiEscapeCodes.html#ConEmu_specific_OSC */
export function progressSequence(progress: Progress): string {
  return `\x1b]9;4;${PROGRESS[progress]}\x1b\\`;
}

const PROGRESS: Readonly<Record<Progress, string>> = {
  none: "0;0",
  failed: "2;100",
  busy: "3;0",
  waiting: "4;100",
};

/** `title` and `text` are any texts. */
export function notificationSequence(
  kind: NotificationKind,
  { title, text }: { title: string; text: string },
): string {
  const [head, body] = [clean(title, TITLE_COLUMNS), clean(text, TEXT_COLUMNS)];
  switch (kind) {
    case "bell":
      return "\x07";
    case "osc9":
      // A text that begins with a number and a semicolon would be another command.
      return `\x1b]9;${head}: ${body}\x1b\\`;
    case "osc777":
      return `\x1b]777;notify;${head.replaceAll(";", ",")};${body.replaceAll(";", ",")}\x1b\\`;
    case "osc99":
      return `\x1b]99;i=hearth:d=0;${head}\x1b\\\x1b]99;i=hearth:d=1:p=body;${body}\x1b\\`;
  }
}

/** For the terminal behind tmux, where its option allow-passthrough is on. */
export function throughTmux(sequence: string): string {
  return `\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\`;
}

/** One line without controls. */
function clean(text: string, columns: number): string {
  return truncateText(sanitizeText(text).replaceAll(/\s+/g, " ").trim(), columns);
}
