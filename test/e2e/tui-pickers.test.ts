// Pickers on the screen: the palette, sessions, themes, the tree, files, prompts, permissions, models; the built program
// in a pseudo-terminal.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { pointedAt, sessionFiles, sessionLines, textsOf } from "./scripted.ts";
import { comeToCalm, countRows, openTui, type Tui, writeSettings } from "./tui-driver.ts";

async function oneShot(place: Place, stub: TestStub, prompt: string): Promise<void> {
  const { exitCode } = await runHearth(pointedAt(place, stub), ["--permission-mode", "full", "-p", prompt]);
  expect(exitCode).toBe(0);
}

async function ask(tui: Tui, prompt: string, answer: string): Promise<void> {
  tui.enter(prompt);
  await tui.waitFor(answer);
  await tui.waitForStatus("idle");
}

/** A busy machine takes its time to draw. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 10_000 });
}

/** The row that is painted as the chosen one: the widest run in the colour of a selection. */
function chosenRow(tui: Tui): string {
  const row = tui
    .cells()
    .find((runs) => runs.some(({ bold, text, color }) => bold && color === "#ffffff" && text.trim() !== ""));
  return (row ?? [])
    .map(({ text }) => text)
    .join("")
    .trim();
}

test("Ctrl+P opens the palette from a draft; filtered, Enter runs the command and the draft stands as it was", async () => {
  const tui = await openTui([]);
  tui.type("a draft");
  await tui.waitFor("a draft");
  tui.type(KEY.ctrl("p"));
  await tui.waitFor(/commands {2}› {2}type to filter[\s\S]*\/help[\s\S]*\/model/);
  tui.type("status");
  await tui.waitFor(/› status\s+1 of \d+[\s\S]*\/status +session, model/);
  tui.type(KEY.enter);
  await tui.waitFor("Permission mode: ask");
  await eventually(() => tui.input()).toBe("a draft");
});

test("in the palette Ctrl+P goes back a row, a command that needs a text and Tab write it into the input", async () => {
  const tui = await openTui([]);
  tui.type(KEY.ctrl("p"));
  await tui.waitFor(/\d+ of \d+[\s\S]*what there is/);
  tui.type(KEY.down);
  tui.type(KEY.down);
  tui.type(KEY.ctrl("p"));
  await eventually(() => chosenRow(tui)).toMatch(/^\/model/);
  tui.type("followup");
  await eventually(() => chosenRow(tui)).toMatch(/^\/followup +queue a prompt.*Alt\+Enter$/);
  tui.type(KEY.enter);
  await eventually(() => tui.input()).toBe("/followup");
  tui.type(KEY.ctrl("u"));
  tui.type(KEY.ctrl("p"));
  await tui.waitFor("commands");
  tui.type("export");
  await eventually(() => chosenRow(tui)).toMatch(/^\/export/);
  tui.type(KEY.tab);
  await eventually(() => tui.input()).toBe("/export");
});

test("the palette does what a key does, and works while the agent does", async () => {
  const tui = await openTui([{ toolCalls: [{ name: "bash", arguments: { command: "sleep 30" } }] }], {
    args: ["--permission-mode", "full"],
  });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.type(KEY.ctrl("p"));
  await tui.waitFor("commands");
  tui.type("full screen transcript");
  tui.type(KEY.ctrl("u"));
  tui.type("transcript");
  await eventually(() => chosenRow(tui)).toMatch(/^transcript +open the transcript.*Ctrl\+O$/);
  tui.type(KEY.enter);
  await tui.waitFor("q back");
  tui.type("q");
  await tui.waitForStatus("running bash");
  tui.type(KEY.ctrl("p"));
  await tui.waitFor("commands");
  tui.type("stop");
  await eventually(() => chosenRow(tui)).toMatch(/^\/stop/);
  tui.type(KEY.enter);
  await tui.waitForStatus("idle");
});

