// Settings and keys, looked at and changed on the screen; the built program in a pseudo-terminal.
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place } from "../support/hearth.ts";
import { KEY } from "../support/terminal.ts";
import { openTui, startTui, statusLine, type Tui } from "./tui-driver.ts";

const FILE = `{
  // quick to answer
  "maxSteps": 7, // few
  "theme": "dark"
}
`;

async function placeWith(settings: string): Promise<Place & { file: string }> {
  const place = await newPlace();
  const home = place.env.HEARTH_HOME ?? "";
  await mkdir(home, { recursive: true });
  const file = join(home, "settings.json");
  await writeFile(file, settings);
  return { ...place, file };
}

/** Escape and what is typed at once behind it would be another key. */
async function leaveList(tui: Tui): Promise<void> {
  tui.type(KEY.escape);
  await tui.waitFor((screen) => !/^ {2}(?:settings|keys) {2}›/m.test(screen));
}

/** Opens the list with one setting in it. */
async function find(tui: Tui, filter: string, row: RegExp): Promise<void> {
  tui.enter("/settings");
  await tui.waitFor("settings  ›");
  tui.type(filter);
  await tui.waitFor(row);
}

test("/settings shows every setting with its value and its source; Enter switches one, and the file keeps its comments", async () => {
  const place = await placeWith(FILE);
  const tui = await openTui([], { place, columns: 100 });
  tui.enter("/settings");
  await tui.waitFor(/model\s+not set\s+default[\s\S]*permissionMode\s+ask\s+default/);
  tui.type("maxSteps");
  await tui.waitFor(/maxSteps\s+7\s+your file/);
  await leaveList(tui);
  await find(tui, "readOnly", /readOnly\s+not set\s+default/);
  tui.type(KEY.enter);
  await tui.waitFor("readOnly = true, from the next start; written to your file.");
  await tui.waitFor(/readOnly\s+true\s+your file/);
  expect(await readFile(place.file, "utf8")).toBe(
    FILE.replace('"theme": "dark"\n', '"theme": "dark",\n  "readOnly": true\n'),
  );
  // The list stays open, on the same setting.
  tui.type(KEY.enter);
  await tui.waitFor("readOnly = false");
  expect(await readFile(place.file, "utf8")).toContain('"readOnly": false\n');
});

test("a number that is none is refused above the line, which keeps what was written", async () => {
  const place = await placeWith(FILE);
  const tui = await openTui([], { place });
  await find(tui, "maxSteps", /maxSteps\s+7\s+your file/);
  tui.type(KEY.enter);
  await tui.waitFor((screen) => screen.includes("maxSteps: Enter takes it") && screen.includes("› 7"));
  tui.type(KEY.ctrl("u"));
  tui.enter("many");
  await tui.waitFor('maxSteps: expected number, got "many".');
  expect(tui.input()).toBe("many");
  expect(await readFile(place.file, "utf8")).toBe(FILE);
  tui.type(KEY.ctrl("u"));
  tui.enter("12");
  await tui.waitFor("maxSteps = 12, from the next start");
  expect(await readFile(place.file, "utf8")).toBe(FILE.replace("7", "12"));
});

test("mode and theme hold at once; the theme under the cursor paints the screen, and Esc takes it back", async () => {
  const place = await placeWith(FILE);
  const tui = await openTui([], { place });
  await find(tui, "permissionMode", /permissionMode\s+ask/);
  tui.type(KEY.enter);
  await tui.waitFor("Enter chooses  Esc goes back");
  tui.type("plan");
  await tui.waitFor(/permissionMode {2}› plan .*1 of 5/);
  tui.type(KEY.enter);
  await tui.waitFor("permissionMode = plan, in force now");
  await tui.waitFor((screen) => /plan$/.test(statusLine(screen)));
  await leaveList(tui);
  await find(tui, "theme", /theme\s+dark\s+your file/);
  tui.type(KEY.enter);
  await tui.waitFor("Heading");
  const heading = () =>
    tui
      .cells()
      .flat()
      .find(({ text }) => text.includes("Heading"))?.color;
  const dark = heading();
  tui.type("light");
  await tui.waitFor(() => heading() !== dark);
  tui.type(KEY.escape);
  await tui.waitFor(/settings {2}› theme[\s\S]*theme\s+dark\s+your file/);
  expect(await readFile(place.file, "utf8")).toContain('"theme": "dark"');
});

test("a project's file is written only where it has the setting and the person chooses it", async () => {
  const place = await placeWith(FILE);
  const project = join(place.cwd, ".hearth", "settings.json");
  await mkdir(join(place.cwd, ".hearth"));
  await writeFile(project, '{"maxSteps": 3}\n');
  const trust = { [await realpath(place.cwd)]: "trusted" };
  await writeFile(join(place.env.HEARTH_HOME ?? "", "trust.json"), JSON.stringify(trust));
  const tui = await openTui([], { place });
  await find(tui, "maxSteps", /maxSteps\s+3\s+project file/);
  tui.type(KEY.enter);
  await tui.waitFor("› 3");
  tui.enter("0");
  await tui.waitFor("the project's file has it too");
  tui.type(KEY.enter);
  await tui.waitFor("maxSteps = 30 stands in your file; the project's file says 3, which holds.");
  expect(await readFile(project, "utf8")).toBe('{"maxSteps": 3}\n');
  expect(await readFile(place.file, "utf8")).toContain('"maxSteps": 30');
});

