// Names of keys stand in the key table and nowhere else: what the screen says of keys comes from the bindings.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

/** The rooms of the table, and the files that must name a key, each with its reason. */
const ALLOWED: readonly (readonly [file: RegExp, reason: string])[] = [
  [/^tui\/keys\//, "the table itself, and how its chords are written"],
  [/^session\/export\/page-script\.ts$/, "an exported page runs in a browser and has keys of its own"],
  [/^tui\/plain\//, "without a screen the terminal reads whole lines: Enter ends them, no binding does"],
  [/^(?:mux\/client|cli\/commands\/mux)\//, "keys of other programs, and one that is given as a flag"],
];

const STRINGS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;
/** A key by its name, or a letter with two blanks before what it does. */
const KEY =
  /\b(?:Ctrl|Control|Alt|Option|Shift|Cmd|Super)[+-]\S|\b(?:Esc|Enter|PgUp|PgDn|PageUp|PageDown|Backspace)\b|\bTab\b|^.[a-z] {2}\S/;

/** Strings of a source that name a key. Comments are left out. */
function keyNamesIn(source: string): string[] {
  const code = source.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "").replaceAll(/\s\/\/ .*$/gm, "");
  return [...code.matchAll(STRINGS)].map(([text]) => text).filter((text) => KEY.test(text));
}

test("the search finds names of keys in strings, and none in comments and code", () => {
  expect(keyNamesIn('say("Esc goes back", "y  once"); // Enter\nconst Enter = `Ctrl+X ${1}`;')).toHaveLength(
    3,
  );
  expect(keyNamesIn("/** Esc */\nconst Enter = key('submit');")).toEqual([]);
});

test("no string of src outside the key table names a key", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  const found = files
    .filter((file) => !ALLOWED.some(([allowed]) => allowed.test(file)))
    .flatMap((file) => keyNamesIn(readFileSync(join(SRC, file), "utf8")).map((text) => `${file}: ${text}`));
  expect(found).toEqual([]);
});