test("sessions are shown with what they were about, and are named, deleted and forked from the list", async () => {
  const place = await newPlace();
  const write = { toolCalls: [{ name: "write", arguments: { path: "notes.md", content: "x" } }] };
  await using stub = await withStub([write, "the notes are written", "second answer", "in the copy"]);
  await oneShot(place, stub, "write the notes");
  await oneShot(place, stub, "the second prompt");
  const tui = await openTui([], { place, stub });
  tui.enter("/resume");
  await tui.waitFor(/the second prompt[\s\S]*write the notes/);
  await tui.waitFor(/│ › the second prompt\n.*│ … second answer/);
  tui.type(KEY.down);
  await tui.waitFor(/│ › write the notes\n.*│ … the notes are written\n.*│ files {2}notes\.md/);
  // Named; the list stays, and the item under the cursor.
  tui.type(KEY.ctrl("r"));
  await tui.waitFor("Name of the session");
  await eventually(() => tui.input()).toBe("write the notes");
  tui.type(KEY.ctrl("u"));
  tui.enter("about notes");
  await tui.waitFor(/resume a session[\s\S]*about notes/);
  await eventually(() => chosenRow(tui)).toMatch(/^about notes/);
  // Deleted only after a yes.
  tui.type(KEY.up);
  await tui.waitFor("│ › the second prompt");
  tui.type(KEY.ctrl("d"));
  await tui.waitFor("y deletes it for good");
  tui.type(KEY.enter);
  await tui.waitFor("^D deletes");
  expect(await sessionFiles(place)).toHaveLength(2);
  tui.type(KEY.ctrl("d"));
  await tui.waitFor("y deletes it for good");
  tui.type("y");
  await tui.waitFor((screen) => screen.includes("1 of 1") && !screen.includes("the second prompt"));
  const [kept = "", ...others] = await sessionFiles(place);
  expect(others).toEqual([]);
  // Forked.
  tui.type(KEY.ctrl("f"));
  await tui.waitFor(/a copy; the original stays[\s\S]*▌ write the notes/);
  const before = await readFile(kept, "utf8");
  await ask(tui, "go on", "in the copy");
  expect(await readFile(kept, "utf8")).toBe(before);
  expect(textsOf(stub.requests.at(-1), "user")).toEqual(["write the notes", "go on"]);
  expect(await sessionFiles(place)).toHaveLength(2);
});

test("Tab lists the sessions of all projects, with where they were", async () => {
  const place = await newPlace();
  await using stub = await withStub(["one", "two"]);
  await oneShot(place, stub, "here");
  await oneShot({ ...place, cwd: place.home }, stub, "elsewhere");
  const tui = await openTui([], { place, stub, columns: 140 });
  tui.enter("/resume");
  await tui.waitFor("1 of 1");
  tui.type(KEY.tab);
  await tui.waitFor(/2 of 2[\s\S]*elsewhere[\s\S]*Tab this project/);
  tui.type(KEY.tab);
  await tui.waitFor(/1 of 1[\s\S]*Tab all projects/);
});

/** The colour of the status line's words: that of `dim`. */
function dimColor(tui: Tui): string | null {
  return (
    tui
      .cells()
      .flat()
      .find(({ text }) => text.includes("idle"))?.color ?? null
  );
}

test("the theme under the cursor paints the screen; Esc brings back the one in force, Enter keeps it", async () => {
  const place = await newPlace();
  const themes = join(place.env.HEARTH_HOME ?? "", "themes");
  await mkdir(themes, { recursive: true });
  const mine = {
    name: "mine",
    appearance: "dark",
    background: "#000000",
    tokens: { dim: { color: "#123456" } },
  };
  await writeFile(join(themes, "mine.json"), JSON.stringify(mine));
  await writeFile(join(themes, "broken.json"), '{"name": "broken"}');
  const tui = await openTui([], { place });
  const own = dimColor(tui);
  tui.enter("/theme");
  await tui.waitFor(/● auto/);
  tui.type("yours");
  await tui.waitFor(/mine +yours[\s\S]*broken +yours/);
  tui.type(KEY.ctrl("u"));
  tui.type("mine");
  await eventually(() => dimColor(tui)).toBe("#123456");
  tui.type(KEY.ctrl("u"));
  await eventually(() => dimColor(tui)).toBe(own);
  tui.type("mine");
  await eventually(() => dimColor(tui)).toBe("#123456");
  tui.type(KEY.escape);
  await tui.waitFor((screen) => !screen.includes("choose a theme"));
  await eventually(() => dimColor(tui)).toBe(own);
  tui.enter("/theme");
  await tui.waitFor("choose a theme");
  tui.type("brok");
  await tui.waitFor(/broken\.json: \S+ is not valid/);
  await eventually(() => dimColor(tui)).toBe(own);
  tui.type(KEY.enter);
  await tui.waitFor(/theme\.invalid/);
  await eventually(() => dimColor(tui)).toBe(own);
  tui.enter("/theme");
  await tui.waitFor(/choose a theme[\s\S]*● auto/);
  tui.type("mine");
  await eventually(() => dimColor(tui)).toBe("#123456");
  tui.type(KEY.enter);
  await tui.waitFor("Theme: mine");
  await eventually(() => dimColor(tui)).toBe("#123456");
  await eventually(() =>
    readFile(join(place.env.HEARTH_HOME ?? "", "preferences.json"), "utf8").catch(() => ""),
  ).toContain('"mine"');
  tui.enter("/theme");
  await tui.waitFor(/● mine/);
});

