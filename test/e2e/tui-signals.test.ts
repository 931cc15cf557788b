// What the terminal is told beside text, by the built program: title, progress, focus, calls; and that all is taken back.
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY, startTerminal } from "../support/terminal.ts";
import { pointedAt } from "./scripted.ts";
import { openTui, startTui, type Tui, writeSettings } from "./tui-driver.ts";

const SLOW = { text: "one two three four five six", chunkSize: 5, chunkDelayMs: 150 };
const GHOSTTY = { TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.2.0" };
const SIGNALS = /\x1b\]0;|\x1b\]9|\x1b\]777|\x1b\]99|\x1b\[\?1004|\x1b\[2[23];0t|\x07/;

async function openKnown(tui: Promise<Tui>): Promise<Tui> {
  const known = await tui;
  await known.waitFor(() => known.title() !== "");
  return known;
}

test("the title tells session and state, progress goes while it works, and both are taken back", async () => {
  const tui = await openKnown(openTui([SLOW], { env: GHOSTTY }));
  expect(tui.title()).toBe("work - hearth");
  tui.enter("count for me");
  await tui.waitFor(() => tui.title() === "● count for me - hearth");
  expect(tui.bytes().split("\x1b]9;4;3;0\x1b\\")).toHaveLength(2);
  await tui.waitForStatus("idle");
  await tui.waitFor(() => tui.title() === "count for me - hearth");
  expect(tui.bytes().lastIndexOf("\x1b]9;4;0;0")).toBeGreaterThan(tui.bytes().lastIndexOf("\x1b]9;4;3;0"));
  tui.enter("/name counting");
  await tui.waitFor(() => tui.title() === "counting - hearth");
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.title()).toBe("");
  expect(tui.bytes()).toContain("\x1b[?1004l");
  expect(tui.bytes().lastIndexOf("\x1b[?1004l")).toBeGreaterThan(tui.bytes().lastIndexOf("\x1b[?1004h"));
});

test("a resumed session has its first prompt in the title", async () => {
  const tui = await openTui(["one", "two"]);
  tui.enter("first words");
  await tui.waitFor("one");
  await tui.waitForStatus("idle");
  tui.enter("/exit");
  await tui.left(0);
  const again = await openTui([], { place: tui.place, stub: tui.stub, args: ["--continue"] });
  await again.waitFor(() => again.title() === "first words - hearth");
});

test("who looks away is called when the run is done and when it asks; reports of the focus are no keys", async () => {
  const ask = { toolCalls: [{ name: "bash", arguments: { command: "touch made" } }] };
  const tui = await openKnown(openTui([SLOW, ask, "done"], { env: GHOSTTY }));
  tui.enter("count");
  await tui.waitFor("one");
  tui.type("\x1b[O");
  await tui.waitFor(() => tui.bytes().includes("\x1b]777;notify;hearth is done;count\x1b\\"));
  tui.type("\x1b[I");
  tui.enter("make it");
  await tui.waitFor("touch made");
  expect(tui.bytes().match(/\x1b\]777/g)).toHaveLength(1);
  tui.type(`${KEY.escape}`);
  await tui.waitForStatus("idle");
  expect(tui.input() ?? "").not.toMatch(/[IO]/);
});

test("an editor gets a terminal without reports of the focus, and they are back afterwards", async () => {
  const place = await newPlace();
  const editor = join(place.cwd, "editor.sh");
  await writeFile(editor, '#!/bin/sh\nprintf "EDITING"\nprintf " edited" >> "$1"\n');
  await chmod(editor, 0o755);
  const tui = await openKnown(openTui([], { place, env: { EDITOR: editor, VISUAL: "" } }));
  tui.type("text");
  await tui.waitFor(() => tui.input() === "text");
  tui.type(KEY.ctrl("g"));
  await tui.waitFor(() => tui.input() === "text edited");
  await tui.waitFor(() => tui.bytes().split("\x1b[?1004h").length === 3);
  const before = tui.bytes().slice(0, tui.bytes().indexOf("EDITING"));
  expect(before.lastIndexOf("\x1b[?1004l")).toBeGreaterThan(before.lastIndexOf("\x1b[?1004h"));
});

test("settings turn each of them off", async () => {
  const place = await newPlace();
  await writeSettings(place, { terminalTitle: false, terminalProgress: false, notify: "off" });
  const tui = await openTui(["hello back"], { place, env: GHOSTTY });
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.bytes()).not.toMatch(SIGNALS);
});

test.for([
  { name: "TERM=linux", env: { ...GHOSTTY, TERM: "linux", COLORTERM: "" }, args: [] },
  { name: "--plain", env: GHOSTTY, args: ["--plain"] },
  { name: "TERM=dumb", env: { ...GHOSTTY, TERM: "dumb" }, args: [] },
])("$name: none of it is written", async ({ env, args }) => {
  const tui = await startTui(["hello back"], { env, args });
  await tui.waitFor(/[>›]/);
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitFor(/\n(?:>|›)\s*(?:\n|$)/);
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.bytes()).not.toMatch(SIGNALS);
});

test("a program that is ended by a signal gives the terminal back", async () => {
  await using stub = await withStub(["hello"]);
  const place = await newPlace();
  const terminal = startTerminal({
    args: [],
    cwd: place.cwd,
    env: { ...pointedAt(place, stub).env, ...GHOSTTY },
  });
  await terminal.waitFor(() => terminal.title() === "work - hearth");
  terminal.kill("SIGTERM");
  await terminal.exited;
  expect(terminal.title()).toBe("");
  expect(terminal.bytes().lastIndexOf("\x1b[?1004l")).toBeGreaterThan(
    terminal.bytes().lastIndexOf("\x1b[?1004h"),
  );
});
