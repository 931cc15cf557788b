// Background processes on the screen: Ctrl+B moves what runs there, /ps lists, reads and ends it; the built program in
// a pseudo-terminal.
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { expect, test } from "vitest";
import { KEY } from "../support/terminal.ts";
import { openCalls, textsOf, toolAnswers } from "./scripted.ts";
import { openTui, statusLine, type Tui } from "./tui-driver.ts";

const FULL = ["--permission-mode", "full"];
const ALT_X = "\x1bx";

function bash(...commands: string[]) {
  return { toolCalls: commands.map((command) => ({ name: "bash", arguments: { command } })) };
}

/** A command that runs until it is ended, known by its mark. */
function server(name: string, mark: string): string {
  return `echo ${name} is up; sleep ${mark}; echo never`;
}

function markOf(part: number): string {
  return `30${part}.${process.pid}`;
}

async function running(mark: string): Promise<number> {
  const { stdout } = await execa("ps", ["-eo", "stat,args"]);
  return stdout.split("\n").filter((row) => row.includes(`sleep ${mark}`) && !row.startsWith("Z")).length;
}

async function moveBoth(one: string, two: string): Promise<Tui> {
  const script = [bash(server("one", one), server("two", two)), "both go on", "and more"];
  const tui = await openTui(script, { args: FULL });
  tui.enter("go");
  await tui.waitFor(/^ +one is up$/m);
  tui.type(KEY.ctrl("b"));
  await tui.waitFor(/background p1[\s\S]*^ +two is up$/m);
  tui.type(KEY.ctrl("b"));
  await tui.waitFor("both go on");
  await tui.waitForStatus("idle");
  return tui;
}

