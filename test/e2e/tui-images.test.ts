// Images in the scrollback: the terminal gets each once, with room of its own, and never anything it does not understand.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { expect, onTestFinished, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { samplePng } from "../support/sample-image.ts";
import { withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { pointedAt } from "./scripted.ts";
import { countRows, openTui, startTui, writeSettings } from "./tui-driver.ts";

const SCRIPT = [{ toolCalls: [{ name: "read", arguments: { path: "shot.png" } }] }, "A picture of nothing."];
/** A busy machine takes its time. */
const POLL = { timeout: 10_000 };
const KITTY_IMAGE = /\x1b_Ga=T,f=100[\s\S]*?\x1b\\/g;
const ANY_IMAGE = /\x1b_G|\x1b\]1337;File|\x1bP|\x1b\]7717/;

async function placeWithImage(settings: object = {}) {
  const place = await newPlace();
  await writeFile(join(place.cwd, "shot.png"), samplePng(320, 240));
  await writeSettings(place, settings);
  return place;
}

async function readImage(env: Record<string, string>, settings: object = {}) {
  const tui = await openTui(SCRIPT, { place: await placeWithImage(settings), env });
  tui.enter("look at shot.png");
  await tui.waitFor("A picture of nothing.");
  await tui.waitForStatus("idle");
  return tui;
}

/** Where the cursor stood in the scrollback whenever an image of iTerm2 came, and what stands in the row above it. */
async function drawnAt(bytes: string, columns: number, rows: number) {
  const screen = new headless.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  const places: { x: number; above: string }[] = [];
  screen.parser.registerOscHandler(1337, () => {
    const { cursorX, cursorY, baseY } = screen.buffer.active;
    const above = screen.buffer.active.getLine(baseY + cursorY - 1)?.translateToString(true) ?? "";
    places.push({ x: cursorX, above });
    return true;
  });
  await new Promise<void>((resolve) => screen.write(bytes, resolve));
  return places;
}

test.each([
  ["kitty", { TERM: "xterm-kitty" }, KITTY_IMAGE],
  ["iTerm2", { TERM_PROGRAM: "iTerm.app" }, /\x1b\]1337;File=inline=1;[^\x07]*\x07/g],
])(
  "an image that was read stands under its call in %s, once, in rows of its own",
  async (_, env, pattern) => {
    const tui = await readImage(env);
    expect(tui.bytes().match(pattern)).toHaveLength(1);
    expect(tui.bytes()).not.toContain("\x1b]7717");
    const rows = tui.transcript();
    const call = rows.findIndex((row) => /✓ read {2}shot\.png +320x240 png, \d+ \w+/.test(row));
    const answer = rows.findIndex((row) => row.includes("A picture of nothing."));
    expect(rows.slice(call + 1, answer).every((row) => row.trim() === "")).toBe(true);
    // Twelve rows of the image, one between the items.
    expect(answer - call).toBe(14);
  },
);

test("an image in the last rows of a window scrolls up as a whole, and nothing is doubled by resizes", async () => {
  const tui = await readImage({ TERM: "xterm-kitty" });
  tui.enter("again");
  await tui.waitFor((screen) => screen.split("A picture of nothing.").length > 1);
  for (const [columns, rows] of [
    [60, 20],
    [120, 40],
    [80, 14],
    [100, 30],
  ] as const)
    tui.resize(columns, rows);
  await tui.waitForStatus("idle");
  expect(tui.bytes().match(KITTY_IMAGE)).toHaveLength(1);
  expect(countRows(tui.transcript(), "look at shot.png")).toBe(1);
  expect(countRows(tui.transcript(), "shot.png  ")).toBe(1);
});

