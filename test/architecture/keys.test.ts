// Nothing in src tests a literal key but the table of keys: what a key does can be rebound, and /keys tells the truth.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The only folder that keys reach. */
const TUI = fileURLToPath(new URL("../../src/tui", import.meta.url));

const NAMED =
  "enter|return|escape|esc|tab|space|backspace|delete|up|down|left|right|home|end|pageup|pagedown";

/** How a literal key could be tested. */
const TESTS: readonly RegExp[] = [
  // A chord in lower case, as the table writes it.
  /["'`](?:ctrl|alt|shift|super|meta)[+-][^\s"'`]/,
  // Ink's own record of a key.
  /\bkey\.(?:ctrl|meta|shift|super|hyper|escape|return|tab|backspace|delete|home|end|page(?:Up|Down)|(?:up|down|left|right)Arrow)\b/,
  // The characters of a press.
  /\b(?:input|press\.text|chord)\s*[!=]==\s*["'`]/,
  /\bchord\)?\s*\.(?:startsWith|endsWith|includes)\(/,
  // A key by name.
  new RegExp(`(?:[!=]==\\s*|\\bcase\\s+)["'\`](?:${NAMED})["'\`]`),
  // The bytes of a key.
  /[!=]==\s*["'`]\\(?:x1b|u001b|x03|x04|x7f|r)/,
];

/** Files and folders that are passed over, and why. */
const EXCEPTIONS: readonly { path: string; reason: string }[] = [
  { path: "keys/", reason: "the table itself, and the reader of what terminals send" },
  {
    path: "markdown/",
    reason: "is given texts, never keys; escape, space and left are words of Markdown there",
  },
];

function literalKeys(text: string): string[] {
  return text.split("\n").filter((line) => TESTS.some((test) => test.test(withoutComment(line))));
}

function withoutComment(line: string): string {
  return /^\s*(?:\/\/|\/?\*)/.test(line) ? "" : line;
}

const FILES = readdirSync(TUI, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .toSorted();

function foundIn(files: readonly string[]): string[] {
  return files.flatMap((file) =>
    literalKeys(readFileSync(join(TUI, file), "utf8")).map((line) => `${file}: ${line.trim()}`),
  );
}

test("no file of the terminal interface tests a literal key but the table", () => {
  expect(foundIn(FILES.filter((file) => !EXCEPTIONS.some(({ path }) => file.startsWith(path))))).toEqual([]);
});

test.each(EXCEPTIONS)("$path is still an exception: $reason", ({ path }) => {
  expect(foundIn(FILES.filter((file) => file.startsWith(path))).length).toBeGreaterThan(0);
});

test.each([
  'if (input === "q") close();',
  "if (key.ctrl && input === 'c') leave();",
  "if (key.upArrow) up();",
  'if (press.chord === "ctrl+x") drop();',
  'case "escape":',
  'if (name !== "enter") return;',
  'if (data === "\\x1b[A") up();',
  'if (press.chord.startsWith("ctrl")) hold();',
])("the reader sees %s", (line) => {
  expect(literalKeys(line)).toEqual([line]);
});

test.each(['desk.say("Ctrl+C again leaves.");', "// key.ctrl is told by Ink", 'side === "left-over"'])(
  "the reader passes %s",
  (line) => {
    expect(literalKeys(line)).toEqual([]);
  },
);