test("Ctrl+B moves one running bash after the other to the background, and the model is told where each goes on", async () => {
  const [one, two] = [markOf(1), markOf(2)];
  const tui = await moveBoth(one, two);
  await tui.waitFor((screen) => statusLine(screen).includes("2 in background"));
  const [, next] = tui.stub.requests;
  const [first, second] = next ? toolAnswers(next) : [];
  expect(first?.text).toMatch(
    /^one is up\n\[Moved to the background by the user after \d+ s\. It goes on as p1 /,
  );
  expect(second?.text).toMatch(/^two is up\n\[Moved to the background .* as p2 /);
  expect(openCalls(next)).toEqual([]);
  const log = /is in (\S+): read that file/.exec(first?.text ?? "")?.[1] ?? "";
  expect(await readFile(log, "utf8")).toBe("one is up\n");
  expect([await running(one), await running(two)].every((count) => count > 0)).toBe(true);
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.transcript().join("\n")).toContain("Ended 2 background processes.");
  expect([await running(one), await running(two)]).toEqual([0, 0]);
});

test("/ps lists them with their newest line, reads one, ends one and then all; the model is told with the next prompt", async () => {
  const [one, two] = [markOf(3), markOf(4)];
  const tui = await moveBoth(one, two);
  tui.enter("/ps");
  await tui.waitFor(
    /● p1 {2}echo one is up.*running\s+● p2 {2}echo two is up.*running\s+two is up\s+Enter read/,
  );
  tui.type(KEY.up);
  await tui.waitFor(/running\s+one is up\s+Enter read/);
  tui.type(KEY.enter);
  await tui.waitFor(/p1 {2}\d:\d\d running .*\.log\s+one is up\s+follows the newest/);
  tui.type(KEY.ctrl("x"));
  await tui.waitFor("Ended p1.");
  await tui.waitFor(/p1 {2}ended by you, ran \d:\d\d/);
  expect([await running(one), await running(two)].map((count) => count > 0)).toEqual([false, true]);
  tui.type(KEY.escape);
  await tui.waitFor("Alt+X end all");
  tui.type(ALT_X);
  await tui.waitFor("The same key again ends all that run: p2.");
  tui.type(ALT_X);
  await tui.waitFor("Ended p2.");
  expect(await running(two)).toBe(0);
  tui.type(KEY.escape);
  await tui.waitFor((screen) => !screen.includes("Alt+X end all"));
  tui.enter("what now");
  await tui.waitFor("and more");
  const said = textsOf(tui.stub.requests[2], "user").slice(1);
  expect(said[0]).toBe("what now");
  expect(said.slice(1)).toEqual([
    expect.stringMatching(/^\[The background process p1 was ended by the user: echo one is up/),
    expect.stringMatching(/^\[The background process p2 was ended by the user: echo two is up/),
  ]);
  await tui.waitFor((screen) => !statusLine(screen).includes("in background"));
});

test("a background process that ends is said in one line at once, and the model learns it with the next request", async () => {
  const serve = {
    name: "bash",
    arguments: { command: "until [ -e stop ]; do sleep 0.1; done; exit 4", background: true },
  };
  const tui = await openTui([{ toolCalls: [serve] }, "started", "noted"], { args: FULL });
  tui.enter("go");
  await tui.waitFor("started");
  await tui.waitForStatus("idle");
  tui.enter("!touch stop");
  await tui.waitFor(/p1 ended with exit code 4 after 0:0\d: until \[ -e stop \]/);
  tui.enter("and now");
  await tui.waitFor("noted");
  const said = textsOf(tui.stub.requests.at(-1), "user");
  expect(said.at(-1)).toMatch(
    /^\[The background process p1 ended with exit code 4: .*Its output: \S+\.log\]$/,
  );
  expect(
    tui
      .transcript()
      .join("\n")
      .match(/p1 ended with exit code 4/g),
  ).toHaveLength(1);
});

test("while bash runs its row says the key after two seconds; without a call that can go there Ctrl+B moves the cursor", async () => {
  const tui = await openTui([bash("echo up; sleep 60"), "went on"], { args: FULL });
  tui.type(`ab${KEY.ctrl("b")}X`);
  expect(await inputWhen(tui, "aXb")).toBe("aXb");
  tui.type(KEY.ctrl("u"));
  tui.type(KEY.ctrl("k"));
  tui.enter("go");
  await tui.waitFor(/bash {2}echo up; sleep 60 +Ctrl\+B to background +0:0\d/);
  tui.enter("/background");
  await tui.waitFor("went on");
});

test("a command of one's own says its time and is moved in the same way; the model learns where it goes on", async () => {
  const mark = markOf(6);
  const tui = await openTui(["I see"], { args: FULL });
  tui.enter(`!${server("mine", mark)}`);
  await tui.waitFor(/^ +mine is up\n +0:0\d running · Ctrl\+B to background$/m);
  tui.type(KEY.ctrl("b"));
  await tui.waitFor("! echo goes on in the background: /ps shows it.");
  await tui.waitFor(/mine is up\n +\[goes on in the background as p1\]/);
  await tui.waitForStatus("idle · 1 in background");
  tui.enter("look");
  await tui.waitFor("I see");
  expect(textsOf(tui.stub.requests[0], "user")[0]).toMatch(
    /^I ran `echo mine .*` \(it goes on in the background as p1; its output is kept in \S+\.log\):\n\nmine is up\n$/,
  );
  expect(await running(mark)).toBeGreaterThan(0);
  tui.enter("/ps stop p1");
  await tui.waitFor("Ended p1.");
  expect(await running(mark)).toBe(0);
});

test("after kill -9 nothing of a background process is left", async () => {
  const mark = markOf(5);
  const tui = await openTui([bash(server("one", mark)), "goes on"], { args: FULL });
  tui.enter("go");
  await tui.waitFor(/^ +one is up$/m);
  tui.type(KEY.ctrl("b"));
  await tui.waitFor(/^ +goes on$/m);
  expect(await running(mark)).toBeGreaterThan(0);
  tui.kill("SIGKILL");
  await tui.exited;
  await expect.poll(() => running(mark), { timeout: 5_000 }).toBe(0);
});

test("after a resume the model learns once that the processes of the earlier sitting are gone", async () => {
  const serve = { name: "bash", arguments: { command: "echo serving; sleep 60", background: true } };
  const script = [{ toolCalls: [serve] }, "it serves", "so they are gone", "nothing new"];
  const tui = await openTui(script, { args: FULL });
  tui.enter("serve");
  await tui.waitFor("it serves");
  await tui.waitForStatus("idle");
  tui.kill("SIGKILL");
  await tui.exited;
  const again = await openTui([], { place: tui.place, stub: tui.stub, args: ["--continue", ...FULL] });
  again.enter("go on");
  await again.waitFor("so they are gone");
  const told =
    /^\[The background process p1 of an earlier sitting does not run any more, .*echo serving; .*\.log\]$/;
  expect(textsOf(tui.stub.requests.at(-1), "user")).toEqual(["serve", "go on", expect.stringMatching(told)]);
  await again.waitForStatus("idle");
  again.enter("/exit");
  await again.left(0);
  const last = await openTui([], { place: tui.place, stub: tui.stub, args: ["--continue", ...FULL] });
  last.enter("and now");
  await last.waitFor("nothing new");
  expect(textsOf(tui.stub.requests.at(-1), "user").filter((text) => told.test(text))).toHaveLength(1);
});

test("a progress bar shows its last state under the running call, with the newest lines before it", async () => {
  const command =
    "echo begin; printf '10%%\\r'; sleep 0.2; printf '50%%\\r'; sleep 0.2; printf '90%%'; sleep 60";
  const tui = await openTui([bash(command)], { args: FULL });
  tui.enter("go");
  await tui.waitFor(/begin\n +90%\n/);
  expect(tui.screen().join("\n")).not.toMatch(/^ +(10|50)%/m);
  tui.type(KEY.escape);
  await tui.waitForStatus("idle", 5_000);
});

async function inputWhen(tui: Tui, text: string): Promise<string | null> {
  await tui.waitFor(text);
  return tui.input();
}
