// A session that another process has open (SPEC, A-099): it can be looked at, gone on with in a copy, or left.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { KEY } from "../support/terminal.ts";
import { sessionFile, sessionFiles } from "./scripted.ts";
import { openTui, startTui, type Tui } from "./tui-driver.ts";

const DIALOG = /in use by process \d+\.[\s\S]*look at it[\s\S]*fork it[\s\S]*open another[\s\S]*leave/;
const ECHO = { replies: ["first answer"], loop: true };

/** Two programs: one has the session with its first prompt, the other has asked for the same. */
async function twoPrograms(...args: string[]) {
  const place = await newPlace();
  const owner = await openTui(ECHO, { place });
  owner.enter("my first prompt");
  await owner.waitFor("first answer");
  await owner.waitForStatus("idle");
  const file = await sessionFile(place);
  const other = await startTui(ECHO, { place, args: ["--continue", ...args] });
  await other.waitFor(DIALOG);
  return { place, owner, other, file };
}

async function sendRefused(tui: Tui, text: string): Promise<void> {
  tui.enter(text);
  await tui.waitFor("It can only be looked at here.");
  await expect.poll(() => tui.input()).toBe(text);
}

test("looked at, it shows the conversation, refuses prompts with a sentence, and not a byte of the file changes", async () => {
  const { other, file } = await twoPrograms();
  const before = await readFile(file);
  expect(other.screen().join("\n")).toContain("my first prompt");
  other.type(KEY.enter);
  await other.waitFor(/Ctrl\+O opens the whole of it/);
  await sendRefused(other, "another prompt");
  await other.waitFor("session.read_only");
  other.type(KEY.ctrl("u"));
  for (const line of ["!echo hi", "/name mine", "/rewind 0", "/compact"]) {
    await sendRefused(other, line);
    other.type(KEY.ctrl("u"));
  }
  other.type(KEY.ctrl("o"));
  await other.waitFor(/my first prompt[\s\S]*first answer/);
  other.type("q");
  await other.waitForStatus("read-only");
  expect((await readFile(file)).equals(before)).toBe(true);
});

test("forked, it goes on in a copy while the owner goes on in the original", async () => {
  const { place, owner, other, file } = await twoPrograms();
  other.type(KEY.down);
  other.type(KEY.enter);
  await other.waitFor("a copy; the original stays as it is");
  other.enter("into the copy");
  await other.waitFor(/into the copy[\s\S]*first answer/);
  owner.enter("into the original");
  await owner.waitFor(/into the original[\s\S]*first answer/);
  expect(await sessionFiles(place)).toHaveLength(2);
  const original = await readFile(file, "utf8");
  expect(original).toContain("into the original");
  expect(original).not.toContain("into the copy");
});

test("a prompt that the start was given waits in the input; /resume opens the session once it is free", async () => {
  const { owner, other, file } = await twoPrograms("do it now");
  other.type(KEY.escape);
  await other.waitFor((screen) => !screen.includes("look at it"));
  await expect.poll(() => other.input()).toBe("do it now");
  owner.enter("/exit");
  await owner.left(0);
  other.type(KEY.ctrl("u"));
  other.enter(`/resume ${file}`);
  await other.waitFor("resumed");
  other.enter("and now?");
  await other.waitFor(/and now\?[\s\S]*first answer/);
  expect(await readFile(file, "utf8")).toContain("and now?");
});

test("left, the program ends with exit code 0", async () => {
  const { other } = await twoPrograms();
  other.type("leave");
  await other.waitFor("1 of 4");
  other.type(KEY.enter);
  await other.left(0);
});
