// What a person enters (SPEC, section 2 and A-066): completion, pastes, shell lines, plain mode; the built program in
// a pseudo-terminal.
import { execa } from "execa";
import { expect, test } from "vitest";
import { BIN, newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { pointedAt, textsOf } from "./scripted.ts";
import { countRows, elapse, openTui, startTui, writeSettings } from "./tui-driver.ts";

test("A-003: a piped prompt runs one-shot and no escape sequence reaches stdout", async () => {
  await using stub = await withStub(["hello"]);
  const place = await newPlace();
  const { stdout } = await execa(process.execPath, [BIN], {
    cwd: place.cwd,
    env: pointedAt(place, stub).env,
    extendEnv: false,
    input: "hi\n",
    stripFinalNewline: false,
  });
  expect(stdout).toBe("hello\n");
});

test("A-034: Tab completes a command and an unknown one is an error that names /help, not a prompt", async () => {
  const tui = await openTui(["never said"]);
  tui.type("/mod");
  await tui.waitFor("/model");
  tui.type(KEY.tab);
  await tui.waitFor(/› \/model/);
  tui.type(KEY.ctrl("c"));
  await tui.waitFor((screen) => !screen.includes("/model"));
  tui.enter("/nonsense");
  await tui.waitFor("There is no command /nonsense");
  expect(tui.screen().join("\n")).toContain("/help");
  await tui.waitForStatus("idle");
  expect(tui.stub.requests).toHaveLength(0);
});

test.for([
  { title: "TERM=dumb", env: { TERM: "dumb" }, args: [] },
  { title: "--plain", env: {}, args: ["--plain"] },
])("A-036: with $title nothing moves the cursor and a prompt gets its answer", async ({ env, args }) => {
  const tui = await startTui([{ text: "the **plain** answer" }, "second answer"], { env, args });
  await tui.waitFor(">");
  tui.enter("hello");
  await tui.waitFor(/the (\*\*)?plain(\*\*)? answer/);
  tui.enter("again");
  await tui.waitFor("second answer");
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.bytes()).not.toMatch(/\x1b/);
  expect(countRows(tui.transcript(), "second answer")).toBe(1);
});

test("A-036: plain mode asks for an approval in lines and takes a reason", async () => {
  const tui = await startTui(
    [{ toolCalls: [{ name: "bash", arguments: { command: "echo ran" } }] }, "understood"],
    {
      args: ["--plain"],
    },
  );
  await tui.waitFor(">");
  tui.enter("go");
  await tui.waitFor("bash wants to run");
  tui.enter("n use make");
  await tui.waitFor("understood");
  expect(JSON.stringify(tui.stub.requests[1]?.body)).toContain("use make");
  expect(tui.bytes()).not.toMatch(/\x1b/);
});

test("A-036: in plain mode Ctrl+C interrupts a run, and leaves with 130 when nothing runs", async () => {
  const tui = await startTui([{ text: "one two three four five six", chunkSize: 5, chunkDelayMs: 400 }], {
    args: ["--plain"],
  });
  await tui.waitFor(">");
  tui.enter("go");
  await tui.stub.waitForRequests(1);
  await elapse(600);
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("interrupted");
  tui.type(KEY.ctrl("c"));
  await tui.left(130);
  expect(tui.transcript().join("\n")).toContain("hearth --resume");
});

test("in plain mode Ctrl+C at rest warns first, and /model alone names the models", async () => {
  const tui = await startTui([], { args: ["--plain"] });
  await tui.waitFor(">");
  tui.enter("/model");
  await tui.waitFor(/anthropic\/claude[\s\S]*Give the name with the command: \/model NAME/);
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("Ctrl+C again leaves.");
  tui.type(KEY.ctrl("c"));
  await tui.left(130);
});

test("a theme that cannot be had is told, with its file, and the program begins in dark", async () => {
  const place = await newPlace();
  await writeSettings(place, { theme: "nosuch" });
  const tui = await openTui(["hello back"], { place });
  await tui.waitFor(/There is no theme named nosuch\.[\s\S]*nosuch\.json/);
  tui.enter("hello");
  await tui.waitFor("hello back");
});

const HARD_TEXT = [
  "日本語の行、全角。",
  "emoji 👩‍👩‍👧‍👦 🇩🇪 👍🏽 e\u0301 한국어",
  '\ttab, $(touch x), `back`, \\n, "quotes"',
  "",
  "  trailing blanks  ",
  "مرحبا ‏(rtl)",
].join("\n");

test("A-038: a paste of several lines with wide characters and emoji is one message, byte for byte", async () => {
  const tui = await openTui(["got it"]);
  tui.type(KEY.paste(HARD_TEXT));
  await tui.waitFor(/日本語|pasted/);
  tui.type(KEY.enter);
  await tui.waitFor("got it");
  await tui.waitForStatus("idle");
  expect(textsOf(tui.stub.requests[0], "user")).toEqual([HARD_TEXT]);
  expect(tui.stub.requests).toHaveLength(1);
});

test("A-038: a paste of 2,000 lines stands for itself in the input and is sent whole", async () => {
  const tui = await openTui(["got it"]);
  const long = Array.from({ length: 2_000 }, (_, index) => `line ${index} 行 🎉`).join("\n");
  tui.type(`look: ${KEY.paste(long)}`);
  await tui.waitFor(/look: \[.*2[,.]?000 lines.*\]/);
  tui.type(KEY.enter);
  await tui.waitFor("got it");
  expect(textsOf(tui.stub.requests[0], "user")).toEqual([`look: ${long}`]);
});

test("A-066: !command runs without a model call, shows its output, and the next request holds it", async () => {
  const tui = await openTui(["I saw it"]);
  tui.enter("!echo hi-$((40+2))");
  await tui.waitFor(/\$ echo hi[\s\S]*\n\s+hi-42/);
  await tui.waitForStatus("idle");
  expect(tui.stub.requests).toHaveLength(0);
  tui.enter("what did it print?");
  await tui.waitFor("I saw it");
  expect(textsOf(tui.stub.requests[0], "user").join("\n")).toMatch(/hi-42[\s\S]*what did it print\?/);
});

test("keys that are typed before the first frame are in the input, not on the screen beside it", async () => {
  const tui = await startTui(["hello back"]);
  await tui.waitFor("›");
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  expect(countRows(tui.transcript(), "hello")).toBe(2);
});
