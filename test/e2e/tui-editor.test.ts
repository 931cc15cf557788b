// The input editor of the built program in a pseudo-terminal: vim's modes, drafts, pastes, dragged files, mentions.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { newPlace, type Place } from "../support/hearth.ts";
import { KEY } from "../support/terminal.ts";
import { bodyOf, textsOf } from "./scripted.ts";
import { openTui, statusLine, type Tui, writeSettings } from "./tui-driver.ts";

const SHAPES = { block: "\x1b[2 q", bar: "\x1b[6 q", own: "\x1b[0 q" } as const;

async function typeSlowly(tui: Tui, ...keys: [text: string, shown: RegExp | string][]): Promise<void> {
  for (const [text, shown] of keys) {
    tui.type(text);
    await tui.waitFor(shown);
  }
}

test("vim mode by the setting: a line is written, mended in normal mode and sent", async () => {
  const place = await newPlace();
  await writeSettings(place, { editor: "vim" });
  const tui = await openTui(["got it"], { place });
  await tui.waitFor((screen) => statusLine(screen).includes("insert"));
  await typeSlowly(
    tui,
    ["say hello wrold", /› say hello wrold/],
    [KEY.escape, / {2}idle · normal/],
    ["bcw", / {2}idle · insert/],
    ["world", /› say hello world/],
    [KEY.escape, / {2}idle · normal/],
    ["0dw", /› hello world/],
    ["u", /› say hello world/],
    ["2", / {2}idle · normal 2/],
  );
  tui.type(KEY.escape);
  await tui.waitFor(/ {2}idle · normal ·/);
  tui.type(KEY.enter);
  await tui.waitFor("got it");
  expect(textsOf(tui.stub.requests[0], "user")).toEqual(["say hello world"]);
  expect(tui.bytes()).toContain(SHAPES.block);
  await tui.waitFor(/ {2}idle · insert/);
  tui.enter("/exit");
  await tui.left(0);
  const shapes = [...tui.bytes().matchAll(/\x1b\[\d q/g)].map(([shape]) => shape);
  expect(shapes[0]).toBe(SHAPES.bar);
  expect(shapes.at(-1)).toBe(SHAPES.own);
});

test("vim's blocks, registers and macros by real keys; what is copied to the clipboard goes to the terminal", async () => {
  const place = await newPlace();
  await writeSettings(place, { editor: "vim" });
  const tui = await openTui(["got it"], { place });
  tui.type(KEY.paste("one\ntwo\nsix"));
  await typeSlowly(
    tui,
    [KEY.escape, / {2}idle · normal/],
    ["gg0", /› one/],
    [KEY.ctrl("v"), / {2}idle · visual block/],
    ["jjI", / {2}idle · insert/],
    ["- ", /› - one/],
    [KEY.escape, /› - one\n {2}- two\n {2}- six/],
    ["qa", / {2}idle · normal recording a/],
    ["A.", /› - one\./],
    [KEY.escape, / {2}idle · normal recording a/],
    ["jq", / {2}idle · normal ·/],
    ["2@a", /› - one\.\n {2}- two\.\n {2}- six\./],
  );
  tui.type('gg"+yy');
  const copied = Buffer.from("- one.\n").toString("base64");
  await tui.waitFor(() => tui.bytes().includes(`\x1b]52;c;${copied}`));
  // There is no clipboard program here: vim's own register has it all the same.
  await typeSlowly(tui, ['G"+p', /- six\.\n {2}- one\./]);
  tui.type(KEY.enter);
  await tui.waitFor("got it");
  expect(textsOf(tui.stub.requests[0], "user")).toEqual(["- one.\n- two.\n- six.\n- one."]);
});

test("/vim turns vim's keys on and off; without them no cursor shape is ever asked for", async () => {
  const tui = await openTui([]);
  expect(tui.bytes()).not.toMatch(/\x1b\[\d q/);
  tui.enter("/vim");
  await tui.waitFor(/ {2}idle · insert/);
  tui.type("x");
  tui.type(KEY.escape);
  await tui.waitFor(/ {2}idle · normal/);
  tui.type("x");
  await tui.waitFor((screen) => !screen.includes("› x"));
  tui.type("i");
  tui.enter("/vim");
  await tui.waitFor((screen) => !/insert|normal/.test(statusLine(screen)));
});

async function draftsOf(place: Place): Promise<string[]> {
  const folder = join(place.env.HEARTH_HOME ?? "", "history");
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return Promise.all(
    names
      .filter((name) => /\.draft-\d+\.json$/.test(name))
      .map((name) => readFile(join(folder, name), "utf8")),
  );
}

test("a draft survives kill -9 with its paste, once; what was sent does not come back", async () => {
  const place = await newPlace();
  const pasted = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
  const first = await openTui([], { place });
  first.type(`not sent yet ${KEY.paste(pasted)}`);
  await first.waitFor("[pasted 30 lines #1]");
  await vi.waitFor(async () => expect((await draftsOf(place)).join()).toContain("line 29"), 5_000);
  first.kill("SIGKILL");
  await first.exited;
  const second = await openTui(["got it"], { place });
  await second.waitFor(/› not sent yet \[pasted 30 lines #1\]/);
  second.type(KEY.enter);
  await second.waitFor("got it");
  expect(textsOf(second.stub.requests[0], "user")).toEqual([`not sent yet ${pasted}`]);
  await vi.waitFor(async () => expect(await draftsOf(place)).toEqual([]), 5_000);
  second.kill("SIGKILL");
  await second.exited;
  const third = await openTui([], { place });
  expect(third.input()).toBe("");
});

test("a draft of a saved session comes back with that session, not with another; a new one says where it waits", async () => {
  const place = await newPlace();
  const first = await openTui({ replies: ["ok"], loop: true }, { place });
  first.enter("begin");
  await first.waitFor("ok");
  await first.waitForStatus("idle");
  first.type("half a thought");
  await vi.waitFor(async () => expect((await draftsOf(place)).join()).toContain("half a thought"), 5_000);
  first.kill("SIGKILL");
  await first.exited;
  const fresh = await openTui([], { place });
  await fresh.waitFor(/A text that was not sent waits in another session: \/resume \w+/);
  expect(fresh.input()).toBe("");
  fresh.enter(/\/resume \w+/.exec(fresh.screen().join("\n"))?.[0] ?? "");
  await fresh.waitFor(/resumed[\s\S]*› half a thought/);
  expect((await draftsOf(place)).length).toBeLessThanOrEqual(1);
});

test("a mention with a range puts only those lines before the model", async () => {
  const place = await newPlace();
  const lines = Array.from({ length: 50 }, (_, index) => `const line${index + 1} = 0;`);
  await writeFile(join(place.cwd, "alpha.ts"), lines.join("\n"));
  const tui = await openTui(["seen"], { place });
  tui.type("look at @alp");
  await tui.waitFor(/ alpha\.ts/);
  tui.type("#10-12");
  await tui.waitFor(/alpha\.ts#10-12 +lines 10 to 12/);
  tui.type(KEY.tab);
  await tui.waitFor(/› look at @alpha\.ts#10-12/);
  tui.type(KEY.enter);
  await tui.waitFor("seen");
  const sent = textsOf(tui.stub.requests[0], "user").join("\n");
  expect(sent).toContain("alpha.ts, lines 10-12 of 50");
  expect(sent.match(/const line\d+/g)).toEqual(["const line10", "const line11", "const line12"]);
});

test("a paste of 1 MB with CRLF, tabs and control bytes is sent byte for byte", async () => {
  const tui = await openTui(["got it"]);
  const pasted = "col\ta\r\n\x01\x1b[31mred\x07 行 🎉\x7f\n".repeat(36_000);
  expect(Buffer.byteLength(pasted)).toBeGreaterThan(1_000_000);
  tui.type(KEY.paste(pasted));
  await tui.waitFor(/› \[pasted 72000 lines #1\]/, 20_000);
  tui.type(KEY.enter);
  await tui.waitFor("got it", 20_000);
  const [sent] = textsOf(tui.stub.requests[0], "user");
  expect(sent?.length).toBe(pasted.length);
  expect(sent === pasted).toBe(true);
});

test("a folded paste unfolds by Tab and folds again by undo", async () => {
  const tui = await openTui([]);
  tui.type(KEY.paste(Array.from({ length: 12 }, (_, index) => `row ${index}`).join("\r")));
  await tui.waitFor("[pasted 12 lines #1]");
  tui.type(KEY.tab);
  await tui.waitFor(/row 10\n +row 11/);
  tui.type("\x1f");
  await tui.waitFor("[pasted 12 lines #1]");
});

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("an image that is dragged here, with blanks in its path, is sent as an image; a file is a mention", async () => {
  const place = await newPlace();
  const image = join(place.cwd, "my shot.png");
  await writeFile(image, PNG);
  await writeFile(join(place.cwd, "notes.md"), "remember the milk\n");
  const tui = await openTui(["a dot"], { place });
  tui.type("what is ");
  tui.type(KEY.paste(`${image.replaceAll(" ", "\\ ")} `));
  await tui.waitFor("› what is [image #1 my shot.png]");
  tui.type(" ");
  tui.type(KEY.paste(`file://${join(place.cwd, "notes.md")}`));
  await tui.waitFor("[image #1 my shot.png] @notes.md");
  tui.type(KEY.enter);
  await tui.waitFor("a dot");
  const sent = JSON.stringify(bodyOf(tui.stub.requests[0]).messages);
  expect(sent).toContain(PNG.toString("base64"));
  expect(sent).toContain("remember the milk");
});

test("an image that is mentioned by its path is sent as an image", async () => {
  const place = await newPlace();
  await writeFile(join(place.cwd, "shot.png"), PNG);
  const tui = await openTui(["a dot"], { place });
  tui.enter("what is in @shot.png?");
  await tui.waitFor("a dot");
  const sent = JSON.stringify(bodyOf(tui.stub.requests[0]).messages);
  expect(sent).toContain(PNG.toString("base64"));
  expect(sent).toContain("what is in @shot.png?");
});

test.each([
  ["Shift+Enter in kitty's encoding", "\x1b[13;2u"],
  ["Ctrl+Enter in kitty's encoding", "\x1b[13;5u"],
  ["Ctrl+J", "\n"],
  ["a backslash and Enter", "\\\r"],
])("%s breaks the line", async (_, keys) => {
  const tui = await openTui(["got it"]);
  tui.type("one");
  await tui.waitFor("› one");
  tui.type(keys);
  await tui.waitFor(() => tui.cursor().x === 2);
  tui.type("two");
  await tui.waitFor(/› one\n +two/);
  tui.type(KEY.enter);
  await tui.waitFor("got it");
  expect(textsOf(tui.stub.requests[0], "user")).toEqual(["one\ntwo"]);
});

test("the terminal's cursor stands behind wide, combined and right-to-left characters", async () => {
  const tui = await openTui([]);
  for (const [text, columns] of [
    ["中文", 4],
    ["e\u0301", 1],
    ["שלום", 4],
    ["👩‍👩‍👧‍👦", 2],
  ] as const) {
    tui.type(text);
    await tui.waitFor(() => tui.cursor().x === 2 + columns);
    tui.type(KEY.ctrl("u"));
    await tui.waitFor((screen) => !screen.includes(text));
  }
});
