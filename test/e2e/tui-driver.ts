// The built program in a pseudo-terminal of 100x30 with a scripted model behind it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { FIRST_WORDS } from "../../src/tui/screens/idle-hint.ts";
import { BIN, newPlace, type Place } from "../support/hearth.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { KEY, startTerminal, type VirtualTerminal } from "../support/terminal.ts";
import { pointedAt } from "./scripted.ts";

export type Tui = VirtualTerminal & {
  place: Place;
  stub: TestStub;
  /** Types a line and presses Enter. */
  enter: (text: string) => void;
  /** What stands between the prompt sign and what is said below; null while there is no input on the screen. */
  input: () => string | null;
  /** Resolves when the status line says it. */
  waitForStatus: (state: string, ms?: number) => Promise<void>;
  /** Rejects when the program has not left with this code in time. */
  left: (code: number, ms?: number) => Promise<void>;
};

export type TuiOptions = {
  args?: readonly string[];
  place?: Place;
  stub?: TestStub;
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
};

/** Opens the program and waits until it takes keys. Everything is ended with the test. */
export async function openTui(script: ScriptInput, options: TuiOptions = {}): Promise<Tui> {
  const tui = await startTui(script, options);
  await tui.waitForStatus("idle");
  return tui;
}

/** As `openTui`, without waiting: for starts that show something else first. */
export async function startTui(script: ScriptInput, options: TuiOptions = {}): Promise<Tui> {
  const { args = [], columns = 100, rows = 30 } = options;
  const stub = options.stub ?? (await withStub(script));
  if (!options.stub) onTestFinished(() => stub.close());
  const place = options.place ?? (await newPlace());
  const terminal = startTerminal({
    args,
    cwd: place.cwd,
    env: { ...pointedAt(place, stub).env, ...options.env },
    columns,
    rows,
  });
  onTestFinished(() => assertKeptScrollback(terminal.bytes()));
  return Object.assign(terminal, {
    place,
    stub,
    enter: (text: string) => {
      terminal.type(text);
      terminal.type(KEY.enter);
    },
    input: () => readInput(terminal.screen()),
    waitForStatus: (state: string, ms?: number) =>
      terminal.waitFor((screen) => statusLine(screen).includes(`  ${state}`), ms),
    left: async (code: number, ms = 8_000) => {
      const timeout = new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new Error(`It is still there:\n${terminal.screen().join("\n")}`)), ms);
      });
      const { exitCode } = await Promise.race([terminal.exited, timeout]);
      expect(exitCode).toBe(code);
    },
  });
}

/** The program as it is started from an interactive shell with the prompt `shell> `; it takes keys. */
export async function openInShell(place: Place, stub: TestStub): Promise<VirtualTerminal> {
  const terminal = startTerminal({
    args: ["--norc", "--noprofile", "-i"],
    file: "/bin/bash",
    cwd: place.cwd,
    env: { ...pointedAt(place, stub).env, PS1: "shell> " },
  });
  await terminal.waitFor("shell>");
  terminal.type(`"${process.execPath}" "${BIN}"\r`);
  await terminal.waitFor((screen) => statusLine(screen).includes("  idle"));
  return terminal;
}

/** A process that is not quiet at once has this long to be. */
export function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The last row that says something. */
export function statusLine(screen: string): string {
  return screen.trimEnd().split("\n").at(-1) ?? "";
}

/** Writes the person's own settings. */
export async function writeSettings(place: Place, settings: object): Promise<void> {
  const home = place.env.HEARTH_HOME ?? "";
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "settings.json"), JSON.stringify(settings));
}

/** How often the text stands in the rows. */
export function countRows(rows: readonly string[], text: string): number {
  return rows.filter((row) => row.includes(text)).length;
}

/** The main screen is never cleared (CSI 2J), and the scrollback nowhere (CSI 3J). */
function assertKeptScrollback(bytes: string): void {
  const main = bytes.replaceAll(/\x1b\[\?1049h[\s\S]*?(?:\x1b\[\?1049l|$)/g, "");
  expect(main).not.toContain("\x1b[2J");
  expect(bytes).not.toContain("\x1b[3J");
  expect(main).not.toContain("\x1bc");
}

function readInput(screen: readonly string[]): string | null {
  const first = screen.findLastIndex((row) => row.startsWith("›"));
  if (first < 0) return null;
  const status = screen.findLastIndex((row) => row !== "");
  // In a window that is not low an empty row stands below the input, and a hint between that and the status line.
  const gap = screen.findLastIndex((row, index) => index < status && row === "");
  const last = screen.length >= 14 && gap > first ? gap + 1 : status;
  const text = screen
    .slice(first, Math.max(first + 1, last))
    .map((row) => row.slice(2).trimEnd())
    .join("\n")
    .trimEnd();
  return text === FIRST_WORDS ? "" : text;
}

/** Nothing is on its way to the screen: a slow terminal gets finished rows in several updates. */
export async function comeToCalm(tui: Tui): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const { length } = tui.bytes();
    await elapse(15);
    await tui.drawn();
    if (tui.bytes().length === length) return;
  }
}
