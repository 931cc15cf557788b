// A terminal that fails the program: goes away, stops it, is changed faster than it can draw, takes next to nothing.
import { execa } from "execa";
import { expect, test } from "vitest";
import { BIN, newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY, startTerminal } from "../support/terminal.ts";
import { pointedAt, sessionFile, sessionLines } from "./scripted.ts";
import { countRows, elapse, openInShell, openTui, statusLine } from "./tui-driver.ts";

const WORDS = Array.from({ length: 300 }, (_, index) => `w${String(index).padStart(3, "0")}`);
const TEXT = Array.from({ length: 15 }, (_, index) =>
  WORDS.slice(index * 20, index * 20 + 20).join(" "),
).join("\n\n");
const SLOW = { text: TEXT, chunkSize: 20, chunkDelayMs: 40 };

function wordsIn(rows: readonly string[]): string[] {
  return rows.join("\n").match(/\bw\d{3}\b/g) ?? [];
}

async function isAlive(pid: number): Promise<boolean> {
  const { stdout } = await execa("ps", ["-o", "stat=", "-p", String(pid)], { reject: false });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await execa("pgrep", ["-P", String(pid)], { reject: false });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

async function residentMb(pid: number): Promise<number> {
  const { stdout } = await execa("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1024;
}

test.for([
  { title: "and says so (SIGHUP)", start: "exec" },
  // In a session of its own no signal comes; reads and writes fail (EIO).
  { title: "and tells nothing", start: "exec 3<&0; setsid -w 0<&3" },
])("a terminal that goes away $title ends the program, and the partial answer is kept", async ({ start }) => {
  await using stub = await withStub([SLOW]);
  const place = await newPlace();
  const terminal = startTerminal({
    args: ["-c", `${start} "${process.execPath}" "${BIN}"`],
    file: "/bin/sh",
    cwd: place.cwd,
    env: pointedAt(place, stub).env,
  });
  await terminal.waitFor((screen) => statusLine(screen).includes("  idle"));
  terminal.type("count");
  await terminal.waitFor("› count");
  terminal.type(KEY.enter);
  await terminal.waitFor("w040");
  const processes = [terminal.pid, ...(await childrenOf(terminal.pid))];
  terminal.hangUp();
  await expect.poll(() => Promise.all(processes.map(isAlive)), { timeout: 8_000 }).not.toContain(true);
  const lines = await sessionLines(await sessionFile(place));
  expect(lines.flatMap(({ type, outcome }) => (type === "run_end" ? [outcome] : []))).toEqual([
    "interrupted",
  ]);
  expect(JSON.stringify(lines)).toContain("w040");
});

test("a terminal that takes next to nothing: memory stays as it is, and Esc ends the run all the same", async () => {
  const tui = await openTui([{ text: TEXT.repeat(400), chunkSize: 400, chunkDelayMs: 10 }]);
  tui.enter("count");
  await tui.waitFor("w040");
  tui.pause();
  // One read a second: what the system has kept for us, then nothing for a while.
  const sips = setInterval(() => {
    tui.resume();
    setTimeout(tui.pause, 1);
  }, 1_000);
  const before = await residentMb(tui.pid);
  await elapse(3_000);
  expect((await residentMb(tui.pid)) - before).toBeLessThan(40);
  tui.type(KEY.escape);
  const ended = async () =>
    (await sessionLines(await sessionFile(tui.place))).flatMap((line) =>
      line.type === "run_end" ? [line.outcome] : [],
    );
  await expect.poll(ended, { timeout: 10_000 }).toEqual(["interrupted"]);
  clearInterval(sips);
  tui.resume();
  await tui.waitForStatus("idle");
});

test("Ctrl+Z while an answer streams gives the terminal to the shell, and fg shows what came meanwhile once", async () => {
  await using stub = await withStub([SLOW]);
  const place = await newPlace();
  const terminal = await openInShell(place, stub);
  terminal.type("count");
  await terminal.waitFor("› count");
  terminal.type(KEY.enter);
  await terminal.waitFor("w040");
  terminal.type(KEY.ctrl("z"));
  await terminal.waitFor(/Stopped[\s\S]*shell>/);
  terminal.resize(80, 24);
  await elapse(500);
  terminal.type("fg\r");
  await terminal.waitFor(
    (screen) => screen.includes("w299") && statusLine(screen).includes("  idle"),
    20_000,
  );
  expect(wordsIn(terminal.transcript())).toEqual(WORDS);
  expect(countRows(terminal.transcript(), "streaming")).toBe(0);
});

test("a storm of 150 window sizes while an answer streams leaves each line once", async () => {
  const tui = await openTui([SLOW]);
  tui.enter("count");
  await tui.waitFor("w040");
  for (let step = 0; step < 150; step++) {
    await tui.drawn();
    tui.resize(100 - (step % 40), 30 - (step % 7));
    await elapse(4);
  }
  tui.resize(100, 30);
  await tui.waitForStatus("idle", 20_000);
  expect(wordsIn(tui.transcript())).toEqual(WORDS);
});
