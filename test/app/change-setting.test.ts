import { mkdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { changeSetting } from "../../src/app/change-setting.ts";
import type { CreateAppOptions } from "../../src/app/create-app.ts";
import { withStub } from "../support/stub.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openTestApp, type Place } from "./test-app.ts";

const COMMENTED = `{
  // how it looks
  "theme": "dark", // at night
  "model": "\${VENDOR:-anthropic}/claude-haiku-4-5"
}
`;

async function newPlace(text?: string): Promise<Place & { file: string }> {
  const folder = await temporaryFolder();
  const place = { home: join(folder, "home"), cwd: join(folder, "work") };
  await Promise.all([mkdir(place.home), mkdir(place.cwd)]);
  const file = join(place.home, "settings.json");
  if (text !== undefined) await writeFile(file, text);
  return { ...place, file };
}

async function open(text?: string, options: Partial<CreateAppOptions> = {}) {
  await using stub = await withStub();
  const place = await newPlace(text);
  const { app } = await openTestApp(place, { stub, ...options });
  const change = async (path: string, value: unknown, to: "user" | "project" = "user") => {
    const row = (await app.settingsChoice.list()).find((each) => each.path === path);
    if (!row) throw new Error(`no setting ${path}`);
    return changeSetting(app, { row, value, to });
  };
  const row = async (path: string) => (await app.settingsChoice.list()).find((each) => each.path === path);
  return { app, place, change, row, text: () => readFile(place.file, "utf8") };
}

describe("changing a setting", () => {
  test("writes into the person's file, comments and variables as they were", async () => {
    const { change, text, row } = await open(COMMENTED);
    const { text: said } = await change("maxSteps", 40);
    expect(said).toBe("maxSteps = 40, from the next start; written to your file.");
    expect(await text()).toBe(COMMENTED.replace('haiku-4-5"\n', 'haiku-4-5",\n  "maxSteps": 40\n'));
    expect((await row("model"))?.shown).toBe("${VENDOR:-anthropic}/claude-haiku-4-5");
  });

  test("makes the file where there is none, for its owner alone", async () => {
    const { change, place } = await open();
    await change("readOnly", true);
    expect(JSON.parse(await readFile(place.file, "utf8"))).toEqual({ readOnly: true });
    expect((await stat(place.file)).mode & 0o777).toBe(0o600);
  });

  test("keeps a link to the file and the mode of what it points at", async () => {
    const { change, place } = await open();
    const kept = join(place.cwd, "dotfiles.json");
    await writeFile(kept, "{}\n", { mode: 0o640 });
    await symlink(kept, place.file);
    await change("readOnly", true);
    expect(await realpath(place.file)).toBe(await realpath(kept));
    expect(JSON.parse(await readFile(kept, "utf8"))).toEqual({ readOnly: true });
    expect((await stat(kept)).mode & 0o777).toBe(0o640);
  });

  test.each([
    ["maxSteps", "many", 'maxSteps: expected number, got "many".'],
    ["maxSteps", 0, "maxSteps: expected a number above 0."],
    ["permissionMode", "yolo", /permissionMode: expected one of ask, accept-edits/],
    ["readOnly", "yes", 'readOnly: expected boolean, got "yes".'],
    ["model", "nobody/none", /nobody/],
  ])("refuses %s = %j in one sentence and leaves the file", async (path, value, message) => {
    const { change, text } = await open(COMMENTED);
    await expect(change(path, value)).rejects.toMatchObject({
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
    expect(await text()).toBe(COMMENTED);
  });

  test("refuses to touch a file that is damaged, and says where", async () => {
    const { change, place } = await open("{}\n");
    const broken = '{\n  "theme": \n}\n';
    await change("readOnly", true);
    await writeFile(place.file, broken);
    await expect(change("readOnly", false)).rejects.toMatchObject({ code: "settings.syntax" });
    expect(await readFile(place.file, "utf8")).toBe(broken);
  });

  test("holds at once where the app can: mode, thinking, model, Enter while busy", async () => {
    const { app, change } = await open("{}");
    expect((await change("permissionMode", "plan")).text).toContain("in force now");
    expect(app.permissions.mode()).toBe("plan");
    expect((await change("model", "anthropic/claude-haiku-4-5")).text).toContain("in force now");
    expect(app.models.current()?.id).toBe("claude-haiku-4-5");
    expect((await change("thinking", "low")).text).toContain("in force now");
    expect(app.conversation.state().thinking).toBe("low");
    expect((await change("enterWhileBusy", "follow_up")).text).toContain("in force now");
    expect(app.settings.enterWhileBusy).toBe("follow_up");
  });

  test.each([
    ["permissionMode", "plan"],
    ["model", "anthropic/claude-haiku-4-5"],
    ["thinking", "low"],
  ])("%s stays as it is when the file cannot be written", async (path, value) => {
    const { app, change, place, row } = await open("{}");
    const before = { ...app.conversation.state() };
    const preferences = () => readFile(join(place.home, "preferences.json"), "utf8").catch(() => "none");
    const chosen = await preferences();
    // A folder of that name cannot be replaced by a file, whoever one is.
    await rm(place.file);
    await mkdir(place.file);
    await expect(change(path, value)).rejects.toMatchObject({ code: expect.stringMatching(/^settings\./) });
    const { mode, model, thinking } = app.conversation.state();
    expect({ mode, model, thinking }).toEqual({
      mode: before.mode,
      model: before.model,
      thinking: before.thinking,
    });
    expect(await preferences()).toBe(chosen);
    await rm(place.file, { recursive: true });
    expect((await row(path))?.source).toBe("default");
  });

  test("says why what stands in the file by now does not hold yet", async () => {
    const { app, change, text } = await open('{ "model": "anthropic/claude-haiku-4-5" }');
    const { text: said } = await change("thinking", "max");
    expect(said).toMatch(/^thinking = max, from the next start; written to your file\. .* does not think at/);
    expect(JSON.parse(await text())).toMatchObject({ thinking: "max" });
    expect(app.conversation.state().thinking).toBe("off");
  });

  test("is the newer word than what was chosen by command", async () => {
    const { app, change, row } = await open("{}");
    await app.setTheme("light");
    expect(await row("theme")).toMatchObject({ value: "light", source: "choice" });
    expect(await change("theme", "high-contrast")).toMatchObject({ theme: "high-contrast" });
    expect(await row("theme")).toMatchObject({ value: "high-contrast", source: "user" });
  });

  test("says which stronger layer holds, and leaves what is in force", async () => {
    const { app, change } = await open("{}", { flags: { permissionMode: "plan", maxSteps: 9 } });
    expect((await change("maxSteps", 40)).text).toBe(
      "maxSteps = 40 stands in your file; the command line says 9, which holds.",
    );
    await change("permissionMode", "auto");
    expect(app.permissions.mode()).toBe("plan");
  });

  test("names the variable that hides it", async () => {
    const place = await newPlace("{}");
    const { app } = await openTestApp(place, {
      env: { PATH: process.env.PATH, HOME: place.home, HEARTH_HOME: place.home, HEARTH_THEME: "light" },
    });
    const row = (await app.settingsChoice.list()).find(({ path }) => path === "theme");
    if (!row) throw new Error("no theme");
    const outcome = await changeSetting(app, { row, value: "dark", to: "user" });
    expect(outcome.text).toContain("HEARTH_THEME says light, which holds.");
    expect(outcome.theme).toBeUndefined();
  });

  test("takes a setting out again", async () => {
    const { change, text } = await open('{\n  "maxSteps": 4 // few\n}\n');
    const { text: said } = await change("maxSteps", undefined);
    expect(said).toBe("maxSteps is taken out of your file: not set (default), from the next start.");
    expect(await text()).toBe("{\n  // few\n}\n");
  });

  test("goes to the project's file only when that is asked for and the directory is trusted", async () => {
    const trusted = await open("{}");
    await expect(trusted.change("maxSteps", 3, "project")).rejects.toMatchObject({
      code: "settings.untrusted",
    });
    const { place } = trusted;
    await writeFile(join(place.home, "trust.json"), JSON.stringify({ [place.cwd]: "trusted" }));
    const { app } = await openTestApp(place);
    const row = (await app.settingsChoice.list()).find(({ path }) => path === "maxSteps");
    if (!row) throw new Error("no maxSteps");
    const outcome = await changeSetting(app, { row, value: 3, to: "project" });
    expect(outcome.row).toMatchObject({ value: 3, source: "project" });
    expect(JSON.parse(await readFile(join(place.cwd, ".hearth", "settings.json"), "utf8"))).toEqual({
      maxSteps: 3,
    });
    expect(await readFile(place.file, "utf8")).toBe("{}");
  });
});

test("the demo keeps no settings", async () => {
  const place = await newPlace("{}");
  const { app } = await openTestApp(place, { demo: true, session: { kind: "none" } });
  await expect(app.settingsChoice.set("maxSteps", 3, "user")).rejects.toMatchObject({
    code: "settings.demo",
  });
  expect(await readFile(place.file, "utf8")).toBe("{}");
});
