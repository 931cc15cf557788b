// Whoever reads the output goes away in the middle of an answer: a pipe (EPIPE), a terminal (EIO). The TUI's terminal is
// in tui-faults.
import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { BIN, newPlace, runHearth } from "../support/hearth.ts";
import { sessionEntries, startProgram } from "../support/program.ts";
import { withStub } from "../support/stub.ts";
import { KEY, startTerminal } from "../support/terminal.ts";
import { pointedAt, sessionFile, sessionLines } from "./scripted.ts";

const SLOW = { text: "word ".repeat(60), chunkSize: 5, chunkDelayMs: 20 };
const TRACE = /EPIPE|EIO|\n +at |node:|cannot be written/;

function outcomes(entries: readonly Record<string, unknown>[]): unknown[] {
  return entries.flatMap(({ type, outcome }) => (type === "run_end" ? [outcome] : []));
}

test.each([
  // Nothing is written before the end: the run is whole, and only its last line finds nobody.
  { format: "text", exit: 0, outcome: "completed" },
  { format: "json", exit: 0, outcome: "completed" },
  // Events find nobody at once: nobody wants the rest.
  { format: "stream-json", exit: 130, outcome: "interrupted" },
])("a pipe that closes in the middle of an answer, $format", async ({ format, exit, outcome }) => {
  await using stub = await withStub([SLOW, "and on"]);
  const place = await newPlace(stub);
  const program = startProgram(place, ["-p", "hi", "-o", format]);
  program.endInput();
  if (format === "stream-json") await program.line((line) => line.includes("message_update"));
  else await stub.waitForRequests(1);
  program.closeOutput();
  expect(await program.exited).toBe(exit);
  expect(program.stderr()).not.toMatch(TRACE);
  const entries = await sessionEntries(place);
  expect(outcomes(entries)).toEqual([outcome]);
  expect(JSON.stringify(entries)).toContain("word word");
  // The session goes on as if nothing had been.
  const next = await runHearth(place, ["--continue", "-p", "go on"]);
  expect(next).toMatchObject({ stdout: "and on\n", stderr: "", exitCode: 0 });
});

test("a terminal that is gone without a signal ends the events it was given, and the partial answer is kept", async () => {
  await using stub = await withStub([{ ...SLOW, text: "word ".repeat(200) }]);
  const place = await newPlace();
  // The pipe tells how it ended: nobody else is left to tell.
  const line = `"${process.execPath}" "${BIN}" -p hi -o stream-json 2>errors; echo $? >code`;
  const terminal = startTerminal({
    args: ["-c", `exec 3<&0; setsid -w /bin/sh -c '${line}' 0<&3`],
    file: "/bin/sh",
    cwd: place.cwd,
    env: pointedAt(place, stub).env,
  });
  await terminal.waitFor("message_update");
  terminal.hangUp();
  const code = () => readFile(`${place.cwd}/code`, "utf8").catch(() => "");
  await expect.poll(code, { timeout: 8_000 }).toMatch(/\d/);
  expect(Number(await code())).toBe(130);
  const errors = await readFile(`${place.cwd}/errors`, "utf8");
  expect(errors).toBe("");
  const lines = await sessionLines(await sessionFile(place));
  expect(outcomes(lines)).toEqual(["interrupted"]);
  expect(JSON.stringify(lines)).toContain("word word");
});

test("the screen's terminal is gone without a signal: it leaves with a code of its own, says nothing, and the session goes on", async () => {
  await using stub = await withStub([{ ...SLOW, text: "word ".repeat(200) }, "and on"]);
  const place = await newPlace();
  const line = `"${process.execPath}" "${BIN}" 2>errors; echo $? >code`;
  const terminal = startTerminal({
    args: ["-c", `exec 3<&0; setsid -w /bin/sh -c '${line}' 0<&3`],
    file: "/bin/sh",
    cwd: place.cwd,
    env: pointedAt(place, stub).env,
  });
  await terminal.waitFor("  idle");
  terminal.type("count");
  await terminal.waitFor("› count");
  terminal.type(KEY.enter);
  await terminal.waitFor("word word");
  terminal.hangUp();
  const code = () => readFile(`${place.cwd}/code`, "utf8").catch(() => "");
  await expect.poll(code, { timeout: 8_000 }).toMatch(/\d/);
  const errors = await readFile(`${place.cwd}/errors`, "utf8");
  expect(stripVTControlCharacters(errors)).toBe("");
  expect(Number(await code())).toBe(129);
  expect(outcomes(await sessionLines(await sessionFile(place)))).toEqual(["interrupted"]);
  const next = await runHearth(pointedAt(place, stub), ["--continue", "-p", "go on"]);
  expect(next).toMatchObject({ stdout: "and on\n", exitCode: 0 });
});
