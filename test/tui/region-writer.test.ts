import headless from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame } from "../../src/tui/frame.ts";
import { RegionWriter } from "../../src/tui/region-writer.ts";

type Size = { columns: number; rows: number };
/** Widths of the rows; the cursor stands in one of them, or is not shown. */
type Update = { finished: number[]; live: number[]; cursor: { x: number; y: number } | null };
/** `late`: the update before is still on its way when the window changes. */
type Step = { resize: Size; late: boolean } | { update: Update };

const width = fc.integer({ min: 0, max: 400 });
const columns = fc.integer({ min: 10, max: 200 });
const rows = fc.integer({ min: 5, max: 60 });
const update = fc.record({
  update: fc.record({
    finished: fc.array(width, { maxLength: 6 }),
    live: fc.array(width, { minLength: 1, maxLength: 30 }),
    cursor: fc.option(fc.record({ x: fc.nat(200), y: fc.nat(4) })),
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
  /** What was shown before that. */
  #before: Frame = { rows: [], cursor: null };
  #ended = 0;
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
      const [, row, column] = /^\x1b\[(\d+);(\d+)R$/.exec(reply) ?? [];
      this.#writer.told(Number(row), Number(column));
    });
  }

  async take(step: Step, next?: Step): Promise<void> {
    if ("update" in step) this.#wanted = step.update;
    else await this.#resize(step.resize);
    this.#update();
    // What is drawn after a change is not taken for late: no model says what xterm.js makes of two at once.
    const isLate = next !== undefined && "resize" in next && next.late && "update" in step;
    if (!isLate) await this.#deliver();
  }

  #update(): void {
    const ended = this.#wanted.finished.map((each) => this.#row(each));
    this.finished.push(...ended);
    this.#ended = ended.length;
    const live = this.#wanted.live.slice(0, Math.max(1, this.terminal.rows - 2));
    const shown = live.map((each) => this.#row(each));
    const y = Math.min(this.#wanted.cursor?.y ?? 0, shown.length - 1);
    const x = Math.min(this.#wanted.cursor?.x ?? 0, shown[y]?.length ?? 0);
    this.#before = this.frame;
    this.frame = { rows: shown, cursor: this.#wanted.cursor === null ? null : { x, y } };
    this.#wanted = { ...this.#wanted, finished: [] };
    this.#writer.update(ended, this.frame, this.terminal.cols);
  }

  async #deliver(): Promise<void> {
    const bytes = this.#bytes;
    this.#bytes = "";
    await new Promise<void>((resolve) => this.terminal.write(bytes, resolve));
  }

  /** Nothing when the terminal would push live rows out of the window, where nobody can reach them. */
  async #resize(size: Size): Promise<void> {
    const { rows, cursor } = this.#bytes === "" ? this.frame : this.#before;
    const broken = rows.map((row) => Math.max(1, Math.ceil(row.length / size.columns)));
    const made = broken.reduce((sum, count) => sum + count, 0) - broken.length;
    const top = this.terminal.buffer.active.cursorY - (cursor?.y ?? 0);
    // What is on its way is drawn below what the terminal makes of the rows before.
    const late = this.#bytes === "" ? 0 : this.#lateRows(size.columns);
    const stays =
      made + broken.length + late <= size.rows &&
      // It scrolls by each row that it makes, also when there is room below, and by what no longer fits above the cursor.
      made <= top - Math.max(0, this.terminal.buffer.active.cursorY + 1 - size.rows);
    if (!stays) {
      await this.#deliver();
      return;
    }
    const height = this.terminal.rows;
    this.terminal.resize(size.columns, size.rows);
    await this.#deliver();
    const lower = Math.max(0, height - size.rows);
    this.#writer.resized({ columns: size.columns, lower, reflow: "sinks" }, height);
  }

  /** Rows of the window that the newest update takes in all. */
  #lateRows(columns: number): number {
    const finished = this.finished.slice(this.finished.length - this.#ended);
    return finished.reduce((sum, row) => sum + Math.ceil(row.length / columns), this.frame.rows.length);
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
  const resize = fc
    .record({ columns, rows, late: fc.boolean() })
    .map(({ late, ...size }) => ({ resize: size, late }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(resize, update), { maxLength: 12 }), async (steps) => {
      const place = new Place();
      for (const [index, step] of steps.entries()) {
        const next = steps[index + 1];
        await place.take(step, next);
        if (next && "resize" in next && next.late && "update" in step) continue;
        expect(rowsOf(place)).toEqual([...place.finished, ...place.frame.rows]);
      }
    }),
    { numRuns: 250 },
  );
});

it("is not misled, where the terminal does not answer, by a frame that is still on its way when the window narrows", async () => {
  const written: string[] = [];
  const writer = new RegionWriter(
    (data) => void written.push(data),
    () => 0,
  );
  writer.update([], { rows: ["a", "b"], cursor: null }, 100);
  writer.update([], { rows: ["a", "x".repeat(90)], cursor: null }, 100);
  writer.resized({ columns: 40, lower: 0, reflow: "sinks" }, 30);
  writer.update([], { rows: ["a"], cursor: null }, 40);
  // Two rows up, had the long row been there before the window changed: those could be finished ones by now.
  expect(written.at(-1)).toMatch(/^\x1b\[\?2026h\x1b\[\?25l\r\x1b\[J/);
});
