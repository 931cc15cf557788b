// Our row in a client's terminal.
import { expect, test } from "vitest";
import { type RowFacts, statusRow } from "../../../src/mux/client/status-row.ts";

const FACTS: RowFacts = {
  name: "build",
  paused: false,
  clients: 2,
  program: { columns: 80, rows: 23 },
  key: "ctrl+\\",
  message: null,
};

function plain(facts: Partial<RowFacts>, columns: number): string {
  return statusRow({ ...FACTS, ...facts }, columns).replaceAll(/\x1b\[\d*m/g, "");
}

test.for([
  [80, "build  Ctrl+\\ detaches  2 clients  80x23"],
  [38, "build  Ctrl+\\ detaches  2 clients"],
  [24, "build  Ctrl+\\ detaches"],
  [10, "build"],
  [3, "bui"],
] as const)("in %i columns", ([columns, text]) => {
  expect(plain({}, columns)).toBe(text.padEnd(columns));
});

test("a pause and a refusal stand first", () => {
  expect(plain({ paused: true }, 60)).toContain("build  paused: no input  Ctrl+\\ detaches");
  expect(plain({ message: "build is paused: it takes no input." }, 60)).toContain(
    "build is paused: it takes no input.  Ctrl",
  );
});