test("A-097: Esc Esc shows the tree; Enter moves to a run of any branch, and its keys fork and label", async () => {
  const place = await newPlace();
  await using stub = await withStub(["answer a", "answer b", "answer c", "answer d", "answer e"]);
  const tui = await openTui([], { place, stub });
  await ask(tui, "first", "answer a");
  await ask(tui, "second", "answer b");
  tui.enter("/rewind 1");
  await tui.waitFor("rewound to run 1");
  await ask(tui, "other way", "answer c");
  tui.type(KEY.escape);
  await tui.waitFor("Esc again shows the tree");
  tui.type(KEY.escape);
  await tui.waitFor(/first .*\n.*├─ second .*\n.*● └─ other way/);
  await tui.waitFor(/│ › other way\n.*│ … answer c/);
  tui.type(KEY.up);
  await tui.waitFor(/│ › second\n.*│ … answer b[\s\S]*on another branch/);
  tui.type(KEY.ctrl("r"));
  await tui.waitFor("Label of this run");
  tui.enter("plan b");
  await tui.waitFor("├─ [plan b] second");
  tui.type(KEY.enter);
  await tui.waitFor(/── rewound to run 2 ──[\s\S]*▌ second[\s\S]*answer b/);
  await ask(tui, "go on", "answer d");
  expect(textsOf(stub.requests[3], "user")).toEqual(["first", "second", "go on"]);
  tui.enter("/tree");
  await tui.waitFor(/\[plan b\] second[\s\S]*go on[\s\S]*other way/);
  tui.type("other");
  await tui.waitFor(/1 of 5[\s\S]*│ › other way/);
  tui.type(KEY.ctrl("f"));
  await tui.waitFor("a copy; the original stays as it is");
  await ask(tui, "in the copy", "answer e");
  expect(textsOf(stub.requests[4], "user")).toEqual(["first", "other way", "in the copy"]);
  expect(await sessionFiles(place)).toHaveLength(2);
});

test("/files mentions a file at the cursor, with its beginning to look at; a path with blanks gets quotes", async () => {
  const place = await newPlace();
  await mkdir(join(place.cwd, "src"));
  await writeFile(join(place.cwd, "src", "deep one.ts"), "export const answer = 42;\n");
  await writeFile(join(place.cwd, "src", "bytes.bin"), Buffer.from([0, 1, 2]));
  const tui = await openTui(["done"], { place });
  tui.type("look at ");
  tui.type(KEY.ctrl("p"));
  await tui.waitFor("commands");
  tui.type("files");
  await eventually(() => chosenRow(tui)).toMatch(/^\/files/);
  tui.type(KEY.enter);
  await tui.waitFor(/mention a file[\s\S]*src\/bytes\.bin/);
  await tui.waitFor(/│ 3 bytes\n.*│ no text/);
  tui.type("deep");
  await tui.waitFor("│ export const answer = 42;");
  tui.type(KEY.enter);
  await eventually(() => tui.input()).toBe('look at @"src/deep one.ts"');
});

test("/prompts brings an earlier prompt back into the input", async () => {
  const tui = await openTui(["one", "two"]);
  await ask(tui, "the first of them", "one");
  await ask(tui, "another", "two");
  tui.enter("/prompts");
  await tui.waitFor(/earlier prompts[\s\S]*another[\s\S]*the first of them/);
  tui.type("first");
  await tui.waitFor("│ the first of them");
  tui.type(KEY.enter);
  await eventually(() => tui.input()).toBe("the first of them");
});

