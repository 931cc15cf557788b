// Approvals on the screen (SPEC, section 4); the built program in a pseudo-terminal.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { KEY } from "../support/terminal.ts";
import { openCalls, toolAnswers } from "./scripted.ts";
import { elapse, openTui } from "./tui-driver.ts";

function bash(...commands: string[]) {
  return { toolCalls: commands.map((command) => ({ name: "bash", arguments: { command } })) };
}

test("A-074: the question shows command and place; n with a reason tells the model, and nothing ran", async () => {
  const tui = await openTui([bash("touch ran.txt && cc -o main main.c"), "make it is"]);
  tui.enter("build");
  await tui.waitFor("bash wants to run");
  const screen = tui.screen().join("\n");
  expect(screen).toContain("touch ran.txt && cc -o main main.c");
  expect(screen).toContain("workspace");
  await tui.waitForStatus("asking you");
  tui.type("n");
  await tui.waitFor("No, because");
  tui.enter("use make");
  await tui.waitFor("make it is");
  await tui.waitForStatus("idle");
  const [, next] = tui.stub.requests;
  expect(next && toolAnswers(next)).toMatchObject([
    { isError: true, text: expect.stringContaining("use make") },
  ]);
  expect(await readdir(tui.place.cwd)).toEqual([".git"]);
});

test("A-075: what was always allowed is not asked again, another command is", async () => {
  const tui = await openTui([bash("npm test"), bash("npm test"), bash("npm publish"), "done here"]);
  await writeFile(join(tui.place.cwd, "package.json"), '{"scripts":{"test":"echo tested"}}');
  tui.enter("test it");
  await tui.waitFor(/bash wants to run[\s\S]*a {2}always bash\(npm test/);
  tui.type("a");
  await tui.waitFor(/bash wants to run[\s\S]*npm publish/, 20_000);
  expect(tui.stub.requests).toHaveLength(3);
  expect(tui.stub.requests[2] && toolAnswers(tui.stub.requests[2]).at(-1)?.text).toContain("tested");
  tui.type("n");
  await tui.waitFor("No, because");
  tui.type(KEY.enter);
  await tui.waitFor("done here");
});

test("a question that comes while the person writes takes no letter of the draft, which stays for later", async () => {
  const tui = await openTui([{ ...bash("echo ran"), delayMs: 700 }, "done here"]);
  tui.enter("go");
  await tui.waitForStatus("streaming");
  for (const letter of "any yes and no ") {
    tui.type(letter);
    await elapse(100);
  }
  await tui.waitFor("bash wants to run");
  expect(tui.input()).toContain("any yes and no");
  expect(tui.stub.requests).toHaveLength(1);
  await tui.waitFor("send or clear your text to answer it");
  tui.type(KEY.ctrl("u"));
  await tui.waitFor("anything else is a message");
  tui.type("y");
  await tui.waitFor("done here");
  await tui.waitForStatus("idle");
  tui.type(KEY.ctrl("y"));
  await tui.waitFor(/› any yes and no/);
  expect(openCalls(tui.stub.requests[1])).toEqual([]);
});

test("a sentence that is written under a question approves nothing and reaches the model", async () => {
  const tui = await openTui([bash("touch ran.txt"), "done here"]);
  tui.enter("go");
  await tui.waitFor("anything else is a message");
  for (const letter of "oh yes") {
    tui.type(letter);
    await elapse(150);
  }
  await tui.waitFor(/› oh yes/);
  tui.type(KEY.enter);
  await tui.waitFor(/steer\s+oh yes/);
  expect(await readdir(tui.place.cwd)).toEqual([".git"]);
  tui.type("n");
  await tui.waitFor("No, because");
  tui.type(KEY.enter);
  await tui.waitFor("done here");
  expect(JSON.stringify(tui.stub.requests[1]?.body)).toContain("oh yes");
  expect(await readdir(tui.place.cwd)).toEqual([".git"]);
});

test("an edit is asked about with its diff, and a command that the person edited runs as edited", async () => {
  const place = await newPlace();
  await writeFile(join(place.cwd, "a.txt"), "old line\n");
  const tui = await openTui(
    [
      { toolCalls: [{ name: "read", arguments: { path: "a.txt" } }] },
      {
        toolCalls: [
          { name: "edit", arguments: { path: "a.txt", edits: [{ old_text: "old", new_text: "new" }] } },
        ],
      },
      bash("echo wrong"),
      "done here",
    ],
    { place },
  );
  tui.enter("go");
  await tui.waitFor("edit wants to run");
  await tui.waitFor(/-\s+old line[\s\S]*\+\s+new line/);
  tui.type("y");
  await tui.waitFor("bash wants to run");
  tui.type("e");
  await tui.waitFor(/› echo wrong/);
  tui.type(`${KEY.ctrl("w")}right${KEY.enter}`);
  await tui.waitFor("done here");
  expect(tui.stub.requests[3] && toolAnswers(tui.stub.requests[3]).at(-1)?.text).toContain("right");
});

test("Esc on a question interrupts the run; the call has a result in the next request", async () => {
  const tui = await openTui([bash("echo ran"), "second answer"]);
  tui.enter("go");
  await tui.waitFor("bash wants to run");
  tui.type(KEY.escape);
  await tui.waitForStatus("idle", 2_000);
  expect(tui.screen().join("\n")).not.toContain("wants to run");
  tui.enter("go on");
  await tui.waitFor("second answer");
  expect(openCalls(tui.stub.requests[1])).toEqual([]);
});
