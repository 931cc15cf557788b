// What is painted into a client's terminal shows what the session's screen shows, whatever the sizes and whatever came.
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { createPainter, type Painter } from "../../../src/mux/client/painter.ts";
import { createScreen, type Screen } from "../../../src/mux/screen/screen.ts";

type Size = { columns: number; rows: number };

function drawn(screen: Screen): Promise<void> {
  return new Promise((resolve) => screen.afterwards(resolve));
}

function newScreen({ columns, rows }: Size): Screen {
  const screen = createScreen(columns, rows);
  onTestFinished(() => screen.close());
  return screen;
}

/** A session of one size in a terminal of another. */
async function opened(program: Size, outer: Size, before: string, shell = "$ hearth") {
  const screen = newScreen(program);
  const terminal = newScreen(outer);
  const painter: Painter = createPainter();
  terminal.write(shell);
  screen.write(before);
  await drawn(screen);
  terminal.write(painter.open(screen, outer, "STATUS"));
  await drawn(terminal);
  return {
    screen,
    terminal,
    painter,
    write: async (text: string, anew = false) => {
      screen.write(text);
      await drawn(screen);
      terminal.write(painter.paint(screen, outer, { status: "STATUS", anew }));
      await drawn(terminal);
    },
  };
}

/** What a terminal that is large enough shows of it. */
function expected(screen: Screen, outer: Size): string[] {
  const rows = [...screen.visible(), ...Array<string>(outer.rows).fill("")].slice(0, outer.rows - 1);
  return [...rows, "STATUS"];
}

const SAME = { program: { columns: 20, rows: 5 }, outer: { columns: 20, rows: 6 } };
const LARGER = { program: { columns: 20, rows: 5 }, outer: { columns: 40, rows: 12 } };

test.for([SAME, LARGER])(
  "scrollback goes above, the screen stands at the top",
  async ({ program, outer }) => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const { screen, terminal } = await opened(program, outer, lines.join("\r\n"));
    expect(terminal.visible()).toEqual(expected(screen, outer));
    const all = terminal.transcript();
    expect(all[0]).toBe("$ hearth");
    expect(all.filter((line) => line.startsWith("line"))).toEqual(lines);
  },
);

test.for([SAME, LARGER])(
  "lines that scroll by later go above as well, each once",
  async ({ program, outer }) => {
    const { screen, terminal, write } = await opened(program, outer, "first");
    for (let index = 0; index < 40; index++) await write(`\r\nnumber ${index}`);
    expect(terminal.visible()).toEqual(expected(screen, outer));
    const all = terminal.transcript().filter((line) => /^(?:first|number)/.test(line));
    expect(all).toEqual(["first", ...Array.from({ length: 40 }, (_, index) => `number ${index}`)]);
  },
);

test("a full-screen program leaves the scrollback alone, and the main screen is back after it", async () => {
  const { program, outer } = SAME;
  const { screen, terminal, write } = await opened(program, outer, "shell> vi");
  await write("\x1b[?1049h\x1b[H~ text\r\n~\r\n~\r\n~\r\n~\r\n~\r\n~");
  expect(terminal.alternate()).toBe(true);
  expect(terminal.visible()).toEqual(expected(screen, outer));
  await write("\x1b[?1049l\r\nshell> ");
  expect(terminal.alternate()).toBe(false);
  expect(terminal.visible()).toEqual(expected(screen, outer));
  expect(terminal.transcript().join("\n")).not.toContain("~");
});

test("a terminal that is too small shows the part with the cursor", async () => {
  const outer = { columns: 8, rows: 5 };
  const { terminal, write } = await opened({ columns: 30, rows: 10 }, outer, "a\r\nb\r\nc\r\nd\r\ne\r\nf");
  await write("\r\na long last line");
  expect(terminal.visible()).toEqual(["d", "e", "f", "a long l", "STATUS"]);
});

