import headless from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame } from "../../src/tui/frame.ts";
import { RegionWriter } from "../../src/tui/region-writer.ts";

type Step =
  | { do: "resize"; columns: number; rows: number }
  | { do: "update"; finished: number[]; live: number[]; cursor: { x: number; y: number } | null };

const length = fc.integer({ min: 0, max: 400 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("resize" as const),
    columns: fc.integer({ min: 10, max: 200 }),
    rows: fc.integer({ min: 5, max: 60 }),
  }),
  fc.record({
    do: fc.constant("update" as const),
    finished: fc.array(length, { maxLength: 6 }),
    live: fc.array(length, { minLength: 1, maxLength: 30 }),
    cursor: fc.option(fc.record({ x: fc.nat(200), y: fc.constant(0) })),
  }),
);

/** A terminal, the writer under test, and what a person ought to see in it. */
function openPlace() {
  const terminal = new headless.Terminal({ cols: 100, rows: 30, scrollback: 100_000, allowProposedApi: true });
  let bytes = "";
  let clock = 0;
  const writer = new RegionWriter((data) => {
    bytes += data;
  }, () => (clock += 1_000));
  const finished: string[] = [];
  let frame: Frame = { rows: [], cursor: null };
  let wanted: Extract<Step, { do: "update" }> = { do: "update", finished: [], live: [0], cursor: null };
  let next = 0;
  /** As long as wished, no longer than the window, and like no other. */
  const rowOf = (columns: number): string => `#${next++}#`.padEnd(columns, "x").slice(0, Math.max(8, columns));
  const update = async (): Promise<void> => {
    const width = Math.max(9, terminal.cols - 1);
    const ended = wanted.finished.map((columns) => rowOf(Math.min(columns, width)));
    finished.push(...ended);
    const rows = wanted.live.slice(0, Math.max(1, terminal.rows - 2)).map((columns) => rowOf(Math.min(columns, width)));
    const { cursor } = wanted;
    const y = Math.min(cursor?.y ?? 0, rows.length - 1);
    frame = { rows, cursor: cursor && { x: Math.min(cursor.x, rows[y]?.length ?? 0), y } };
    writer.update(ended, frame);
    await new Promise<void>((resolve) => terminal.write(bytes.replaceAll("\n", "\r\n"), resolve));
    bytes = "";
  };
  /** What the terminal pushes out of the window when it breaks the live rows cannot be reached any more. */
  const fits = ({ columns, rows }: { columns: number; rows: number }): boolean =>
    frame.rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(row.length / columns)), 0) <= rows;
  return {
    terminal,
    take: async (taken: Step): Promise<void> => {
      if (taken.do === "resize") {
        const { columns, rows } = taken;
        if (!fits(taken)) return;
        const lower = Math.max(0, terminal.rows - rows);
        const reflow = columns < terminal.cols ? "sinks" : "none";
        terminal.resize(columns, rows);
        writer.resized({ columns, lower, reflow });
        wanted = { ...wanted, finished: [] };
      } else wanted = taken;
      await update();
    },
    expected: (): string[] => [...finished, ...frame.rows],
    cursor: () => frame.cursor ?? { x: 0, y: 0 },
    liveRows: () => frame.rows.length,
  };
}

/** Scrollback and screen without the empty rows at their end, wrapped rows joined. */
function rowsOf(terminal: InstanceType<typeof headless.Terminal>): string[] {
  const rows: string[] = [];
  const { active } = terminal.buffer;
  for (let index = 0; index < active.length; index++) {
    const line = active.getLine(index);
    const text = line?.translateToString(true) ?? "";
    if (line?.isWrapped) rows.push(`${rows.pop() ?? ""}${text}`);
    else rows.push(text);
  }
  return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
}

it("leaves each finished row once and the live rows below them, whatever comes and however the window changes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const place = openPlace();
      for (const taken of steps) {
        await place.take(taken);
        expect(rowsOf(place.terminal)).toEqual(place.expected());
      }
    }),
    { numRuns: 200 },
  );
});
