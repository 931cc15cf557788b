import headless from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame } from "../../src/tui/frame.ts";
import { repairSequence } from "../../src/tui/resize-repair.ts";

async function write(terminal: InstanceType<typeof headless.Terminal>, text: string): Promise<void> {
  await new Promise<void>((resolve) => terminal.write(text, resolve));
}

/**
 * Draws the frame below other rows as Ink leaves it (without a cursor it stands on the row below), narrows the window,
 * repairs; gives what is left and where the cursor is, counted from the first row below what was finished.
 */
async function afterRepair({ rows, cursor }: Frame, above: number, columns: number) {
  const terminal = new headless.Terminal({ cols: 100, rows: 24, scrollback: 1_000, allowProposedApi: true });
  const finished = Array.from({ length: above }, (_, index) => `finished ${index}`);
  const place = cursor ? `\x1b[${rows.length - cursor.y}A\x1b[${cursor.x + 1}G` : "";
  await write(terminal, [...finished, ...rows, ""].join("\r\n") + place);
  terminal.resize(columns, 24);
  await write(terminal, repairSequence({ rows, cursor }, columns, { sinks: true }));
  const { active } = terminal.buffer;
  const left = Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? "",
  );
  const y = active.baseY + active.cursorY - above;
  return { left: left.filter((row) => row !== ""), finished, y };
}

const frame = fc
  .record({
    widths: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 12 }),
    at: fc.nat(),
    x: fc.nat(),
  })
  .map(({ widths, at, x }): Frame => {
    const rows = widths.map((length) => "x".repeat(length));
    const y = at % (widths.length + 1);
    return { rows, cursor: y === widths.length ? null : { x: x % ((widths[y] ?? 0) + 1), y } };
  });

it("leaves nothing of the live rows, all finished ones, and the cursor where Ink believes it, for any frame that fits", async () => {
  await fc.assert(
    fc.asyncProperty(
      frame,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 20, max: 99 }),
      async (live, above, columns) => {
        // What was pushed out of the window cannot be reached any more.
        fc.pre(live.rows.reduce((sum, row) => sum + Math.ceil((row.length + 1) / columns), 1) <= 24);
        const { left, finished, y } = await afterRepair(live, above, columns);
        expect(left).toEqual(finished);
        expect(y).toBe(live.cursor?.y ?? live.rows.length);
      },
    ),
    { numRuns: 300 },
  );
});

it.each([
  [
    "in the last row",
    { rows: ["x".repeat(90), "ab"], cursor: { x: 2, y: 1 } },
    40,
    "\x1b[3A\r\x1b[J\n\x1b[2C",
  ],
  [
    "in a row that was broken",
    { rows: ["a", "x".repeat(90)], cursor: { x: 85, y: 1 } },
    40,
    "\x1b[3A\r\x1b[J\n\x1b[39C",
  ],
  [
    "above a row that was broken",
    { rows: ["a", "x".repeat(90)], cursor: { x: 0, y: 0 } },
    40,
    "\r\x1b[J\n\x1b[1A",
  ],
  ["below the frame", { rows: ["a", "x".repeat(90)], cursor: null }, 40, "\x1b[4A\r\x1b[J\n\n"],
])(
  "of a terminal whose cursor stays with its character goes up from the cursor %s",
  (_, live, columns, bytes) => {
    expect(repairSequence(live, columns)).toBe(bytes);
  },
);

it("writes nothing where there is no frame", () => {
  expect(repairSequence({ rows: [], cursor: null }, 60)).toBe("");
});
