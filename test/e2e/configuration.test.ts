// Settings, diagnosis and the small commands, as the built program shows them.
import { existsSync } from "node:fs";
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { BIN, newPlace, type Place, runHearth } from "../support/hearth.ts";
import { writeSettings } from "../support/program.ts";
import { withStub } from "../support/stub.ts";

async function writeProject(place: Place, settings: unknown): Promise<void> {
  await mkdir(join(place.cwd, ".hearth"), { recursive: true });
  await writeFile(join(place.cwd, ".hearth", "settings.json"), JSON.stringify(settings));
}

async function trust(place: Place): Promise<void> {
  await mkdir(join(place.home, "hearth"), { recursive: true });
  const table = { [await realpath(place.cwd)]: "trusted" };
  await writeFile(join(place.home, "hearth", "trust.json"), JSON.stringify(table));
}

describe("layers", () => {
  test("A-193: flag over project over user, with the source of each value", async () => {
    const place = await newPlace();
    await writeSettings(place, { model: "openai/user", theme: "light", maxSteps: 7 });
    await writeProject(place, { model: "openai/project", theme: "high-contrast" });
    await trust(place);
    const run = await runHearth(place, ["--model", "openai/flag", "config", "show", "--origin"]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toContain('model = "openai/flag"  (flag)\n');
    expect(run.stdout).toContain('theme = "high-contrast"  (project)\n');
    expect(run.stdout).toContain("maxSteps = 7  (user)\n");
    expect(run.stdout).toContain('permissionMode = "ask"  (default)\n');
  });

  test("A-193: flags may stand behind the command too, and HEARTH_MODEL stands between project and flag", async () => {
    const place = await newPlace();
    await writeSettings(place, { model: "openai/user" });
    const args = ["config", "show", "--origin", "--json"];
    const read = async (more: string[], env: Record<string, string>) =>
      JSON.parse((await runHearth(place, [...args, ...more], { env })).stdout).model;
    expect(await read([], {})).toEqual({ value: "openai/user", origin: "user" });
    expect(await read([], { HEARTH_MODEL: "openai/env" })).toEqual({ value: "openai/env", origin: "env" });
    expect(await read(["-m", "openai/flag"], { HEARTH_MODEL: "openai/env" })).toMatchObject({
      origin: "flag",
    });
  });

  test("A-087: a project's own settings are left out until the directory is trusted, and a notice says so", async () => {
    await using stub = await withStub({
      replies: [{ toolCalls: [{ name: "bash", arguments: { command: "touch made" } }] }, "done"],
    });
    const place = await newPlace(stub);
    await writeProject(place, { permissionMode: "full" });
    const run = await runHearth(place, ["-p", "make it"]);
    expect(run).toMatchObject({ stdout: "done\n", exitCode: 0 });
    expect(run.stderr).toContain(".hearth/settings.json");
    expect(existsSync(join(place.cwd, "made"))).toBe(false);
    const shown = await runHearth(place, ["config", "show"]);
    expect(shown.stdout).toContain('permissionMode = "ask"');
    expect(shown.stderr).toContain("not trusted");
  });

  test("--config takes another file in place of the user's own", async () => {
    const place = await newPlace();
    await writeSettings(place, { maxSteps: 7 });
    const other = join(place.home, "other.json");
    await writeFile(other, '// mine\n{"maxSteps": 9,}\n');
    const run = await runHearth(place, ["config", "show", "--config", other]);
    expect(run.stdout).toContain("maxSteps = 9");
  });

  test("XDG_CONFIG_HOME and XDG_DATA_HOME are where files are without HEARTH_HOME", async () => {
    await using stub = await withStub(["hello"]);
    const place = await newPlace(stub);
    const [config, data] = [join(place.home, "c"), join(place.home, "d")];
    await mkdir(join(config, "hearth"), { recursive: true });
    await writeFile(join(config, "hearth", "settings.json"), '{"maxSteps": 9}');
    const env = { HEARTH_HOME: "", XDG_CONFIG_HOME: config, XDG_DATA_HOME: data };
    expect((await runHearth(place, ["config", "show"], { env })).stdout).toContain("maxSteps = 9");
    await runHearth(place, ["-p", "hi"], { env });
    expect(existsSync(join(data, "hearth", "sessions"))).toBe(true);
    expect(existsSync(join(place.home, ".local"))).toBe(false);
  });
});

describe("bad settings", () => {
  const ROWS = [
    ['{"modle": "x"}', 'unknown setting "modle"', 'Did you mean "model"?'],
    ['{"retry": {"attemps": 1}}', 'unknown setting "retry.attemps"', "config schema"],
    ['{"maxSteps": "many"}', 'maxSteps: expected number, got "many"', "config schema"],
    ['{"maxSteps": 0}', "maxSteps: expected a number above 0", "config schema"],
    ['{"permissionMode": "yolo"}', "permissionMode: expected one of ask, accept-edits", "config schema"],
    ['{"allow": "bash"}', 'allow: expected array, got "bash"', "config schema"],
    ['{"allow": ["bash("]}', '"bash("', "Examples"],
    ['{"providers": {"my": {"api": "odd"}}}', "providers.my.api: expected", "config schema"],
    ['{"model": "x"', "line 1, column", "The file is JSON"],
    ["[]", "expected object", "config schema"],
    ['{"model": "${UNSET_VARIABLE}"}', "model: the variable UNSET_VARIABLE is not set", ":-default}"],
    ['{"model": "nobody/none"}', "nobody", "Known: anthropic"],
    ['{"runtime": "nosuch"}', '"nosuch" is not declared', "Enabled: native"],
    ['{"tools": ["frob"]}', "no tool named frob", "hint: "],
  ] as const;

  test.each(ROWS)(
    "A-194, A-195: %s is refused with the place and what is expected, exit 2",
    async (text, message, hint) => {
      await using stub = await withStub();
      const place = await newPlace(stub);
      const file = await writeSettings(place, text);
      const run = await runHearth(place, ["-p", "hi"]);
      expect(run).toMatchObject({ stdout: "", exitCode: 2 });
      expect(run.stderr).toContain(message);
      expect(run.stderr).toContain(hint);
      if (/unknown setting|expected|line 1|variable/.test(message)) expect(run.stderr).toContain(file);
      expect(run.stderr).not.toContain("${UNSET_VARIABLE}");
      expect(stub.requests).toHaveLength(0);
    },
  );

  test("A-195: a variable that is set is put in, and a default where it is not", async () => {
    const place = await newPlace();
    await writeSettings(place, { model: "${VENDOR}/x", theme: "${THEME:-light}" });
    const run = await runHearth(place, ["config", "show"], { env: { VENDOR: "openai" } });
    expect(run.stdout).toContain('model = "openai/x"');
    expect(run.stdout).toContain('theme = "light"');
  });

  test("The schema that is printed is a JSON Schema with every setting", async () => {
    const place = await newPlace();
    const schema = JSON.parse((await runHearth(place, ["config", "schema"])).stdout);
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(["model", "providers", "allow", "retry"]),
    );
  });
});

