// Leaving (SPEC, section 2): exit codes, the terminal's modes, the command that goes on; the built program in a
// pseudo-terminal.
import { expect, test } from "vitest";
import { BIN, newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY, startTerminal } from "../support/terminal.ts";
import { pointedAt, sessionFile, sessionLines, textsOf } from "./scripted.ts";
import { expectPlainModes } from "./terminal-modes.ts";
import { countRows, openInShell, openTui, startTui, statusLine, type Tui } from "./tui-driver.ts";

const SLOW = { text: "one two three four five six seven eight", chunkSize: 5, chunkDelayMs: 250 };

async function sessionId(tui: Tui): Promise<string> {
  return (await sessionLines(await sessionFile(tui.place)))[0]?.id ?? "";
}

async function outcomes(tui: Tui): Promise<unknown[]> {
  const lines = await sessionLines(await sessionFile(tui.place));
  return lines.flatMap((line) => (line.type === "run_end" ? [line.outcome] : []));
}

test("A-029: Ctrl+C twice leaves a run with exit code 130 and the session can be resumed", async () => {
  const tui = await openTui([SLOW, "welcome back"]);
  tui.enter("go");
  await tui.waitFor("two");
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("Ctrl+C again leaves");
  tui.type(KEY.ctrl("c"));
  await tui.left(130, 5_000);
  expectPlainModes(tui.bytes());
  expect(countRows(tui.transcript(), "one two")).toBe(1);
  expect(countRows(tui.transcript(), "interrupted")).toBe(1);
  const id = await sessionId(tui);
  expect(tui.transcript().join("\n")).toContain(`hearth --resume ${id}`);
  expect(await outcomes(tui)).toEqual(["interrupted"]);
  const again = await openTui([], { place: tui.place, stub: tui.stub, args: ["--resume", id] });
  await again.waitFor(/▌ go[\s\S]*one two/);
  again.enter("back");
  await again.waitFor("welcome back");
  expect(textsOf(tui.stub.requests[1], "user")).toContain("go");
});

test.for([
  { where: "while idle", keys: [KEY.ctrl("c"), KEY.ctrl("c")], code: 0 },
  { where: "in the transcript view", keys: [KEY.ctrl("o"), "q", KEY.ctrl("c"), KEY.ctrl("c")], code: 0 },
  { where: "from a list", keys: ["/theme\r", KEY.escape, KEY.ctrl("c"), KEY.ctrl("c")], code: 0 },
])(
  "A-029: the terminal is as it was: echo on, cursor shown, keyboard protocol and paste marks off, $where",
  async ({ keys, code }) => {
    await using stub = await withStub(["hello"]);
    const place = await newPlace();
    const terminal = startTerminal({
      args: ["-c", `"${process.execPath}" "${BIN}"; echo "code $?"; stty -a; echo end-of-modes`],
      file: "/bin/sh",
      cwd: place.cwd,
      env: pointedAt(place, stub).env,
      columns: 100,
      rows: 30,
    });
    // A terminal that knows the keyboard protocol answers this question.
    await terminal.waitFor(() => terminal.bytes().includes("\x1b[?u"));
    terminal.type("\x1b[?0u");
    await terminal.waitFor((screen) => statusLine(screen).includes("  idle"));
    await terminal.waitFor(() => /\x1b\[>\d+u/.test(terminal.bytes()));
    for (const key of keys) {
      const seen = terminal.bytes().length;
      terminal.type(key);
      await terminal.waitFor(() => terminal.bytes().length > seen);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await terminal.waitFor("end-of-modes");
    const after = terminal.transcript().join("\n");
    expect(after).toContain(`code ${code}`);
    expect(after).toMatch(/[ ;]echo /);
    expect(after).toMatch(/[ ;]icanon /);
    expect(after).toMatch(/[ ;]icrnl /);
    expectPlainModes(terminal.bytes());
  },
);

test.for(["/exit", "/quit", KEY.ctrl("d")])(
  "A-030: %j while idle is exit code 0 and prints how to resume",
  async (line) => {
    const tui = await openTui(["hello back"]);
    tui.enter("hello");
    await tui.waitFor("hello back");
    await tui.waitForStatus("idle");
    if (line === KEY.ctrl("d")) tui.type(line);
    else tui.enter(line);
    await tui.left(0);
    expectPlainModes(tui.bytes());
    expect(tui.transcript().join("\n")).toContain(`hearth --resume ${await sessionId(tui)}`);
  },
);

test("A-030: inside tmux an answer is shown once and /exit leaves as well", async () => {
  const tui = await openTui(["hello back"], { env: { TMUX: "/tmp/tmux-0/default,1,0" } });
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.transcript().filter((row) => row.includes("hello back"))).toHaveLength(1);
});

test("A-030: /exit during a run is queued and leaves when the run has settled", async () => {
  const tui = await openTui([SLOW]);
  tui.enter("go");
  await tui.waitFor("one");
  tui.enter("/exit");
  await tui.waitFor(/1 exit\s+when all is done/);
  await tui.left(0);
  expect(countRows(tui.transcript(), SLOW.text)).toBe(1);
  expect(await outcomes(tui)).toEqual(["completed"]);
});

test("A-030: /exit now interrupts the run first", async () => {
  const tui = await openTui([{ ...SLOW, chunkDelayMs: 3_000 }]);
  tui.enter("go");
  await tui.waitFor("one");
  tui.enter("/exit now");
  await tui.left(0, 3_000);
  expect(await outcomes(tui)).toEqual(["interrupted"]);
});

test("A-029: a terminal that goes away (SIGHUP) or SIGTERM ends the run and keeps the partial answer", async () => {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    const tui = await openTui([SLOW]);
    tui.enter("go");
    await tui.waitFor("two");
    process.kill(tui.pid, signal);
    await tui.left(signal === "SIGTERM" ? 143 : 129);
    expectPlainModes(tui.bytes());
    expect(await outcomes(tui)).toEqual(["interrupted"]);
    expect(JSON.stringify(await sessionLines(await sessionFile(tui.place)))).toContain("one two");
  }
});

