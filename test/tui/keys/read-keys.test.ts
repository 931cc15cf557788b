import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseChord } from "../../../src/tui/keys/chord.ts";
import { described, openKeyboard } from "./ink-keys.tsx";

const KEYS = "../shared/corpora/terminal/keys.jsonl";
const SPLITS = "../shared/corpora/terminal/stdin-split.jsonl";
let keyboard: ReturnType<typeof openKeyboard>;

beforeAll(() => {
  keyboard = openKeyboard();
});
afterAll(() => keyboard.close());

const read = async (bytes: string): Promise<string[]> => described(await keyboard.type(bytes));

describe("what terminals send for a key", () => {
  test.each([
    ["\r", ["enter"]],
    ["\x1b\r", ["alt+enter"]],
    ["\x1b[13;2u", ["shift+enter"]],
    ["\x1b[13;3u", ["alt+enter"]],
    ["\n", ["ctrl+j"]],
    ["\x1b", ["escape"]],
    ["\x1b[27u", ["escape"]],
    ["\x1b\x1b", ["escape", "escape"]],
    ["\x03", ["ctrl+c"]],
    ["\x1b[99;5u", ["ctrl+c"]],
    ["\x1b[1089;5u", ["ctrl+c"]],
    ["\x13", ["ctrl+s"]],
    ["\x1f", ["ctrl+_"]],
    ["\x1bb", ["alt+b"]],
    ["\x1bF", ["alt+shift+f"]],
    ["\x1b<", ["alt+<"]],
    ["\x1b[1;5D", ["ctrl+left"]],
    ["\x1b[1;3C", ["alt+right"]],
    ["\x1b\x1b[D", ["alt+left"]],
    ["\x1bOH", ["home"]],
    ["\x1b[4~", ["end"]],
    ["\x1b[3~", ["delete"]],
    ["\x1b[3;5~", ["ctrl+delete"]],
    ["\x7f", ["backspace"]],
    ["\b", ["backspace"]],
    ["\x1b\x7f", ["alt+backspace"]],
    ["\x1b[127;5u", ["ctrl+backspace"]],
    ["\x1b[Z", ["shift+tab"]],
    ["\x1b[9;2u", ["shift+tab"]],
    ["\x00", ["ctrl+space"]],
    ["\x1b[97;1:3u", []],
    ["\x1b[99;9u", ["super+c"]],
    ["\x1b[1;3A", ["alt+up"]],
    ["G", ["G"]],
    [" ", ["space"]],
  ])("%j is %j", async (bytes, chords) => {
    expect(await read(bytes)).toEqual(chords);
  });
});

describe("what arrives together", () => {
  test.each([
    ["hello", ["text:hello"]],
    ["hi\r", ["text:hi", "enter"]],
    ["\r\r", ["enter", "enter"]],
    ["/mod\t", ["text:/mod", "tab"]],
    ["abc\x01d", ["text:abc", "ctrl+a", "d"]],
    ["ab\x7f\x7fc", ["text:ab", "backspace", "backspace", "c"]],
    ["one\rtwo\r", ["paste:one\rtwo\r"]],
    ["\x1b[200~one\rtwo\x1b[201~", ["paste:one\rtwo"]],
    ["\x1b[A\x1b[Bx", ["up", "down", "x"]],
    ["日本", ["text:日本"]],
    ["👩‍💻", ["text:👩‍💻"]],
  ])("%j is %j", async (bytes, chords) => {
    expect(await read(bytes)).toEqual(chords);
  });
});

type KeyRow = { id: string; fn: string; args: string[]; expected: unknown; setup?: string[] };

type Reason = [why: string, applies: (row: { bytes: string; wanted: string; row: KeyRow }) => boolean];