test("modes that the program asks for are passed on and taken back", async () => {
  const { program, outer } = SAME;
  const { terminal, painter, write } = await opened(program, outer, "");
  const plain = terminal.modes();
  await write("\x1b[?1h\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[3 q");
  expect(terminal.modes()).toMatchObject({
    applicationCursor: true,
    bracketedPaste: true,
    mouse: "drag",
    mouseEncodings: [1006],
    cursorStyle: 3,
  });
  terminal.write(painter.close(outer));
  await drawn(terminal);
  expect(terminal.modes()).toEqual(plain);
  expect(terminal.cursor().hidden).toBe(false);
});

test("a mark stands on its letter also where the colour changes between them", async () => {
  const { program, outer } = SAME;
  const { screen, terminal } = await opened(program, outer, "e\x1b[31m\u0301!");
  expect(screen.cursor()).toMatchObject({ x: 2, y: 0 });
  expect(terminal.visible()[0]).toBe("e\u0301!");
});

test("a mark alone stands on a blank, and what follows keeps its column", async () => {
  const { program, outer } = SAME;
  const { terminal } = await opened(program, outer, "\u0301ab\x1b[2;5H\u0301!");
  expect(terminal.visible().slice(0, 2)).toEqual([" \u0301ab", "    \u0301!"]);
});

test.for([
  { of: "with a blank before the edge", line: "one two three, four five" },
  { of: "with blanks around the edge", line: `a${" ".repeat(30)}z` },
  { of: "with a wide character that did not fit", line: `${"a".repeat(19)}\u2e80b` },
])("a wrapped line $of is one line above too", async ({ line }) => {
  const { program, outer } = SAME;
  const { screen, terminal } = await opened(program, outer, `${line}${"\r\n".repeat(9)}last`);
  expect(terminal.visible()).toEqual(expected(screen, outer));
  expect(terminal.transcript()).toContain(line);
});

test("a wrapped line that goes above row by row is one line there", async () => {
  const { program, outer } = SAME;
  const { screen, terminal, write } = await opened(program, outer, "");
  const line = "one two three, four five six, seven eight nine, ten";
  await write(line);
  for (let count = 0; count < 9; count++) await write("\r\n.");
  expect(terminal.visible()).toEqual(expected(screen, outer));
  expect(terminal.transcript()).toContain(line);
});

const PIECES = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => text.replaceAll(/\p{Cc}/gu, "")),
  fc.constantFrom(
    "\r\n",
    "\n",
    "\r",
    "\b",
    "\t",
    "\x1b[2J",
    "\x1b[H",
    "\x1b[K",
    "\x1b[J",
    "\x1b[L",
    "\x1b[M",
  ),
  fc.constantFrom("\x1b[31m", "\x1b[44m", "\x1b[0m", "\x1b[2;4r", "\x1b[r", "\x1bM", "\x1b[3P", "\x1b[2@"),
  fc.constantFrom("\x1b[?1049h", "\x1b[?1049l", "\x1b[?25l", "\x1b[?25h"),
  fc.tuple(fc.nat(6), fc.nat(22)).map(([y, x]) => `\x1b[${y};${x}H`),
);

/** What the terminal once did not show. */
const FOUND = [
  ["\uffa0 "],
  ["   \x1b[31m\uffa0!"],
  ["\x1b[2;5H", "\u0301!"],
  ["!", "\x1b[5;20H", "  "],
  ["\x1b[5;16H", "word next"],
  ["\x1b[4;17H", "\u2e80\u2e80\u2e80    ", " \u2e80  ", " \u2e80\u2e80\u2e80   "],
];

test("whatever a program writes, the terminal shows it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(PIECES, { maxLength: 25 }),
      fc.constantFrom(SAME, LARGER),
      async (pieces, sizes) => {
        const screen = createScreen(sizes.program.columns, sizes.program.rows);
        const terminal = createScreen(sizes.outer.columns, sizes.outer.rows);
        const painter = createPainter();
        terminal.write(painter.open(screen, sizes.outer, "STATUS"));
        for (const piece of pieces) {
          screen.write(piece);
          await drawn(screen);
          terminal.write(painter.paint(screen, sizes.outer, { status: "STATUS", anew: false }));
          await drawn(terminal);
          expect(terminal.visible()).toEqual(expected(screen, sizes.outer));
        }
        screen.close();
        terminal.close();
      },
    ),
    { numRuns: 150, examples: FOUND.map((pieces) => [pieces, SAME]) },
  );
});