describe("diagnosis", () => {
  test("A-196: doctor without a key lists each check and exits 1", async () => {
    const run = await runHearth(await newPlace(), ["doctor"]);
    expect(run).toMatchObject({ exitCode: 1, stderr: "" });
    for (const line of run.stdout.trimEnd().split("\n")) expect(line).toMatch(/^(ok|fail) +\S.*: \S/);
    expect(run.stdout).toMatch(/^ok +version: hearth .* Node /m);
    expect(run.stdout).toMatch(/^ok +data folder: /m);
    expect(run.stdout).toMatch(/^ok +ripgrep: /m);
    expect(run.stdout).toMatch(/^fail +model: .*ANTHROPIC_API_KEY/m);
  });

  test("A-196: doctor with a key exits 0 and never shows its value", async () => {
    const run = await runHearth(await newPlace(), ["doctor"], { env: { OPENAI_API_KEY: "sk-very-secret" } });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^ok +key of openai: set$/m);
    expect(run.stdout + run.stderr).not.toContain("very-secret");
  });

  test("A-196: doctor reports bad settings instead of stopping at them", async () => {
    const place = await newPlace();
    await writeSettings(place, { modle: "x" });
    const run = await runHearth(place, ["doctor"]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/^fail +settings: .*unknown setting "modle"/m);
  });

  test.each([
    ["--version"],
    ["-V"],
    ["--help"],
    ["-h"],
    ["completion", "bash"],
    ["help"],
    ["sessions", "--help"],
  ])("A-197: `hearth %s %s` exits 0 and makes no folder", async (...args) => {
    const place = await newPlace();
    const run = await runHearth(
      place,
      args.filter((arg) => arg !== undefined),
    );
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).not.toBe("");
    expect(existsSync(join(place.home, "hearth"))).toBe(false);
  });

  test("A-197: the version is that of the package", async () => {
    const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
    expect((await runHearth(await newPlace(), ["--version"])).stdout).toBe(`${manifest.version}\n`);
  });

  test("A-197: the completion script for bash completes commands and flags; an unknown shell is refused", async () => {
    const place = await newPlace();
    const { stdout: script } = await runHearth(place, ["completion", "bash"]);
    const ask = (word: string) =>
      `${script}\nCOMP_WORDS=(hearth ${word}); COMP_CWORD=1; _hearth; echo "\${COMPREPLY[@]}"`;
    const complete = async (word: string) => (await execa("bash", ["-c", ask(word)])).stdout;
    expect(await complete("sess")).toBe("sessions");
    expect(await complete("--mod")).toBe("--model");
    const run = await runHearth(place, ["completion", "tcsh"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("bash, zsh, fish");
  });
});

