import headless from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame } from "../../src/tui/frame.ts";
import { NO_REGION, updateSequence } from "../../src/tui/live-region.ts";

const COLUMNS = 40;

/** Cells of the window with their colour, and where the cursor is. */
async function drawn(bytes: readonly string[]) {
  const terminal = new headless.Terminal({
    cols: COLUMNS,
    rows: 20,
    allowProposedApi: true,
    convertEol: true,
  });
  for (const each of bytes) await new Promise<void>((resolve) => terminal.write(each, resolve));
  const { active } = terminal.buffer;
  const cells = Array.from({ length: 20 }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: COLUMNS }, (_cell, x) => {
      const cell = line?.getCell(x);
      const text = cell?.getChars() || " ";
      return text === " " ? " " : `${text}${cell?.getFgColor()}${cell?.isBold()}`;
    }).join("");
  });
  return { cells, cursor: [active.cursorX, active.cursorY] };
}

const piece = fc.constantFrom(
  "plain ",
  "\x1b[31mred\x1b[39m",
  "\x1b[1mbold\x1b[22m",
  "你好",
  "👍",
  "e\u0301",
  "x",
);
const row = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
const frame: fc.Arbitrary<Frame> = fc
  .record({
    rows: fc.array(row, { minLength: 1, maxLength: 8 }),
    x: fc.nat(9),
    y: fc.nat(7),
    shown: fc.boolean(),
  })
  .map(({ rows, x, y, shown }) => ({ rows, cursor: shown ? { x, y: Math.min(y, rows.length - 1) } : null }));

it("brings the terminal from any frame to any other, as if the other alone had been drawn", async () => {
  await fc.assert(
    fc.asyncProperty(frame, fc.array(row, { maxLength: 3 }), frame, async (before, finished, after) => {
      const stepwise = [updateSequence(NO_REGION, [], before), updateSequence(before, finished, after)];
      expect(await drawn(stepwise)).toEqual(await drawn([updateSequence(NO_REGION, finished, after)]));
    }),
    { numRuns: 300 },
  );
});

it("writes nothing when nothing changes, and of a row only what is new", () => {
  const before: Frame = { rows: ["\x1b[31mone and two\x1b[39m", "two"], cursor: null };
  expect(updateSequence(before, [], { ...before, rows: [...before.rows] })).toBe("");
  expect(
    updateSequence(before, [], { rows: ["\x1b[31mone and two more\x1b[39m", "two"], cursor: null }),
  ).toBe("\r\x1b[?7l\x1b[11C\x1b[K\x1b[31m more\x1b[39m\x1b[?7h\r");
});