/** Rows that are not ours to meet. Their key names are ours but for `clear`, `insert` and `f1`-`f12`. */
const REASONS: readonly Reason[] = [
  [
    "Ink drops xterm's modifyOtherKeys, which nobody asks for",
    ({ bytes }) => /^\x1b\[27;\d+;\d+~$/.test(bytes),
  ],
  ["the release of a key does nothing", ({ bytes }) => bytes.includes(":3u")],
  ["Ink's Key has no such key", ({ wanted }) => /(?:f\d+|insert|clear)$/.test(wanted)],
  [
    "the plain form is read also while the kitty protocol is on",
    ({ bytes, row }) => row.setup?.at(-1) === "setKittyProtocolActive[true]" && !/^\x1b\[\d.*u$/.test(bytes),
  ],
  ["Backspace or Ctrl+H: nobody can tell, Ink says Backspace", ({ bytes }) => /^\x1b?\x08$/.test(bytes)],
  ["a line feed is Ctrl+J here, a new line; Enter is a carriage return", ({ bytes }) => bytes === "\n"],
  ["Esc twice, which is what it nearly always is", ({ bytes }) => bytes === "\x1b\x1b"],
  ["old names for Alt+arrows; here Alt+P and Alt+Shift+F", ({ bytes }) => /^\x1b[pF]$/.test(bytes)],
  ["Ctrl+_ and Ctrl+- are one byte; here Ctrl+_", ({ bytes }) => /^\x1b?\x1f$/.test(bytes)],
  ["a capital types itself", ({ wanted }) => /^shift\+.$/.test(wanted)],
  ["what has no name there has one here", ({ row }) => row.expected === null || row.expected === undefined],
];

function reasonAgainst(row: KeyRow): string | null {
  const [bytes = "", wanted = String(row.expected)] = row.args;
  return REASONS.find(([, applies]) => applies({ bytes, wanted, row }))?.[0] ?? null;
}

const rows: KeyRow[] = existsSync(KEYS)
  ? readFileSync(KEYS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as KeyRow)
  : [];
const met = rows.filter((row) => reasonAgainst(row) === null);

test.runIf(rows.length === 0)("the corpus of keys is not here: its rows are not checked", () => {
  expect(existsSync(KEYS)).toBe(false);
});

describe.runIf(rows.length > 0)(
  `corpus of keys: ${met.length} of ${rows.length} rows hold, the others are named`,
  () => {
    test.each(met.map((row) => [row.id, row] as const))("%s", async (_, row) => {
      const [chord] = await read(row.args[0] ?? "");
      const wanted = parseChord(row.args[1] ?? String(row.expected));
      if (row.fn === "matchesKey") expect(chord === wanted).toBe(row.expected);
      else expect(chord).toBe(wanted);
    });
  },
);

function kittyLetter(sequence: string): string {
  const code = /^\x1b\[(\d+)u$/.exec(sequence)?.[1];
  return code === undefined ? "" : String.fromCodePoint(Number(code));
}

type SplitRow = { id: string; chunks: string[]; emitted: string[]; has_paste_listener: boolean };

const splits: SplitRow[] = existsSync(SPLITS)
  ? readFileSync(SPLITS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as SplitRow)
  : [];
const pastes = splits.filter((row) => row.has_paste_listener && row.chunks.join("").includes("\x1b[201~"));

describe.runIf(splits.length > 0)(`corpus of split input: ${splits.length} rows`, () => {
  test.each(splits.map((row) => [row.id, row] as const))(
    "%s: nothing is typed that was not typed",
    async (_, row) => {
      const own = openKeyboard();
      const heard = described(await own.type(...row.chunks));
      own.close();
      const typed = heard.filter((event) => event.startsWith("text:") || event.length === 1).join("");
      // Old mouse reports (CSI M and three bytes) are never asked for; unfinished sequences lose their escape byte.
      // A kitty sequence is a letter typed.
      const plain = row.emitted.map((text) => (text.startsWith("\x1b") ? kittyLetter(text) : text)).join("");
      const unfinished = /\x1b\[?(?:<\d*|\d+;)?$/.test(row.chunks.join(""));
      if (!row.has_paste_listener && !unfinished && !row.chunks[0]?.startsWith("\x1b[M")) {
        expect(typed.replaceAll("text:", "")).toBe(plain.replaceAll("\x7f", ""));
      }
    },
  );

  test.each(pastes.map((row) => [row.id, row] as const))("%s keeps the paste exact", async (_, row) => {
    const own = openKeyboard();
    const heard = described(await own.type(...row.chunks));
    own.close();
    const exact = /\x1b\[200~([\s\S]*)\x1b\[201~/.exec(row.chunks.join(""))?.[1];
    expect(heard).toContain(`paste:${exact}`);
  });
});