test("an image is drawn right under its call, also when the window is full and scrolls for it", async () => {
  const long = Array.from({ length: 25 }, (_, line) => `line ${line}`).join("\n\n");
  const [call] = SCRIPT;
  const tui = await openTui([long, call ?? "", "one", call ?? "", "two"], {
    place: await placeWithImage(),
    env: { TERM_PROGRAM: "iTerm.app" },
  });
  tui.enter("a long answer");
  await tui.waitFor("line 24");
  for (const word of ["one", "two"]) {
    await tui.waitForStatus("idle");
    tui.enter(`look ${word}`);
    await tui.waitFor(new RegExp(`^ {2}${word}$`, "m"));
  }
  const places = await drawnAt(tui.bytes(), 100, 30);
  expect(places).toEqual([
    { x: 6, above: expect.stringContaining("✓ read  shot.png") },
    { x: 6, above: expect.stringContaining("✓ read  shot.png") },
  ]);
  const rows = tui.transcript();
  expect(Array.from({ length: 25 }, (_, line) => countRows(rows, `line ${line}`) > 0)).not.toContain(false);
});

test("an unknown terminal is asked after the first frame, and its answer is typed nowhere", async () => {
  const tui = await openTui(["fine"], {});
  await expect.poll(() => tui.bytes(), POLL).toContain("\x1b[16t\x1b[c");
  tui.enter("hello");
  await tui.waitFor("fine");
  expect(tui.screen().join("\n")).toMatch(/^▌ hello$/m);
  await tui.waitForStatus("idle");
  await expect.poll(() => tui.input(), POLL).toBe("");
});

test("a terminal that answers that it has sixels gets them", async () => {
  const place = await placeWithImage();
  await using stub = await withStub(SCRIPT);
  const program = new URL("../../bin/hearth.js", import.meta.url).pathname;
  const pty = spawn(process.execPath, [program], {
    cols: 100,
    rows: 30,
    cwd: place.cwd,
    env: { ...pointedAt(place, stub).env, TERM: "xterm-256color", COLORTERM: "truecolor" },
    name: "xterm-256color",
  });
  onTestFinished(() => pty.kill());
  let bytes = "";
  pty.onData((data) => {
    bytes += data;
    if (data.includes("\x1b[16t\x1b[c")) pty.write("\x1b[6;20;10t\x1b[?62;4;22c");
  });
  await expect.poll(() => bytes, POLL).toContain("\x1b[16t\x1b[c");
  pty.write("look at it\r");
  await expect.poll(() => bytes, POLL).toContain("A picture of nothing.");
  expect(bytes.match(/(?:\x1bD){12}\x1b\[12A\x1b7\x1bP0;1;q[^\x1b]*\x1b\\\x1b8/g)).toHaveLength(1);
});

test("an image that is pasted stands under the prompt", async () => {
  const place = await placeWithImage();
  const tui = await openTui(["I see."], { place, env: { TERM: "xterm-kitty" } });
  tui.type(KEY.paste(join(place.cwd, "shot.png")));
  await tui.waitFor("[image #1 shot.png]");
  tui.enter(" what is it?");
  await tui.waitFor("I see.");
  expect(tui.screen().join("\n")).toMatch(
    /▌ \[image #1 shot\.png\] what is it\?\n {2}\[image 320x240 png, \d+ \w+\]\n/,
  );
  expect(tui.bytes().match(KITTY_IMAGE)).toHaveLength(1);
});

test.each([
  ["the settings say so", { TERM: "xterm-kitty" }, { images: "off" }],
  ["tmux is in between", { TERM: "xterm-kitty", TMUX: "/tmp/x,1,0" }, {}],
  ["the terminal answers that it has no sixel", {}, {}],
])("images are only named when %s", async (_, env, settings) => {
  const tui = await readImage(env, settings);
  expect(tui.bytes()).not.toMatch(ANY_IMAGE);
  expect(tui.screen().join("\n")).toMatch(/✓ read {2}shot\.png +320x240 png/);
});

test("--plain names images and asks the terminal nothing", async () => {
  const place = await placeWithImage();
  const tui = await startTui(SCRIPT, { place, args: ["--plain"], env: { TERM: "xterm-kitty" } });
  await tui.waitFor("> ");
  tui.enter("look at shot.png");
  await tui.waitFor("A picture of nothing.");
  expect(tui.bytes()).not.toMatch(ANY_IMAGE);
  expect(tui.bytes()).not.toMatch(/\x1b\[(?:16t|c)/);
});
