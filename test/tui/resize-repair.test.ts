import { expect, it } from "vitest";
import type { Frame } from "../../src/tui/frame.ts";
import { standing } from "../../src/tui/live-region.ts";
import { type Resize, rowsAboveCursor } from "../../src/tui/resize-repair.ts";

const LONG = "x".repeat(90);
const to40 = { columns: 40, lower: 0 };

it.each<[string, Frame, Resize, number]>([
  [
    "at the first cell, where it waits unseen",
    { rows: [LONG, LONG], cursor: null },
    { ...to40, reflow: "stays" },
    0,
  ],
  [
    "below a row that was broken",
    { rows: [LONG, "ab"], cursor: { x: 2, y: 1 } },
    { ...to40, reflow: "stays" },
    3,
  ],
  [
    "in a row that was broken",
    { rows: ["a", LONG], cursor: { x: 85, y: 1 } },
    { ...to40, reflow: "stays" },
    3,
  ],
  [
    "above a row that was broken",
    { rows: ["a", LONG], cursor: { x: 0, y: 0 } },
    { ...to40, reflow: "stays" },
    0,
  ],
  [
    "where rows are cut, not broken",
    { rows: [LONG, "ab"], cursor: { x: 2, y: 1 } },
    { ...to40, reflow: "none" },
    1,
  ],
  [
    "pushed down by rows below it (xterm.js)",
    { rows: ["a", LONG], cursor: null },
    { ...to40, reflow: "sinks" },
    2,
  ],
  [
    "not pushed by a row that was dropped first (xterm.js)",
    { rows: ["a", LONG, LONG], cursor: null },
    { columns: 40, lower: 1, reflow: "sinks" },
    2,
  ],
])("counts the rows above a cursor %s", (_, frame, resize, up) => {
  expect(rowsAboveCursor(standing(frame, 100), resize)).toBe(up);
});
