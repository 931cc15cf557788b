// The demo's example project as data: a small cash book whose reader breaks on Windows line endings.

const README = `# till

Reads a cash book (lines of \`day,amount,item\`) and adds it up by item.

    node --test        runs the tests
    node src/main.js   prints the totals of data/march.csv
`;

const AGENTS = `# For agents

- Plain JavaScript modules, no dependencies. Sources in src/, tests in test/.
- Run the tests with \`node --test\`; all of them must pass.
- Keep changes small; do not change a test to make it pass.
`;

const PACKAGE = `{
  "name": "till",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`;

const PARSE_LINES = `// Reads the lines of a cash book.

export function parseLines(text) {
  return text
    .split("\\n")
    .filter((line) => line !== "")
    .map(parseLine);
}

function parseLine(line) {
  const [day, amount, item] = line.split(",");
  return { day, amount: Number(amount), item };
}
`;

const TOTALS = `// Adds up the entries of a cash book by item.

export function totals(entries) {
  const sums = new Map();
  for (const { item, amount } of entries) sums.set(item, (sums.get(item) ?? 0) + amount);
  return Object.fromEntries(sums);
}
`;

const MAIN = `import { readFileSync } from "node:fs";
import { parseLines } from "./parse-lines.js";
import { totals } from "./totals.js";

console.log(totals(parseLines(readFileSync(new URL("../data/march.csv", import.meta.url), "utf8"))));
`;

const PARSE_LINES_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLines } from "../src/parse-lines.js";

const entries = [
  { day: "2026-03-01", amount: 3.5, item: "bread" },
  { day: "2026-03-02", amount: 2, item: "milk" },
];

test("reads one entry a line", () => {
  assert.deepEqual(parseLines("2026-03-01,3.50,bread\\n2026-03-02,2,milk\\n"), entries);
});

test("reads a file without a final newline", () => {
  assert.deepEqual(parseLines("2026-03-01,3.50,bread\\n2026-03-02,2,milk"), entries);
});

test("reads Windows line endings", () => {
  assert.deepEqual(parseLines("2026-03-01,3.50,bread\\r\\n2026-03-02,2,milk\\r\\n"), entries);
});
`;

const TOTALS_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { totals } from "../src/totals.js";

test("adds up by item", () => {
  const entries = [
    { amount: 3.5, item: "bread" },
    { amount: 2, item: "milk" },
    { amount: 4, item: "bread" },
  ];
  assert.deepEqual(totals(entries), { bread: 7.5, milk: 2 });
});
`;

const MARCH = "2026-03-01,3.50,bread\r\n2026-03-02,2.00,milk\r\n2026-03-05,4.00,bread\n";

/** The file with the bug, and the bug. */
export const BROKEN_FILE = "src/parse-lines.js";
export const BROKEN_CODE = '.split("\\n")';
export const FIXED_CODE = ".split(/\\r?\\n/)";

/** A prompt that fits the project, for the input box or one-shot mode. */
export const DEMO_PROMPT = "The test for Windows line endings fails. Find out why and fix it.";

/** File texts by path. One of the four tests fails until the bug is mended. */
export function demoProject(): Readonly<Record<string, string>> {
  return {
    "README.md": README,
    "AGENTS.md": AGENTS,
    "package.json": PACKAGE,
    [BROKEN_FILE]: PARSE_LINES,
    "src/totals.js": TOTALS,
    "src/main.js": MAIN,
    "test/parse-lines.test.js": PARSE_LINES_TEST,
    "test/totals.test.js": TOTALS_TEST,
    "data/march.csv": MARCH,
  };
}