test("A-029: what was said while the transcript view was open is in the scrollback when the program ends there", async () => {
  const tui = await openTui([SLOW]);
  tui.enter("go");
  await tui.waitFor("one");
  tui.enter("/exit");
  await tui.waitFor(/1 exit/);
  tui.type(KEY.ctrl("o"));
  await tui.waitFor("q back");
  await tui.left(0);
  expectPlainModes(tui.bytes());
  expect(countRows(tui.transcript(), SLOW.text)).toBe(1);
});

test("Ctrl+Z gives the terminal back to the shell and fg brings the screen and the draft again", async () => {
  await using stub = await withStub(["hello back"]);
  const place = await newPlace();
  const terminal = await openInShell(place, stub);
  terminal.type("a draft");
  await terminal.waitFor("› a draft");
  terminal.type(KEY.ctrl("z"));
  await terminal.waitFor(/Stopped[\s\S]*shell>/);
  terminal.type("stty -a; echo end-of-modes\r");
  await terminal.waitFor(/end-of-modes\s[\s\S]*shell>/);
  expect(terminal.transcript().join("\n")).toMatch(/[ ;]icanon /);
  terminal.type("fg\r");
  await terminal.waitFor((screen) => /› a draft/.test(screen) && statusLine(screen).includes("  idle"));
  terminal.type(KEY.enter);
  await terminal.waitFor("hello back");
});

test("Ctrl+L draws the screen again, Ctrl+G writes the draft in the editor and brings it back", async () => {
  const tui = await openTui([], { env: { VISUAL: "sed -i s/draft/text/" } });
  await tui.waitFor("main · ask");
  tui.type("a draft");
  await tui.waitFor(/› a draft[\s\S]* main\b/);
  const before = tui.screen();
  tui.type(KEY.ctrl("l"));
  await expect.poll(() => tui.bytes().split("a draft").length).toBeGreaterThan(2);
  await tui.waitFor("› a draft");
  expect(tui.screen()).toEqual(before);
  tui.type(KEY.ctrl("g"));
  await tui.waitFor("› a text");
  expect(countRows(tui.transcript(), "hearth")).toBe(1);
});

test("a start that fails leaves the terminal as it was and says why", async () => {
  const tui = await startTui([], { args: ["--resume", "nope"] });
  await tui.left(2);
  expect(tui.transcript().join("\n")).toContain('No session "nope"');
  expectPlainModes(tui.bytes());
});