test("what holds several values is opened in the person's editor", async () => {
  const place = await placeWith("{}\n");
  const editor = join(place.home, "editor.sh");
  await writeFile(editor, '#!/bin/sh\nprintf \'{"allow": ["read"]}\' > "$1"\n', { mode: 0o755 });
  const tui = await openTui([], { place, env: { EDITOR: editor } });
  await find(tui, "rules run without", /allow\s+not set/);
  tui.type(KEY.enter);
  await tui.waitFor("open your file");
  tui.type(KEY.enter);
  await tui.waitFor(/allow\s+read\s+your file/);
  await tui.waitFor("holds from the next start");
});

test("/settings NAME VALUE changes one without the list", async () => {
  const place = await placeWith(FILE);
  const tui = await openTui([], { place });
  tui.enter("/settings maxSteps 9");
  await tui.waitFor("maxSteps = 9, from the next start; written to your file.");
  tui.enter("/config maxStps 9");
  await tui.waitFor("Did you mean maxSteps?");
  tui.type(KEY.ctrl("u"));
  tui.enter("/settings maxSteps");
  await tui.waitFor(/maxSteps = 9 {2}\(user\)\n\s+Model requests/);
  expect(await readFile(place.file, "utf8")).toBe(FILE.replace("7", "9"));
});

test("in plain mode /settings prints the list and changes what is named", async () => {
  const place = await placeWith(FILE);
  const tui = await startTui([], { place, args: ["--plain"] });
  await tui.waitFor(">");
  tui.enter("/settings");
  await tui.waitFor("retry.attempts = 4  (default)");
  expect(tui.transcript().join("\n")).toContain("maxSteps = 7  (user)");
  tui.enter("/settings theme light");
  await tui.waitFor("theme = light, in force now; written to your file.");
  expect(await readFile(place.file, "utf8")).toBe(FILE.replace("dark", "light"));
});

test("/keys shows the keys in force, what was rebound and what clashes", async () => {
  const place = await newPlace();
  const home = place.env.HEARTH_HOME ?? "";
  await mkdir(home, { recursive: true });
  const text = '{"transcript": ["ctrl+t"], "undo": ["ctrl+x"], "yank": ["ctrl+x"], "transcrpt": []}';
  await writeFile(join(home, "keybindings.json"), text);
  const tui = await openTui([], { place });
  tui.enter("/keys");
  await tui.waitFor(/problem\s+keybindings\.json: there is no action "transcrpt"; did/);
  await tui.waitFor(/problem\s+Ctrl\+X stands for both yank and undo; yank has it\./);
  await tui.waitFor(/● Ctrl\+T\s+open the transcript \(changed\)\s+everywhere/);
  tui.type("open the trans");
  await tui.waitFor(/Everywhere: open the transcript[\s\S]*Ctrl\+T; without your file: Ctrl\+O/);
  await leaveList(tui);
  tui.enter("/keys all");
  await tui.waitFor("Changed keys are marked.");
  const rows = tui.transcript().join("\n");
  expect(rows).toMatch(/Ctrl\+T +│ open the transcript \(changed; transcript had Ctrl\+O\)/);
  expect(rows).toContain("In the transcript view");
});

test("a theme that cannot be had is not written, and the one in force stays", async () => {
  const place = await placeWith(FILE);
  const themes = join(place.env.HEARTH_HOME ?? "", "themes");
  await mkdir(themes);
  await writeFile(join(themes, "broken.json"), '{"name": 3}');
  const tui = await openTui([], { place });
  tui.enter("/settings theme nosuch");
  await tui.waitFor("There is no theme named nosuch");
  tui.type(KEY.ctrl("u"));
  await find(tui, "theme", /theme\s+dark\s+your file/);
  tui.type(KEY.enter);
  await tui.waitFor("● dark");
  tui.type("broken");
  await tui.waitFor("1 of");
  tui.type(KEY.enter);
  await tui.waitFor(/broken\.json: .*is not valid/);
  await tui.waitFor(/settings {2}› theme/);
  expect(await readFile(place.file, "utf8")).toBe(FILE);
});

test("Enter on a key opens keybindings.json, which begins with the keys of that action", async () => {
  const place = await newPlace();
  const tui = await openTui([], { place, env: { EDITOR: "true" } });
  tui.enter("/keys");
  await tui.waitFor("keys  ›");
  tui.type("draw the screen");
  await tui.waitFor(/Everywhere: draw the screen again/);
  tui.type(KEY.enter);
  const file = join(place.env.HEARTH_HOME ?? "", "keybindings.json");
  await expect.poll(() => readFile(file, "utf8").catch(() => "")).toContain('"redraw": ["ctrl+l"]');
  await tui.waitForStatus("idle");
  expect(tui.screen().join("\n")).not.toContain("✗");
});