describe("runtime", () => {
  const AGENT = {
    runtimes: { other: { command: process.execPath }, off: { command: "x", enabled: false } },
  };

  test("A-133: status without a preference: the settings decide, native is effective, every agent is listed", async () => {
    const place = await newPlace();
    const run = await runHearth(place, ["runtime", "status"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("Mode: config-default");
    expect(run.stdout).toContain("Effective runtime: native");
    expect(run.stdout).toContain("- native (native): enabled, available");
  });

  test("A-135: what activate forces is kept over a restart, until `use config`", async () => {
    const place = await newPlace();
    await writeSettings(place, AGENT);
    const say = async (...words: string[]) => (await runHearth(place, ["runtime", ...words])).stdout;
    await say("activate", "other");
    expect(await say("status")).toMatch(/^Mode: forced\n.*other/);
    await say("use", "config");
    expect(await say()).toMatch(/^Mode: config-default\n.*native/);
  });

  test.each([
    [["activate", "nosuch"], "not declared"],
    [["activate", "off"], "disabled"],
    [["activate"], "not complete"],
    [["frob"], "not complete"],
    [["deactivate", "other"], "not active"],
  ])("A-137: `hearth runtime %j` is refused and changes nothing", async (words, message) => {
    const place = await newPlace();
    await writeSettings(place, AGENT);
    const run = await runHearth(place, ["runtime", ...words]);
    expect(run).toMatchObject({ stdout: "", exitCode: 2 });
    expect(run.stderr).toContain(message);
    expect(existsSync(join(place.home, "hearth", "preferences.json"))).toBe(false);
  });
});

test("The program says what is missing when it was not built", async () => {
  const place = await newPlace();
  const bin = join(place.home, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "package.json"), '{"type":"module"}');
  await execa("cp", [BIN, join(bin, "hearth.js")]);
  const run = await execa(process.execPath, [join(bin, "hearth.js")], { reject: false });
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain("npm run build");
});

describe("the event command", () => {
  test("is told every event, and sees no key", async () => {
    await using stub = await withStub(["hello"]);
    const place = await newPlace(stub);
    await writeSettings(place, { hooks: { event: "env > env.txt; cat > events.jsonl" } });
    expect(await runHearth(place, ["-p", "hi"])).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    const lines = (await readFile(join(place.cwd, "events.jsonl"), "utf8")).trim().split("\n");
    const types = lines.map((line) => JSON.parse(line).event.type);
    expect([types[0], types.at(-1)]).toEqual(["run_start", "settled"]);
    expect(await readFile(join(place.cwd, "env.txt"), "utf8")).not.toContain("_API_KEY");
  });

  test.each(["exit 3", "no-such-program-anywhere", "kill -9 $$"])(
    "A-198: one that crashes (%s) leaves the run as it is and is warned of once",
    async (event) => {
      await using stub = await withStub([{ text: "hello", delayMs: 300 }]);
      const place = await newPlace(stub);
      await writeSettings(place, { hooks: { event } });
      const run = await runHearth(place, ["-p", "hi"]);
      expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
      expect(run.stderr.match(/The event command of the settings gets no more events/g)).toHaveLength(1);
    },
  );

  test("A-198: one that reads nothing holds up nothing, and is warned of once when too much waits", async () => {
    await using stub = await withStub([{ text: "word ".repeat(400_000) }]);
    const place = await newPlace(stub);
    await writeSettings(place, { hooks: { event: "sleep 60" } });
    const run = await runHearth(place, ["-p", "hi"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toHaveLength(2_000_001);
    expect(run.stderr.match(/it does not read the events/g)).toHaveLength(1);
    expect(run.durationMs).toBeLessThan(15_000);
  });
});
