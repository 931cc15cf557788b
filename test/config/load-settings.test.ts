import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSettings, settingOrigin } from "../../src/config/load-settings.ts";
import { hearthPaths } from "../../src/config/paths.ts";
import type { Settings } from "../../src/config/settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

type Given = {
  user?: string;
  project?: string;
  env?: Record<string, string>;
  flags?: Settings;
  trusted?: boolean;
};

async function load(given: Given) {
  const home = await temporaryFolder();
  const cwd = await temporaryFolder();
  const env = { HEARTH_HOME: home, ...given.env };
  const paths = hearthPaths(env);
  if (given.user !== undefined) await writeFile(paths.settingsFile, given.user);
  if (given.project !== undefined) {
    await mkdir(join(cwd, ".hearth"));
    await writeFile(join(cwd, ".hearth", "settings.json"), given.project);
  }
  return loadSettings({ paths, cwd, env, flags: given.flags ?? {}, trusted: given.trusted ?? true });
}

test("a flag beats the environment, the project, the user and the default, and each value names its source", async () => {
  const loaded = await load({
    user: '{"model": "a/user", "theme": "light", "maxSteps": 7}',
    project: '{"model": "a/project", "theme": "dark"}',
    env: { HEARTH_MODEL: "a/env" },
    flags: { model: "a/flag" },
  });
  expect(loaded.settings.model).toBe("a/flag");
  expect(["model", "theme", "maxSteps", "permissionMode"].map((path) => settingOrigin(loaded, path))).toEqual(
    ["flag", "project", "user", "default"],
  );
});

test("objects merge key by key, lists are replaced", async () => {
  const loaded = await load({
    user: '{"retry": {"attempts": 9}, "allow": ["read"]}',
    project: '{"retry": {"baseDelayMs": 5}, "allow": ["ls"]}',
  });
  expect(loaded.settings.retry).toEqual({ attempts: 9, baseDelayMs: 5 });
  expect(loaded.settings.allow).toEqual(["ls"]);
});

test("comments and trailing commas are allowed", async () => {
  const loaded = await load({ user: '{ // mine\n "maxSteps": 3, }' });
  expect(loaded.settings.maxSteps).toBe(3);
});

test("settings of a directory that is not trusted have no effect, and that is said", async () => {
  const loaded = await load({ project: '{"permissionMode": "full"}', trusted: false });
  expect(loaded.settings.permissionMode).toBe("ask");
  expect(loaded.untrustedProject).toBe(true);
});

test.each([
  ['{"modle": "x"}', /settings\.json: unknown setting "modle"/, 'Did you mean "model"?'],
  ['{"maxSteps": "many"}', /maxSteps: expected number, got "many"/, undefined],
  [
    '{"permissionMode": "yolo"}',
    /permissionMode: expected one of ask, accept-edits, plan, auto, full/,
    undefined,
  ],
  ['{"providers": {"x": {"apy": 1}}}', /unknown setting "providers\.x\.apy"/, undefined],
  ['{"model": }', /line 1, column 11/, undefined],
  ['{"model": "${NOT_SET_ANYWHERE}"}', /model: the variable NOT_SET_ANYWHERE is not set/, undefined],
])("the bad settings %s are refused with file, path and expectation", async (user, message, hint) => {
  const error = await load({ user }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ message: expect.stringMatching(message) });
  if (hint !== undefined) expect(error).toMatchObject({ hint });
});

test("variables are expanded, with a default after :-", async () => {
  const loaded = await load({ user: '{"model": "${VENDOR:-a}/${ID}"}', env: { ID: "m" } });
  expect(loaded.settings.model).toBe("a/m");
});
