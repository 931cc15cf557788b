// Tells what a terminal answers and reports from what a person types. Pure but for what it holds back.
import type { Rgb } from "../theme/color.ts";

/**
 * `attributes` is the answer to DA1, which every terminal gives: what was asked before it is answered or never will be.
 * `version` is the answer to DA2, its numbers as they came. `cursor`: the row
 * and the column of the window in which the cursor stands, 1-based.
 */
export type TerminalReply =
  | { kind: "color"; slot: "foreground" | "background" | number; rgb: Rgb }
  | { kind: "attributes" }
  | { kind: "version"; numbers: string }
  | { kind: "cursor"; row: number; column: number }
  | { kind: "focus"; focused: boolean };

export interface ReplyFilter {
  /** The bytes that are not replies, in order; what may be the beginning of a reply is held back. */
  push(chunk: string): { keys: string; replies: TerminalReply[] };
  /** True while something is held back. */
  holding(): boolean;
  /** Gives up waiting for the rest of what is held back. */
  release(): string;
}

// OSC 10, 11 and 4 with a colour, ended by BEL or ST (xterm's control sequences); DA1; focus in and out (mode 1004); DA2; CPR.
const REPLY =
  /\x1b\](1[01]|4;(\d{1,3}));(?:rgba?:)?([0-9a-fA-F/#]{3,24})(?:\x07|\x1b\\)|\x1b\[\?[\d;]*c|\x1b\[([IO])|\x1b\[>([\d;]+)c|\x1b\[(\d+);(\d+)R/g;
/** A reply of which the end is not there yet. A lone Escape, Alt+[ and Alt+] are keys and never held. */
const BEGUN =
  /\x1b(?:\](?:1[01]?|4)(?:;[0-9a-fA-Frgb:;/#]{0,32})?\x1b?|\[(?:[?>][\d;]{0,32}|\d{1,4};\d{0,4}))$/;
const PASTE = /\x1b\[20([01])~/g;
const MARK_LENGTH = 6;

/** What stands in a paste is never taken for a reply. */
export function createReplyFilter(): ReplyFilter {
  let held = "";
  let pasting = false;
  /** The newest characters that were let through: a mark of a paste may come in two pieces. */
  let tail = "";
  const pass = (text: string): string => {
    const seen = tail + text;
    for (const [, mark] of seen.matchAll(PASTE)) pasting = mark === "0";
    tail = seen.slice(-(MARK_LENGTH - 1));
    return text;
  };
  return {
    push(chunk) {
      const text = held + chunk;
      held = "";
      const replies: TerminalReply[] = [];
      let keys = "";
      let from = 0;
      for (const match of text.matchAll(REPLY)) {
        keys += pass(text.slice(from, match.index));
        from = match.index + match[0].length;
        const reply = pasting ? null : readReply(match);
        if (reply === null) keys += pass(match[0]);
        else replies.push(reply);
      }
      const rest = text.slice(from);
      const begun = rest.search(BEGUN);
      keys += pass(begun < 0 ? rest : rest.slice(0, begun));
      if (begun < 0) return { keys, replies };
      if (pasting) keys += pass(rest.slice(begun));
      else held = rest.slice(begun);
      return { keys, replies };
    },
    holding: () => held !== "",
    release() {
      const text = pass(held);
      held = "";
      return text;
    },
  };
}

/** Null for what looks like a reply and is none. */
function readReply(match: RegExpExecArray): TerminalReply | null {
  const [whole, what, index, value, focus, numbers, row, column] = match;
  if (row !== undefined) return { kind: "cursor", row: Number(row), column: Number(column) };
  if (numbers !== undefined) return { kind: "version", numbers };
  if (focus !== undefined) return { kind: "focus", focused: focus === "I" };
  if (what === undefined || value === undefined) return whole === undefined ? null : { kind: "attributes" };
  const rgb = readColor(value);
  if (rgb === null) return null;
  if (index !== undefined) return { kind: "color", slot: Number(index), rgb };
  return { kind: "color", slot: what === "10" ? "foreground" : "background", rgb };
}

/** XParseColor's `rgb:` form with 1 to 4 hexadecimal digits a part (a fourth part is the opacity), or `#rrggbb`. */
export function readColor(value: string): Rgb | null {
  const parts = value.startsWith("#") ? hashParts(value.slice(1)) : value.split("/");
  const [red, green, blue] = parts.slice(0, 3).map((part) => {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
    return Math.round((Number.parseInt(part, 16) / (16 ** part.length - 1)) * 255);
  });
  if (parts.length > 4 || red == null || green == null || blue == null) return null;
  return [red, green, blue];
}

function hashParts(digits: string): string[] {
  const size = digits.length / 3;
  return Number.isInteger(size)
    ? [digits.slice(0, size), digits.slice(size, 2 * size), digits.slice(2 * size)]
    : [];
}
