// Themes on the built program in a pseudo-terminal: those that follow the terminal, files that change, few colours.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newPlace, type Place } from "../support/hearth.ts";
import { openTui, startTui, type Tui, writeSettings } from "./tui-driver.ts";

const WHITE = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\";
/** Accents of the dark and of the light theme. */
const DARK_DIM = "#8f949d";
const LIGHT_DIM = "#686d76";

/** The colour of the status line. */
function statusColor(tui: Tui): string | null | undefined {
  return tui
    .cells()
    .findLast((runs) => runs.some((run) => run.text.includes("idle")))
    ?.find((run) => run.text.includes("idle"))?.color;
}

async function ownTheme(place: Place, theme: unknown): Promise<void> {
  const folder = join(place.env.HEARTH_HOME ?? "", "themes");
  await mkdir(folder, { recursive: true });
  // As an editor does it: a new file takes the place of the old one.
  await writeFile(join(folder, "mine.json.new"), typeof theme === "string" ? theme : JSON.stringify(theme));
  await rename(join(folder, "mine.json.new"), join(folder, "mine.json"));
}

const mine = (dim: string) => ({ name: "mine", tokens: { dim: { color: dim } } });

describe("a terminal with a light background", () => {
  test("gets the light theme without being told, and nothing of its answer is typed", async () => {
    const tui = await openTui([]);
    expect(statusColor(tui)).toBe(DARK_DIM);
    tui.type(`he${WHITE}llo`);
    await tui.waitFor(() => tui.input() === "hello" && statusColor(tui) === LIGHT_DIM);
    expect(tui.transcript().join("\n")).not.toMatch(/rgb:|11;/);
  });

  test("is asked before the program is loaded; an answer at once colours the first frame, keys stay", async () => {
    const tui = await startTui([], { env: { COLORFGBG: "0;15" } });
    await tui.waitFor(() => tui.bytes().includes("\x1b]11;?"));
    tui.type(`early${WHITE}`);
    await tui.waitForStatus("idle");
    await tui.waitFor(() => tui.input() === "early");
    expect(statusColor(tui)).toBe(LIGHT_DIM);
    expect(tui.bytes()).not.toContain("38;2;143;148;157");
  });

  test("changes nothing where the person chose a theme", async () => {
    const tui = await openTui([], { env: { HEARTH_THEME: "dark" } });
    tui.type(`${WHITE}ok`);
    await tui.waitFor(() => tui.input() === "ok");
    expect(statusColor(tui)).toBe(DARK_DIM);
  });
});

describe("the system theme", () => {
  test("is made of the terminal's own colours, also when they come late", async () => {
    const tui = await openTui([], { env: { HEARTH_THEME: "system" } });
    expect(tui.bytes()).toContain("\x1b]4;15;?\x1b\\");
    tui.type("\x1b]11;rgb:1e/1e/2e\x07\x1b]10;rgb:cd/d6/f4\x07\x1b[?62c");
    await tui.waitFor(() => ![DARK_DIM, null, undefined].includes(statusColor(tui)));
    // Six parts of the text's colour in ten: 30 + 0.6 * (205 - 30).
    expect(statusColor(tui)).toBe("#878ca5");
  });

  test("asks when it is chosen, and not before", async () => {
    const tui = await openTui([]);
    expect(tui.bytes()).not.toContain("\x1b]4;");
    tui.enter("/theme system");
    await tui.waitFor(() => tui.bytes().includes("\x1b]4;15;?\x1b\\"));
    tui.type("\x1b]11;rgb:00/00/00\x07\x1b]10;rgb:ff/ff/ff\x07\x1b]4;2;rgb:11/ee/11\x07\x1b[?62c");
    await tui.waitFor(() => statusColor(tui) === "#999999");
    tui.type("typed");
    await tui.waitFor(() => tui.input() === "typed");
  });

  test("is the dark one on a terminal that answers nothing, and the program does not wait for it", async () => {
    const tui = await openTui([], { env: { HEARTH_THEME: "system", TERM: "linux", COLORTERM: "" } });
    expect(tui.bytes()).not.toContain("\x1b]11;?");
    expect(tui.bytes()).not.toContain("\x1b[c");
    expect(tui.screen().join("\n")).not.toMatch(/rgb|\?/);
  });
});

describe("a theme of the person's own", () => {
  test("is shown anew when its file is saved; a broken one is told in one line and the last good one stays", async () => {
    const place = await newPlace();
    await ownTheme(place, mine("#aa0011"));
    await writeSettings(place, { theme: "mine" });
    const tui = await openTui([], { place });
    expect(statusColor(tui)).toBe("#aa0011");
    await ownTheme(place, mine("#00aa11"));
    await tui.waitFor(() => statusColor(tui) === "#00aa11");
    await ownTheme(place, mine("green"));
    await tui.waitFor('mine.json: tokens › dim › color is not valid: expected a colour such as "#7fd88f"');
    expect(statusColor(tui)).toBe("#00aa11");
    await ownTheme(place, '{"name": ');
    await tui.waitFor("mine.json: expected JSON");
    expect(statusColor(tui)).toBe("#00aa11");
    await ownTheme(place, mine("#0011aa"));
    await tui.waitFor(() => statusColor(tui) === "#0011aa");
    tui.enter("/theme light");
    await tui.waitFor(() => statusColor(tui) === LIGHT_DIM);
    await ownTheme(place, mine("#ffffff"));
    tui.type("typed");
    await tui.waitFor(() => tui.input() === "typed");
    expect(statusColor(tui)).toBe(LIGHT_DIM);
  });

  test("that is broken at the start is told, and shown as soon as it is mended", async () => {
    const place = await newPlace();
    await ownTheme(place, mine("green"));
    await writeSettings(place, { theme: "mine" });
    const tui = await openTui([], { place });
    await tui.waitFor("The dark theme is shown instead of");
    await ownTheme(place, mine("#aa0011"));
    await tui.waitFor(() => statusColor(tui) === "#aa0011");
  });
});

describe("few colours", () => {
  test.for([
    { name: "NO_COLOR", env: { NO_COLOR: "1" }, never: /\x1b\[[\d;]*(?:3[0-8]|9[0-7]|4[0-8])[;m]/ },
    { name: "256 colours", env: { COLORTERM: "" }, never: /\x1b\[[\d;]*[34]8;2;/ },
    { name: "16 colours", env: { COLORTERM: "", TERM: "xterm" }, never: /\x1b\[[\d;]*[34]8;/ },
    {
      name: "the ansi16 theme",
      env: { HEARTH_THEME: "ansi16" },
      never: /\x1b\[[\d;]*(?:[34]8;|9[0-7]|4[0-7][;m])/,
    },
  ])(
    "$name: no sequence that asks for more, through an answer, a list and a failure",
    async ({ env, never }) => {
      const tui = await openTui(["# Title\n\n`code` and **strong**\n\n```js\nlet a = 1;\n```\n"], { env });
      tui.enter("hello");
      await tui.waitFor("strong");
      await tui.waitForStatus("idle");
      tui.enter("/theme");
      await tui.waitFor("type to filter");
      expect(tui.bytes()).not.toMatch(never);
    },
  );

  test("TERM=dumb: plain lines, no question, no escape sequence at all", async () => {
    const tui = await startTui(["hello back"], { env: { TERM: "dumb" } });
    await tui.waitFor("> ");
    tui.enter("hello");
    await tui.waitFor("hello back");
    expect(tui.bytes()).not.toContain("\x1b");
  });
});
