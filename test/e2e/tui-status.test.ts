// The status line of the person's own: template, command, and who may set one; the built program.
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { openTui, startTui, statusLine, writeSettings } from "./tui-driver.ts";

test("a template says what stands there; what it names and there is not is told once", async () => {
  const place = await newPlace();
  await writeSettings(place, { statusLine: { template: "{state} | {folder} | {cost} | {nosuch} | {mode}" } });
  const tui = await openTui(["hello back"], { place });
  await tui.waitFor("there is no {nosuch}");
  await tui.waitFor((screen) => statusLine(screen) === "  idle | work | ask");
  tui.enter("hello");
  await tui.waitFor(/ {2}idle \| work \| \$0\.\d+ \| ask/);
});

test("a command's first line stands there, clean; it is told the session and runs again when that is another", async () => {
  const place = await newPlace();
  const log = join(place.cwd, "facts");
  const command = `tee -a '${log}' | sed -n 's/.*"runs":\\([0-9]*\\).*/\\x1b[31mruns \\1\\x1b]0;evil\\x07/p'; echo >> '${log}'; echo two`;
  await writeSettings(place, { statusLine: { command } });
  const tui = await startTui(["hello back"], { place });
  await tui.waitFor("  runs 0");
  tui.enter("hello");
  await tui.waitFor("  runs 1");
  expect(tui.screen().join("\n")).not.toContain("two");
  expect(tui.title()).not.toContain("evil");
  const facts = JSON.parse((await readFile(log, "utf8")).trim().split("\n")[0] ?? "");
  expect(facts).toMatchObject({
    state: "idle",
    cwd: await realpath(place.cwd),
    mode: "ask",
    runtime: "native",
  });
});

test("a command that fails is told once and the usual line stands there", async () => {
  const place = await newPlace();
  await writeSettings(place, { statusLine: { command: "exit 3" } });
  const tui = await openTui(["hello back"], { place });
  await tui.waitFor("it ended with exit code 3");
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  expect(tui.transcript().filter((row) => row.includes("exit code 3"))).toHaveLength(1);
});

test("a command of a project that is not trusted is never run", async () => {
  const place = await newPlace();
  await mkdir(join(place.cwd, ".hearth"), { recursive: true });
  const made = join(place.cwd, "made");
  const settings = { statusLine: { command: `touch '${made}'; echo evil` } };
  await writeFile(join(place.cwd, ".hearth", "settings.json"), JSON.stringify(settings));
  const table = { [await realpath(place.cwd)]: "untrusted" };
  await mkdir(place.env.HEARTH_HOME ?? "", { recursive: true });
  await writeFile(join(place.env.HEARTH_HOME ?? "", "trust.json"), JSON.stringify(table));
  const tui = await openTui(["hello back"], { place });
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  await expect(readFile(made)).rejects.toMatchObject({ code: "ENOENT" });
});
