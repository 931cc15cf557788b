// What the program says about every act of control, in one line; the built program in a pseudo-terminal.
import { expect, test } from "vitest";
import { KEY } from "../support/terminal.ts";
import { textsOf } from "./scripted.ts";
import { openTui } from "./tui-driver.ts";

const FULL = ["--permission-mode", "full"];
const ALT_UP = "\x1b[1;3A";
const ALT_DOWN = "\x1b[1;3B";

function bash(command: string) {
  return { toolCalls: [{ name: "bash", arguments: { command } }] };
}

/** Runs until the file `go` is there. */
const HELD = bash("until [ -e go ]; do sleep 0.1; done; echo finished");

test("the queue says what each key did, and an item keeps its place when it is edited", async () => {
  const tui = await openTui([HELD, "steered", "followed", "last"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("steer A");
  await tui.waitFor(/A steer: goes after bash, 0:0\d running\./);
  tui.type(`follow B${KEY.altEnter}`);
  await tui.waitFor("A follow-up: goes when this is done.");
  tui.type(`follow C${KEY.altEnter}`);
  await tui.waitFor(/A follow-up: goes after 2\.[\s\S]*/);
  tui.type(ALT_UP);
  await tui.waitFor("^X drop");
  tui.type(ALT_DOWN);
  await tui.waitFor("It is the last already.");
  tui.type(ALT_UP);
  await tui.waitFor("Moved up: 2 of 3.");
  await tui.waitFor(/2 follow-up\s+follow C[\s\S]*3 follow-up\s+follow B\s+after 2/);
  tui.type(KEY.ctrl("e"));
  await tui.waitFor("Edit the queued follow-up");
  tui.type(" mended");
  tui.type(KEY.enter);
  await tui.waitFor(/Changed\./);
  await tui.waitFor(/2 follow-up\s+follow C mended/);
  tui.type(KEY.tab);
  await tui.waitFor(/Now a steer: goes after bash, 0:\d\d running\./);
  tui.type(KEY.tab);
  await tui.waitFor("Now a follow-up: goes when this is done.");
  tui.type(KEY.up);
  tui.type(KEY.ctrl("x"));
  await tui.waitFor("Dropped: steer A");
  tui.type("typed into the list");
  await tui.waitFor("› typed into the list");
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("Ctrl+C again leaves and interrupts the run; Esc only interrupts.");
  tui.enter("!touch go");
  await tui.waitFor("last");
  await tui.waitForStatus("idle");
  expect(tui.stub.requests.map((request) => textsOf(request, "user").at(-1))).toEqual([
    "go",
    "go",
    "follow C mended",
    "follow B",
  ]);
});

test("a pause says when it holds and what goes on; its row stays above the input while other things are said", async () => {
  const tui = await openTui([HELD, "went on"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("/pause");
  await tui.waitFor(/Pauses after bash, 0:0\d running\./);
  await tui.waitFor("‖ pauses after this step · /continue or Enter on an empty line goes on");
  tui.enter("!touch go");
  await tui.waitForStatus("paused");
  await tui.waitFor("‖ paused · /continue");
  tui.enter("a steer");
  await tui.waitFor("A steer: goes after /continue.");
  expect(tui.screen().join("\n")).toContain("‖ paused · 1 queued · /continue");
  tui.type(KEY.up);
  await tui.waitFor("^X drop");
  tui.type(KEY.ctrl("s"));
  await tui.waitFor("Paused: it goes with /continue, or Enter on an empty line.");
  expect(tui.stub.requests).toHaveLength(1);
  tui.type(KEY.enter);
  await tui.waitFor("went on");
  await tui.waitForStatus("idle");
  expect(textsOf(tui.stub.requests[1], "user")).toEqual(["go", "a steer"]);
  expect(tui.screen().join("\n")).not.toContain("‖");
});

test("dropping the pause in the queue goes on; an interrupt says how many texts came back, in order", async () => {
  const tui = await openTui([HELD], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("/pause");
  await tui.waitFor("pauses after this step");
  tui.type(KEY.up);
  await tui.waitFor("^X drop");
  tui.type(KEY.ctrl("x"));
  await tui.waitFor("The pause is off.");
  await tui.waitFor((screen) => !screen.includes("‖"));
  tui.enter("first");
  await tui.waitFor(/1 steer\s+first/);
  tui.type(`second${KEY.altEnter}`);
  await tui.waitFor(/2 follow-up\s+second/);
  tui.type(KEY.escape);
  await tui.waitFor("Interrupted; 2 queued texts are back in the input.");
  expect(tui.input()).toMatch(/^first\nsecond/);
});

test("a queued exit is an item that says when it leaves, and is dropped to stay", async () => {
  const tui = await openTui([HELD, "done here"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("/exit");
  await tui.waitFor(
    "Leaves when the work is done; drop it in the queue to stay; /exit now interrupts first.",
  );
  await tui.waitFor(/1 exit\s+when all is done/);
  tui.type(KEY.up);
  await tui.waitFor("^X drop");
  tui.type(KEY.tab);
  await tui.waitFor("A queued exit stays what it is.");
  tui.type(KEY.ctrl("x"));
  await tui.waitFor("It stays when the work is done.");
  tui.enter("!touch go");
  await tui.waitFor("done here");
  await tui.waitForStatus("idle");
  tui.type(KEY.ctrl("d"));
  await tui.left(0);
});

test("steer now says what it cut short, from the queue and with Enter on the empty line", async () => {
  const tui = await openTui([bash("sleep 30"), bash("sleep 30"), "python then"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.type(`later${KEY.altEnter}`);
  await tui.waitFor(/1 follow-up\s+later/);
  tui.type(KEY.up);
  await tui.waitFor("^X drop");
  tui.type(KEY.ctrl("s"));
  await tui.waitFor("Steered now: bash cancelled.");
  await tui.waitFor(/▌ later[\s\S]*● bash/);
  tui.enter("and this");
  await tui.waitFor(/1 steer\s+and this/);
  tui.type(KEY.enter);
  await tui.waitFor("python then");
  expect(textsOf(tui.stub.requests[2], "user")).toEqual(["go", "later", "and this"]);
});
