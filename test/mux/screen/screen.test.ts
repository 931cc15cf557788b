// The screen behind a program: what it keeps, and that its state goes over into a fresh one whole.
import { expect, onTestFinished, test } from "vitest";
import { createScreen, type Screen } from "../../../src/mux/screen/screen.ts";

async function screenOf(text: string, columns = 20, rows = 5): Promise<Screen> {
  const screen = createScreen(columns, rows);
  onTestFinished(() => screen.close());
  screen.write(text);
  await drawn(screen);
  return screen;
}

function drawn(screen: Screen): Promise<void> {
  return new Promise((resolve) => screen.afterwards(resolve));
}

async function copyOf(screen: Screen): Promise<Screen> {
  const { columns, rows } = screen.size();
  return screenOf(screen.serialize(1_000_000), columns, rows);
}

test("lines that the width wrapped are one line, trailing blanks and rows are none", async () => {
  const screen = await screenOf("a line that is longer than twenty columns  \r\nshort   \r\n\r\n");
  expect(screen.transcript()).toEqual(["a line that is longer than twenty columns", "short"]);
  expect(screen.visible()).toEqual(["r than twenty column", "s", "short", "", ""]);
});

test("ten thousand lines above the screen are kept", async () => {
  const lines = Array.from({ length: 10_500 }, (_, index) => `line ${index}`);
  const screen = await screenOf(lines.join("\r\n"));
  expect(screen.scrollback()).toBe(10_000);
  expect(screen.transcript().at(0)).toBe("line 495");
  expect(screen.transcript().at(-1)).toBe("line 10499");
});

test.for([
  ["scrollback and cursor", `${"one\r\n".repeat(12)}two`],
  ["colours", "\x1b[1;31mred\x1b[0m \x1b[48;2;1;2;3mblue\x1b[38;5;200mx\x1b[0m \x1b[7mback"],
  ["a full-screen program", "before\x1b[?1049h\x1b[2;3Hinside\x1b[?25l"],
  ["modes of input", "\x1b[?1h\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[4 q"],
  ["wide characters", "日本語 🎉 👩‍👩‍👧 x\r\nend"],
] as const)("%s go over into a fresh screen", async ([, text]) => {
  const screen = await screenOf(text);
  const copy = await copyOf(screen);
  expect(copy.transcript()).toEqual(screen.transcript());
  expect(copy.visible()).toEqual(screen.visible());
  expect(copy.cursor()).toEqual(screen.cursor());
  expect(copy.alternate()).toBe(screen.alternate());
  expect(copy.modes()).toEqual(screen.modes());
  const rows = (of: Screen) => [0, 1, 2, 3, 4].map((y) => of.row(y, 20));
  expect(rows(copy)).toEqual(rows(screen));
});

test("a scroll region goes over too: what follows scrolls in the same rows", async () => {
  const screen = await screenOf("top\r\na\r\nb\r\nc\r\nbottom\x1b[2;4r\x1b[4;1H");
  const copy = await copyOf(screen);
  for (const each of [screen, copy]) {
    each.write("\nnew");
    await drawn(each);
  }
  expect(screen.visible()).toEqual(["top", "b", "c", "new", "bottom"]);
  expect(copy.visible()).toEqual(screen.visible());
});

test("a resize takes effect between what was written before and after it", async () => {
  const screen = createScreen(10, 3);
  screen.write("x".repeat(12));
  screen.resize(20, 3);
  screen.write("\r\n\x1b[20Gy");
  await drawn(screen);
  expect(screen.size()).toEqual({ columns: 20, rows: 3 });
  expect(screen.transcript()).toEqual(["x".repeat(12), `${" ".repeat(19)}y`]);
});

test("questions of the program are answered", async () => {
  const screen = createScreen(20, 5);
  const replies: string[] = [];
  screen.onReply((text) => replies.push(text));
  screen.write("ab\x1b[6n\x1b[c");
  await drawn(screen);
  expect(replies).toEqual(["\x1b[1;3R", "\x1b[?1;2c"]);
});

test("rows that left the screen are counted, each once", async () => {
  const screen = await screenOf("1\r\n2\r\n3\r\n4\r\n5");
  expect(screen.takeScrolled()).toBe(0);
  screen.write("\r\n6\r\n7");
  await drawn(screen);
  expect(screen.takeScrolled()).toBe(2);
  expect(screen.takeScrolled()).toBe(0);
});