test("/permissions lists modes and rules with where each stands; a rule is removed after a yes, a mode is chosen", async () => {
  const place = await newPlace();
  await writeSettings(place, { deny: ["fetch"], allow: ["bash(npm test)"] });
  const tui = await openTui([], { place });
  tui.enter("/permissions");
  await tui.waitFor(/● ask[\s\S]*deny fetch +rule of your settings[\s\S]*allow bash\(npm test\)/);
  tui.type("npm test");
  await tui.waitFor(/runs without asking\.\n.*│ stands in .*settings\.json/);
  tui.type(KEY.enter);
  await tui.waitFor("A rule is changed where it stands");
  tui.enter("/permissions");
  await tui.waitFor("^D removes a rule");
  tui.type("fetch");
  await tui.waitFor(/stands in .*settings\.json/);
  tui.type(KEY.ctrl("d"));
  await tui.waitFor("y takes it out of your settings, any other key keeps it: deny fetch");
  tui.type("n");
  await tui.waitFor("^D removes a rule");
  tui.type(KEY.ctrl("d"));
  await tui.waitFor("y takes it out");
  tui.type("y");
  await tui.waitFor(/Removed from .*settings\.json: deny fetch/);
  await tui.waitFor("nothing matches");
  tui.type(KEY.ctrl("u"));
  await tui.waitFor("● ask");
  tui.type("plan");
  await tui.waitFor("refused  edits and commands");
  tui.type(KEY.enter);
  await tui.waitFor("Permission mode: plan");
});

test("models are shown with window, price, thinking, wire API and key; Tab lists those without a key", async () => {
  const tui = await openTui([], { rows: 40 });
  tui.enter("/model");
  await tui.waitFor("Tab all vendors");
  tui.type("haiku-4-5");
  await tui.waitFor(
    /its key is there[\s\S]*context {2}200k tokens, answers up to[\s\S]*price {2}\$1 in, \$5 out[\s\S]*over anthropic-messages/,
  );
  expect(countRows(tui.screen(), "groq/")).toBe(0);
  tui.type(KEY.ctrl("u"));
  tui.type(KEY.tab);
  await tui.waitFor("Tab with a key");
  tui.type("groq llama");
  await tui.waitFor("no key: GROQ_API_KEY is not set");
});

test("a picker in a low and narrow window keeps the chosen item and the input in sight", async () => {
  const tui = await openTui([], { columns: 40, rows: 14 });
  tui.type(KEY.ctrl("p"));
  await tui.waitFor(/\d+ of \d+[\s\S]*what there is/);
  tui.type(KEY.end);
  await eventually(() => chosenRow(tui)).toMatch(/^external editor/);
  tui.resize(120, 40);
  await tui.waitFor("in keybindings.json");
  tui.type(KEY.escape);
  await eventually(() => tui.input()).toBe("");
});

test("a picker leaves nothing in the scrollback when the window narrows under it and widens again", async () => {
  const tui = await openTui([], { columns: 120, rows: 40 });
  tui.type(KEY.ctrl("p"));
  await tui.waitFor("Esc leaves");
  for (const columns of [100, 80, 70, 110]) {
    await comeToCalm(tui);
    tui.resize(columns, 40);
    // Beside the list there is a preview in a wide window only.
    await tui.waitFor((screen) => /what there is +│/.test(screen) === columns >= 110);
  }
  tui.type(KEY.escape);
  await tui.waitFor((screen) => !screen.includes("commands"));
  expect(countRows(tui.transcript(), "commands")).toBe(0);
  expect(countRows(tui.transcript(), "open a saved session")).toBe(0);
});

test("what a session file holds is untouched by looking at it", async () => {
  const tui = await openTui(["one"]);
  await ask(tui, "first", "one");
  const [file = ""] = await sessionFiles(tui.place);
  const before = await sessionLines(file);
  tui.enter("/tree");
  await tui.waitFor("│ › first");
  tui.type(KEY.enter);
  await tui.waitFor("The session is there already.");
  expect(await sessionLines(file)).toEqual(before);
});
