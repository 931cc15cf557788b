// What a person sees while an answer comes in (SPEC, section 2): the built program in a pseudo-terminal.
import { expect, test } from "vitest";
import { newPlace, runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { pointedAt, textsOf } from "./scripted.ts";
import { countRows, elapse, openTui, writeSettings } from "./tui-driver.ts";

/** 600 words, each of them unique, in paragraphs of 40. */
const WORDS = Array.from({ length: 600 }, (_, index) => `w${String(index).padStart(3, "0")}`);
const PARAGRAPHS = Array.from({ length: 15 }, (_, index) =>
  WORDS.slice(index * 40, index * 40 + 40).join(" "),
);
const LONG_ANSWER = PARAGRAPHS.join("\n\n");

const DRAFT = "a draft that is long enough to be broken into two rows when the window gets narrow";

function wordsIn(rows: readonly string[]): string[] {
  return rows.join("\n").match(/\bw\d{3}\b/g) ?? [];
}

function hiddenRows(screen: string): number {
  return Number(/(\d+) more rows below/.exec(screen)?.[1]);
}

test("A-016: words appear one after the other and the status line says streaming, then idle", async () => {
  const tui = await openTui([{ text: "alfa brav char delt echo", chunkSize: 5, chunkDelayMs: 300 }]);
  tui.enter("spell");
  await tui.waitFor("alfa");
  expect(tui.screen().join("\n")).not.toContain("echo");
  await tui.waitForStatus("streaming");
  await tui.waitFor(/alfa brav char(?! delt)/);
  await tui.waitFor("alfa brav char delt echo");
  await tui.waitForStatus("idle");
});

test.for([
  { title: "at once", widths: [60] },
  { title: "by dragging", widths: [93, 85, 74, 66, 60] },
  { title: "and widens again", widths: [60, 80, 61, 100] },
])(
  "A-017: no line is doubled or lost when the window narrows while text streams, $title",
  async ({ widths }) => {
    const tui = await openTui([{ text: LONG_ANSWER, chunkSize: 20, chunkDelayMs: 15 }]);
    tui.enter("count");
    for (const [index, width] of widths.entries()) {
      await tui.waitFor(`w${String(150 + index * 40)}`);
      tui.resize(width, 30);
    }
    await tui.waitForStatus("idle", 20_000);
    const rows = tui.transcript();
    expect(wordsIn(rows)).toEqual(WORDS);
    expect(countRows(rows, "count")).toBe(1);
    expect(countRows(rows, "streaming")).toBe(0);
    expect(countRows(rows, "Enter steers")).toBe(0);
    const last = widths.at(-1) ?? 0;
    expect(Math.max(...tui.screen().map((row) => row.length))).toBeLessThan(last);
  },
);

test.for([
  {
    title: "with a draft, in a terminal known to be xterm.js",
    env: { TERM_PROGRAM: "vscode" },
    draft: DRAFT,
  },
  { title: "without a draft, in any terminal", env: {}, draft: "" },
])("A-017: nor in a second run with a longer status line, $title", async ({ env, draft }) => {
  const script = ["first answer", { text: LONG_ANSWER, chunkSize: 20, chunkDelayMs: 15 }];
  const tui = await openTui(script, { env, args: ["--thinking", "high"] });
  tui.enter("hello");
  await tui.waitFor("first answer");
  await tui.waitForStatus("idle");
  tui.enter("count");
  await tui.waitFor("w100");
  tui.type(draft);
  await tui.waitFor(draft);
  for (const [index, width] of [80, 60, 45].entries()) {
    await tui.waitFor(`w${String(200 + index * 60)}`);
    tui.resize(width, 30);
  }
  await tui.waitForStatus("idle", 20_000);
  expect(wordsIn(tui.transcript())).toEqual(WORDS);
  expect(countRows(tui.transcript(), "a draft that is")).toBe(draft === "" ? 0 : 1);
  expect(countRows(tui.transcript(), "streaming")).toBe(0);
});

test("A-017: nor while a question is open", async () => {
  const tui = await openTui([
    { text: PARAGRAPHS[0] ?? "", toolCalls: [{ name: "bash", arguments: { command: "echo a" } }] },
    "done",
  ]);
  tui.enter("count");
  await tui.waitFor("bash wants to run");
  for (const width of [80, 60, 100]) {
    tui.resize(width, 30);
    await elapse(200);
  }
  expect(wordsIn(tui.transcript())).toEqual(WORDS.slice(0, 40));
  expect(countRows(tui.transcript(), "wants to run")).toBe(1);
  expect(countRows(tui.transcript(), "count")).toBe(1);
  expect(countRows(tui.transcript(), "hearth")).toBe(1);
});

test("A-017: no line is doubled or lost when the window gets lower and higher while text streams", async () => {
  const tui = await openTui([{ text: LONG_ANSWER, chunkSize: 20, chunkDelayMs: 15 }]);
  tui.enter("count");
  for (const [index, height] of [20, 10, 35].entries()) {
    await tui.waitFor(`w${String(150 + index * 40)}`);
    tui.resize(100, height);
  }
  await tui.waitForStatus("idle", 20_000);
  expect(wordsIn(tui.transcript())).toEqual(WORDS);
});

test("A-018: the transcript view stays where it was scrolled to, says that there is more, and End goes there", async () => {
  const tui = await openTui([{ text: LONG_ANSWER, chunkSize: 20, chunkDelayMs: 20 }]);
  tui.enter("count");
  await tui.waitFor("w300");
  tui.type(KEY.ctrl("o"));
  await tui.waitFor("q back");
  tui.type(KEY.home);
  // Down to the last row of the window.
  await tui.waitFor(/w000[\s\S]*w219[\s\S]*more rows below/);
  // Without the first and the last row, which tell how far down it is.
  const text = (): string[] =>
    tui
      .screen()
      .slice(1)
      .filter((row) => !row.includes("rows below"));
  const before = text();
  const more = hiddenRows(tui.screen().join("\n"));
  for (const further of [1, 5]) {
    await tui.waitFor((screen) => hiddenRows(screen) >= more + further);
    expect(text()).toEqual(before);
  }
  tui.type(KEY.end);
  await tui.waitFor((screen) => !screen.includes("rows below"));
  await tui.waitFor("w599", 20_000);
  tui.type("q");
  await tui.waitForStatus("idle");
  expect(wordsIn(tui.transcript())).toEqual(WORDS);
  expect(countRows(tui.transcript(), "count")).toBe(1);
});

test("A-018: opening and leaving the transcript view twice leaves each finished line once in the scrollback", async () => {
  const tui = await openTui([{ text: LONG_ANSWER, chunkSize: 50, chunkDelayMs: 30 }, "second answer"]);
  tui.enter("count");
  for (const word of ["w150", "w350"]) {
    await tui.waitFor(word);
    tui.type(KEY.ctrl("o"));
    await tui.waitFor("q back");
    tui.type("q");
    await tui.waitFor("Enter steers");
  }
  await tui.waitForStatus("idle", 20_000);
  tui.enter("again");
  await tui.waitFor("second answer");
  await tui.waitForStatus("idle");
  expect(wordsIn(tui.transcript())).toEqual(WORDS);
  expect(countRows(tui.transcript(), "second answer")).toBe(1);
});

test("A-026: Esc stops a stream within a second, keeps the partial text, and the next request holds it", async () => {
  const tui = await openTui([{ text: LONG_ANSWER, chunkSize: 20, chunkDelayMs: 40 }, "second answer"]);
  tui.enter("count");
  await tui.waitFor("w050");
  tui.type(KEY.escape);
  await tui.waitForStatus("idle", 1_000);
  expect(tui.screen().join("\n")).toContain("interrupted");
  const shown = wordsIn(tui.transcript());
  await elapse(300);
  expect(wordsIn(tui.transcript())).toEqual(shown);
  tui.enter("go on");
  await tui.waitFor("second answer");
  expect(textsOf(tui.stub.requests[1], "assistant").join(" ")).toContain("w050");
  expect(textsOf(tui.stub.requests[1], "user").at(-1)).toBe("go on");
});

test("A-035: a server that fails each time is an error card, then idle, and the next prompt works", async () => {
  const place = await newPlace();
  await writeSettings(place, { retry: { attempts: 2, baseDelayMs: 50 } });
  const tui = await openTui([{ status: 500, body: "" }, { status: 500, body: "" }, "recovered"], { place });
  tui.enter("hello");
  await tui.waitFor(/✗ provider\.[a-z_]+/);
  await tui.waitForStatus("idle");
  expect(tui.screen().join("\n")).toContain("500");
  tui.enter("hello again");
  await tui.waitFor("recovered");
  await tui.waitForStatus("idle");
});

test("A-037: escape sequences in an answer, a tool's output and a name are shown, never carried out", async () => {
  const evil = "before \x1b[2J\x1b[3J\x1b[H\x1b]52;c;ZXZpbA==\x07\x1b]0;owned\x07\x9b2Jafter";
  const tui = await openTui(
    [
      {
        text: evil,
        toolCalls: [{ name: "bash", arguments: { command: "printf 'out \\033[2J\\033]52;c;eA==\\007put'" } }],
      },
      "done here",
    ],
    { args: ["--permission-mode", "full"] },
  );
  tui.enter("show me");
  await tui.waitFor("done here");
  await tui.waitForStatus("idle");
  expect(countRows(tui.transcript(), "show me")).toBe(1);
  expect(tui.transcript().join("\n")).toMatch(/before .*after/);
  expect(tui.bytes()).not.toContain("\x1b]52;");
  expect(tui.title()).not.toContain("owned");
});

test("A-040: thinking is set apart, folded when it is done, whole in the transcript view, absent from one-shot", async () => {
  const script = [
    {
      thinking: "first thought\nsecond thought\nthird thought",
      text: "the answer",
      chunkSize: 8,
      chunkDelayMs: 40,
    },
  ];
  const place = await newPlace();
  const tui = await openTui(script, { place, args: ["--thinking", "high"] });
  tui.enter("think");
  await tui.waitFor("second thought");
  expect(tui.bytes()).toMatch(/\x1b\[3m[^\n]*first/);
  await tui.waitFor("the answer");
  await tui.waitForStatus("idle");
  expect(countRows(tui.transcript(), "third thought")).toBe(0);
  expect(countRows(tui.transcript(), "thought")).toBe(1);
  tui.type(KEY.ctrl("o"));
  await tui.waitFor(/first thought\s+│ second thought\s+│ third thought/);
  await using stub = await withStub(script);
  const { stdout } = await runHearth(pointedAt(place, stub), ["-p", "think", "--thinking", "high"]);
  expect(stdout).toBe("the answer\n");
});
