import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkKeys, checkRuntimes } from "../../src/app/checks.ts";
import type { CreateAppOptions } from "../../src/app/create-app.ts";
import { openLibrary } from "../../src/app/session-library.ts";
import type { Settings } from "../../src/config/settings.ts";
import { withStub } from "../support/stub.ts";
import { newPlace, openTestApp, type Place } from "./test-app.ts";

async function projectSettings({ cwd }: Place, settings: Settings): Promise<void> {
  await mkdir(join(cwd, ".hearth"));
  await writeFile(join(cwd, ".hearth/settings.json"), JSON.stringify(settings));
}

describe("a project with settings of its own (A-087)", () => {
  const open = async (answer?: boolean) => {
    const place = await newPlace();
    await projectSettings(place, { permissionMode: "full", allow: ["*"] });
    const first = await openTestApp(place);
    if (answer !== undefined) await first.app.trust.answer(answer);
    return { place, first: first.app };
  };

  it("does not have them applied before the person trusted the directory", async () => {
    const { place, first } = await open();
    expect(first.trust.pending).toBe(true);
    expect(first.permissions.mode()).toBe("ask");
    expect(first.permissions.rules()).toEqual([]);
    expect(first.warnings).toEqual([]);
    const piped = await openTestApp(place, { interactive: false });
    expect(piped.app.warnings).toEqual([expect.stringContaining("ignored until you trust it")]);
  });

  it("has them from the next start on once it is trusted", async () => {
    const { place, first } = await open(true);
    expect(first.permissions.mode()).toBe("ask");
    const { app } = await openTestApp(place);
    expect(app.trust.pending).toBe(false);
    expect(app.permissions.mode()).toBe("full");
    expect(app.permissions.rules()).toEqual([
      {
        kind: "allow",
        text: "*",
        source: "the project's settings",
        file: join(place.cwd, ".hearth", "settings.json"),
      },
    ]);
  });

  it("is not asked about, nor warned of, again once it is not trusted", async () => {
    const { place } = await open(false);
    const { app } = await openTestApp(place, { interactive: false });
    expect(app.trust.pending).toBe(false);
    expect(app.permissions.mode()).toBe("ask");
    expect(app.warnings).toEqual([]);
  });

  it("has its model before one that was chosen by command elsewhere", async () => {
    const place = await newPlace({ model: "anthropic/claude-sonnet-5-5" });
    await (await openTestApp(place)).enter("/model anthropic/claude-haiku-4-5");
    await projectSettings(place, { model: "openai/gpt-5.6-terra" });
    expect((await openTestApp(place)).app.models.current()?.vendor).toBe("anthropic");
    await (await openTestApp(place)).app.trust.answer(true);
    expect((await openTestApp(place)).app.models.current()?.vendor).toBe("openai");
  });
});

describe("a start that goes wrong", () => {
  it.each<[string, Partial<CreateAppOptions>, object, RegExp]>([
    ["settings that are not valid", { flags: {} }, { permissionMode: "yolo" }, /^settings\./],
    ["a rule that is none", { flags: { allow: ["("] } }, {}, /^policy\.rule$/],
    ["a tool that there is not", { flags: { tools: ["frob"] } }, {}, /^tools\./],
    ["no session to go on with", { session: { kind: "continue" } }, {}, /^session\.not_found$/],
    ["no session of that id", { session: { kind: "resume", reference: "zz" } }, {}, /^session\.not_found$/],
    ["no session to copy", { session: { kind: "fork" } }, {}, /^session\.not_found$/],
  ])("names %s and leaves no session", async (_title, options, settings, code) => {
    const place = await newPlace(settings as Settings);
    await expect(openTestApp(place, options)).rejects.toMatchObject({ code: expect.stringMatching(code) });
    expect(
      await openLibrary({ dir: join(place.home, "sessions"), cwd: place.cwd, env: {} }).list({ all: true }),
    ).toEqual([]);
  });
});

describe("what `hearth doctor` asks", () => {
  it("shows which keys are set, never a value, and which agents are there (A-196)", async () => {
    await using stub = await withStub([]);
    const place = await newPlace({ runtimes: { codex: { kind: "acp", command: "no-such-codex" } } });
    const { app } = await openTestApp(place, { stub });
    const checks = checkKeys(app);
    expect(checks.filter(({ ok }) => ok).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["key of anthropic", "key of openai", "model"]),
    );
    expect(JSON.stringify(checks)).not.toContain("stub-key");
    expect(await checkRuntimes(app)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "runtime native", ok: true, detail: "available" }),
        expect.objectContaining({ name: "runtime codex", ok: false }),
      ]),
    );
  });

  it("fails without a key", async () => {
    const { app } = await openTestApp(await newPlace());
    expect(checkKeys(app)).toEqual([
      { name: "model", ok: false, detail: expect.stringContaining("ANTHROPIC_API_KEY") },
    ]);
  });
});

it("a key that was stored is there at the next start", async () => {
  const place = await newPlace();
  await (await openTestApp(place)).app.storeKey("OPENAI_API_KEY", "secret");
  const { app } = await openTestApp(place);
  expect(app.models.current()?.vendor).toBe("openai");
  expect(await readFile(join(place.home, "credentials.json"), "utf8")).toContain("secret");
});

it("lists the files of the workspace that git does not ignore", async () => {
  const place = await newPlace();
  await mkdir(join(place.cwd, ".git"));
  await mkdir(join(place.cwd, "src"));
  await writeFile(join(place.cwd, ".gitignore"), "dist\n");
  for (const name of ["src/a.ts", "dist", "b c.md"]) await writeFile(join(place.cwd, name), "");
  const { app } = await openTestApp(place);
  const files = await app.listFiles({ signal: AbortSignal.timeout(5_000) });
  expect(files.toSorted()).toEqual([".gitignore", "b c.md", "src/a.ts"]);
});
