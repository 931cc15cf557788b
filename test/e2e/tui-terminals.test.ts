// The same conversation in every kind of terminal: a tool, a question, an interrupt. Colours as its depth allows, no
// sequence it may not know, nothing doubled, modes as they were.
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { BIN, newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY, startTerminal } from "../support/terminal.ts";
import { pointedAt } from "./scripted.ts";
import { expectPlainModes } from "./terminal-modes.ts";
import { countRows, elapse, openTui } from "./tui-driver.ts";

const SCRIPT = [
  { text: "I will look first.", toolCalls: [{ name: "bash", arguments: { command: "echo from-the-tool" } }] },
  "## All is well\n\n- `code` and **strong** words\n\n```ts\nconst value = 1;\n```",
  { text: "one two three four five six seven eight nine ten", chunkSize: 5, chunkDelayMs: 200 },
];

/**
 * All that the main screen needs of a terminal: placing, erasing, colours, links, the modes that are put back; questions
 * for colours, attributes and the size of a cell; the title and where the old one is kept.
 */
const KNOWN =
  /\x1b\[\d*[ABCDGKJ]|\x1b\[(?:\?(?:25|2026|7|2004|1004)[hl]|\?u|>?c|6n|16t|2[23];0t|>\d+u|<u)|\x1b\[[\d;]*m|\x1b\](?:8|0|1[01]);[^\x07\x1b]*(?:\x07|\x1b\\)/g;
const RGB = /\x1b\[[\d;]*[34]8;2;/;
const INDEXED = /\x1b\[[\d;]*[34]8;5;/;
const NAMED = /\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7])(?:;\d+)*m/;

type Kind = { title: string; env: Record<string, string>; has: RegExp[]; hasNot: RegExp[] };

const KINDS: readonly Kind[] = [
  { title: "truecolor", env: {}, has: [RGB], hasNot: [INDEXED] },
  { title: "256 colours", env: { COLORTERM: "" }, has: [INDEXED], hasNot: [RGB] },
  {
    title: "plain xterm",
    env: { TERM: "xterm", COLORTERM: "" },
    has: [NAMED],
    hasNot: [RGB, INDEXED],
  },
  {
    title: "the Linux console",
    env: { TERM: "linux", COLORTERM: "" },
    has: [NAMED],
    hasNot: [RGB, INDEXED, /\x1b\]/],
  },
  { title: "NO_COLOR", env: { NO_COLOR: "1" }, has: [/\x1b\[1m/], hasNot: [RGB, INDEXED, NAMED] },
  {
    title: "a terminal of tmux",
    env: { TERM: "tmux-256color", COLORTERM: "", TMUX: "/tmp/none,1,0" },
    has: [RGB],
    // Erasing from a row's first cell would put what stood there into tmux's history.
    hasNot: [/\r\x1b\[J/],
  },
];

test.for(KINDS)(
  "$title: a tool, a question and an interrupt, each line once",
  async ({ env, has, hasNot }) => {
    const tui = await openTui(SCRIPT, { env });
    tui.enter("first prompt");
    await tui.waitFor("bash wants to run");
    // A letter this soon after the question could belong to a sentence.
    await tui.waitForStatus("asking you 0:01");
    tui.type("y");
    await tui.waitFor(/const value = 1;[\s\S]* {2}idle/);
    tui.enter("second prompt");
    await tui.waitFor("two");
    tui.type(KEY.escape);
    await tui.waitForStatus("idle");
    const rows = tui.transcript();
    for (const text of [
      "first prompt",
      "I will look first.",
      "All is well",
      "const value",
      "second prompt",
      "one two",
      "interrupted",
    ]) {
      expect([text, countRows(rows, text)]).toEqual([text, 1]);
    }
    tui.enter("/exit");
    await tui.left(0);
    const bytes = tui.bytes();
    for (const colours of has) expect(bytes).toMatch(colours);
    for (const colours of hasNot) expect(bytes).not.toMatch(colours);
    expect(bytes.replaceAll(KNOWN, "").match(/\x1b.{0,12}/g)).toBe(null);
    expectPlainModes(bytes);
  },
);

test("TERM=dumb: the same in plain lines, without one escape sequence", async () => {
  await using stub = await withStub(SCRIPT);
  const place = await newPlace();
  const terminal = startTerminal({
    args: [],
    cwd: place.cwd,
    env: { ...pointedAt(place, stub).env, TERM: "dumb" },
  });
  await terminal.waitFor(">");
  terminal.type("first prompt\r");
  await terminal.waitFor("wants to run");
  terminal.type("y\r");
  await terminal.waitFor("const value = 1;");
  terminal.type("second prompt\r");
  // Plain mode shows an answer when it is whole: that it came this far only the stub knows.
  await stub.waitForRequests(3);
  await elapse(400);
  terminal.type(KEY.ctrl("c"));
  await terminal.waitFor("interrupted");
  terminal.type("/exit\r");
  await terminal.exited;
  expect(terminal.bytes()).not.toContain("\x1b");
  expect(countRows(terminal.transcript(), "const value = 1;")).toBe(1);
});

async function hasTmux(): Promise<boolean> {
  const { exitCode } = await execa("tmux", ["-V"], { reject: false });
  return exitCode === 0;
}

test("tmux itself: narrower, lower and wider again while an answer streams, its history holds each line once", async (context) => {
  if (!(await hasTmux())) return context.skip("tmux is not installed");
  const words = Array.from({ length: 240 }, (_, index) => `w${String(index).padStart(3, "0")}`);
  const text = Array.from({ length: 12 }, (_, index) =>
    words.slice(index * 20, index * 20 + 20).join(" "),
  ).join("\n\n");
  await using stub = await withStub([{ text, chunkSize: 20, chunkDelayMs: 25 }]);
  const place = await newPlace();
  const tmux = async (...args: string[]): Promise<string> => {
    const { stdout } = await execa("tmux", ["-S", `${place.home}/tmux`, "-f", "/dev/null", ...args], {
      env: { ...pointedAt(place, stub).env, TERM: "xterm-256color" },
      extendEnv: false,
    });
    return stdout;
  };
  onTestFinished(async () => void (await tmux("kill-server")));
  await tmux("new-session", "-d", "-x", "100", "-y", "30", "-c", place.cwd, `"${process.execPath}" "${BIN}"`);
  const shown = (check: RegExp) =>
    expect.poll(() => tmux("capture-pane", "-p"), { timeout: 10_000 }).toMatch(check);
  await shown(/ {2}idle/);
  await tmux("send-keys", "count", "Enter");
  for (const [word, columns, rows] of [
    ["w050", 60, 30],
    ["w090", 60, 15],
    ["w130", 45, 15],
    ["w170", 110, 35],
  ] as const) {
    await shown(new RegExp(word));
    await tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }
  await shown(/ {2}idle/);
  const history = await tmux("capture-pane", "-p", "-J", "-S", "-");
  expect(history.match(/\bw\d{3}\b/g)).toEqual(words);
  expect(history.match(/▌ count/g)).toHaveLength(1);
  expect(history).not.toMatch(/streaming|Enter steers/);
});
