import headless from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame } from "../../src/tui/frame.ts";
import { RegionWriter } from "../../src/tui/region-writer.ts";

type Size = { columns: number; rows: number };
/** Widths of the rows; the cursor stands in the first one, or is not shown. */
type Update = { finished: number[]; live: number[]; cursor: number | null };
type Step = { resize: Size } | { update: Update };

const width = fc.integer({ min: 0, max: 400 });
const columns = fc.integer({ min: 10, max: 200 });
const rows = fc.integer({ min: 5, max: 60 });
const update = fc.record({
  update: fc.record({
    finished: fc.array(width, { maxLength: 6 }),
    live: fc.array(width, { minLength: 1, maxLength: 30 }),
    cursor: fc.option(fc.nat(200)),
  }),
});

/** A terminal (xterm.js), the writer under test, and what a person ought to see. */
class Place {
  readonly terminal = new headless.Terminal({
    cols: 100,
    rows: 30,
    scrollback: 10_000,
    allowProposedApi: true,
    convertEol: true,
  });
  readonly finished: string[] = [];
  frame: Frame = { rows: [], cursor: null };
  #bytes = "";
  #nowMs = 0;
  #next = 0;
  #wanted: Update = { finished: [], live: [0], cursor: null };
  readonly #writer = new RegionWriter(
    (data) => {
      this.#bytes += data;
    },
    () => (this.#nowMs += 1_000),
  );

  constructor() {
    this.terminal.onData((reply) => {
      const [, row] = /^\x1b\[(\d+);\d+R$/.exec(reply) ?? [];
      this.#writer.told(Number(row), this.terminal.rows);
    });
    this.#writer.ask();
  }

  async take(step: Step): Promise<void> {
    if ("update" in step) this.#wanted = step.update;
    else if (!this.#resize(step.resize)) return;
    const ended = this.#wanted.finished.map((each) => this.#row(each));
    this.finished.push(...ended);
    const live = this.#wanted.live.slice(0, Math.max(1, this.terminal.rows - 2));
    const shown = live.map((each) => this.#row(each));
    const x = Math.min(this.#wanted.cursor ?? 0, shown[0]?.length ?? 0);
    this.frame = { rows: shown, cursor: this.#wanted.cursor === null ? null : { x, y: 0 } };
    this.#wanted = { ...this.#wanted, finished: [] };
    this.#writer.update(ended, this.frame, this.terminal.cols);
    await new Promise<void>((resolve) => this.terminal.write(this.#bytes, resolve));
    this.#bytes = "";
  }

  /** False when the terminal would push live rows out of the window, where nobody can reach them. */
  #resize(size: Size): boolean {
    const broken = this.frame.rows.map((row) => Math.max(1, Math.ceil(row.length / size.columns)));
    const made = broken.reduce((sum, count) => sum + count, 0) - broken.length;
    if (made + broken.length > size.rows) return false;
    // It scrolls by each row that it makes, also when there is room below.
    if (made > this.terminal.buffer.active.cursorY) return false;
    const reflow = size.columns < this.terminal.cols ? "sinks" : "none";
    const lower = Math.max(0, this.terminal.rows - size.rows);
    this.terminal.resize(size.columns, size.rows);
    this.#writer.resized({ columns: size.columns, lower, reflow }, true);
    return true;
  }

  /** As wide as wished, no wider than the window, and like no other. */
  #row(wished: number): string {
    const most = Math.max(9, this.terminal.cols - 1);
    const text = `#${this.#next++}#`;
    return text.padEnd(Math.min(wished, most), "x");
  }
}

/** Scrollback and screen without the empty rows at their end, wrapped rows joined. */
function rowsOf({ terminal }: Place): string[] {
  const found: string[] = [];
  const { active } = terminal.buffer;
  for (let index = 0; index < active.length; index++) {
    const line = active.getLine(index);
    const text = line?.translateToString(true) ?? "";
    found.push(line?.isWrapped ? `${found.pop() ?? ""}${text}` : text);
  }
  return found.slice(0, found.findLastIndex((row) => row !== "") + 1);
}

it("leaves each finished row once and the live rows below them, whatever comes and however the window changes", async () => {
  const resize = fc.record({ columns, rows }).map((size) => ({ resize: size }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(resize, update), { maxLength: 12 }), async (steps) => {
      const place = new Place();
      for (const step of steps) {
        await place.take(step);
        expect(rowsOf(place)).toEqual([...place.finished, ...place.frame.rows]);
      }
    }),
    { numRuns: 250 },
  );
});

it("is not misled by a frame that is still on its way when the window narrows", async () => {
  const written: string[] = [];
  const writer = new RegionWriter(
    (data) => void written.push(data),
    () => 0,
  );
  writer.update([], { rows: ["a", "b"], cursor: null }, 100);
  writer.update([], { rows: ["a", "x".repeat(90)], cursor: null }, 100);
  writer.resized({ columns: 40, lower: 0, reflow: "sinks" }, false);
  writer.update([], { rows: ["a"], cursor: null }, 40);
  // Two rows up, had the long row been there before the window changed: those could be finished ones by now.
  expect(written.at(-1)).toMatch(/^\x1b\[\?2026h\r\x1b\[J/);
});
