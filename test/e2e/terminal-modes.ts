// What the program wrote to its terminal, judged byte by byte: modes that are on must be off at the end.
import { expect } from "vitest";

/** Cursor, bracketed paste, alternate screen, synchronized update, wrapping, focus reports, the kitty keyboard. */
const PAIRS = [
  ["\x1b[?25l", "\x1b[?25h"],
  ["\x1b[?2004h", "\x1b[?2004l"],
  ["\x1b[?1049h", "\x1b[?1049l"],
  ["\x1b[?2026h", "\x1b[?2026l"],
  ["\x1b[?7l", "\x1b[?7h"],
  ["\x1b[?1004h", "\x1b[?1004l"],
] as const;

/** What the program switched on is off when it has left. */
export function expectPlainModes(bytes: string): void {
  for (const [on, off] of PAIRS) {
    const isOff = bytes.lastIndexOf(off) >= bytes.lastIndexOf(on);
    expect([JSON.stringify(on), isOff]).toEqual([JSON.stringify(on), true]);
  }
  expect(bytes.split(/\x1b\[>\d+u/).length).toBe(bytes.split("\x1b[<u").length);
}
