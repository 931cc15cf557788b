// Background processes on the screen: the list, reading one, at every width and height.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { outputLines, type ProcessesView, processRows } from "../../../src/tui/components/process-list.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { strayControls, testView } from "../theme/test-view.ts";
import { NOW_MS } from "./sample-state.ts";

const ended = {
  endedMs: null,
  exitCode: null,
  stopped: false,
  logPath: "/home/me/.hearth/outputs/bash-1.log",
};
const PROCESSES = [
  { ...ended, id: "p1", command: "npm run dev", startedMs: NOW_MS - 754_000 },
  {
    ...ended,
    id: "p2",
    command: "npm test -- --watch\necho and a second line that makes it rather long",
    startedMs: NOW_MS - 90_000,
    endedMs: NOW_MS - 60_000,
    exitCode: 1,
  },
  {
    ...ended,
    id: "p3",
    command: "sleep 300",
    startedMs: NOW_MS - 90_000,
    endedMs: NOW_MS - 30_000,
    stopped: true,
  },
];
const OUTPUT = `${Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join("\n")}\n10%\r\x1b[32m100%\x1b[0m`;

function view(change: Partial<ProcessesView> = {}): Parameters<typeof processRows>[0] {
  return {
    processes: PROCESSES,
    id: "p1",
    lines: outputLines(OUTPUT),
    open: false,
    up: 0,
    nowMs: NOW_MS,
    bindings: defaultKeybindings(),
    ...change,
  };
}

describe("background processes", () => {
  it.each([40, 80, 120])(
    "are listed with their time and how they ended, and read, at %d columns",
    async (width) => {
      const look = testView(width - 1);
      const parts = [
        processRows(view(), 14, look),
        processRows(view({ id: "p2", lines: [] }), 14, look),
        processRows(view({ open: true }), 10, look),
        processRows(view({ open: true, up: 20 }), 10, look),
      ];
      const rows = parts.flatMap((part) => [...part, ""]);
      expect(rows.filter((row) => textWidth(row) >= width)).toEqual([]);
      expect(strayControls(rows)).toEqual([]);
      await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot(`../../golden/tui/processes-${width}.txt`);
    },
  );

  it("keep to the room they get, show the chosen one, and all of a short output", () => {
    const text = fc.array(fc.constantFrom("a", "long words ", "\n", "\r", "解析", "\x1b[2J", "👩‍👩‍👧"), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 20, max: 130 }),
          maxRows: fc.integer({ min: 6, max: 30 }),
          count: fc.integer({ min: 1, max: 20 }),
          at: fc.nat(19),
          up: fc.nat(80),
          open: fc.boolean(),
          output: text.map((pieces) => pieces.join("")),
        }),
        ({ width, maxRows, count, at, up, open, output }) => {
          const processes = Array.from({ length: count }, (_, index) => ({
            ...ended,
            id: `p${index + 1}`,
            command: output,
            startedMs: 0,
          }));
          const id = `p${Math.min(at, count - 1) + 1}`;
          const rows = processRows(
            {
              processes,
              id,
              lines: outputLines(output, open ? width - 7 : undefined),
              open,
              up,
              nowMs: 5_000,
              bindings: defaultKeybindings(),
            },
            maxRows,
            testView(width - 1),
          );
          expect(rows.length).toBeLessThanOrEqual(maxRows);
          expect(rows.filter((row) => textWidth(row) >= width)).toEqual([]);
          expect(strayControls(rows)).toEqual([]);
          if (width >= 40) expect(rows.join("\n")).toContain(id);
        },
      ),
    );
  });
});
