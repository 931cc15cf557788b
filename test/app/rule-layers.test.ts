import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ruleTexts } from "../../src/app/rule-layers.ts";
import type { LoadedSettings } from "../../src/config/load-settings.ts";
import { newPlace, openTestApp } from "./test-app.ts";

const layers: LoadedSettings["layers"] = [
  { source: "default", settings: { theme: "dark" } },
  { source: "user", file: "/h/settings.json", settings: { ask: ["write"], log: ["read"] } },
  { source: "project", file: "/p/.hearth/settings.json", settings: { allow: ["*"] } },
  { source: "flag", settings: { deny: ["bash"] } },
];

it("rules add up over the layers, each with its source and file; layers without rules are left out", () => {
  const stored = { "/p": { allow: ["bash(npm test)"], deny: [] }, "/other": { allow: ["*"], deny: [] } };
  const file = "/h/permissions.json";
  expect(ruleTexts({ layers }, { stored, file }, "/p")).toEqual([
    {
      source: "your settings",
      file: "/h/settings.json",
      allow: [],
      ask: ["write"],
      deny: [],
      log: ["read"],
    },
    {
      source: "the project's settings",
      file: "/p/.hearth/settings.json",
      allow: ["*"],
      ask: [],
      deny: [],
      log: [],
    },
    { source: "flags", file: null, allow: [], ask: [], deny: ["bash"], log: [] },
    { source: "your answers", file, allow: ["bash(npm test)"], ask: [], deny: [], log: [] },
  ]);
  expect(ruleTexts({ layers }, { stored: {}, file }, "/p")).toHaveLength(3);
});

const SETTINGS = `{
  // what never runs
  "deny": [
    "bash(rm -rf /)",
    "bash(shutdown)" // at night
  ],
  "allow": ["read", "edit(\${HOME}/**)"]
}
`;

async function openWithRules() {
  const place = await newPlace();
  const settings = join(place.home, "settings.json");
  const answers = join(place.home, "permissions.json");
  await writeFile(settings, SETTINGS);
  await writeFile(
    answers,
    JSON.stringify({
      [place.cwd]: { allow: ["bash(npm test)"], deny: [] },
      "/other": { allow: ["x"], deny: [] },
    }),
  );
  const { app } = await openTestApp(place, { flags: { deny: ["git"] } });
  const names = () => app.permissions.rules().map(({ kind, text }) => `${kind} ${text}`);
  const find = (text: string) => {
    const rule = app.permissions.rules().find((each) => each.text === text);
    if (rule === undefined) throw new Error(`no rule ${text}`);
    return rule;
  };
  return { place, app, settings, answers, names, find };
}

it("a rule that is taken out holds no more and is gone from its file, comments and other rules stay", async () => {
  const { app, settings, names, find } = await openWithRules();
  await app.permissions.removeRule(find("bash(shutdown)"));
  expect(names()).not.toContain("deny bash(shutdown)");
  expect(names()).toContain("deny bash(rm -rf /)");
  expect(await readFile(settings, "utf8")).toBe(
    SETTINGS.replace('"bash(rm -rf /)",', '"bash(rm -rf /)"').replace(
      '    "bash(shutdown)" // at night',
      "    // at night",
    ),
  );
  await app.permissions.removeRule(find("read"));
  expect(await readFile(settings, "utf8")).toContain('"allow": ["edit(${HOME}/**)"]');
});

it("an answer is taken out of this project's answers alone", async () => {
  const { app, place, answers, names, find } = await openWithRules();
  await app.permissions.removeRule(find("bash(npm test)"));
  expect(names()).not.toContain("allow bash(npm test)");
  expect(JSON.parse(await readFile(answers, "utf8"))).toEqual({
    [place.cwd]: { allow: [], deny: [] },
    "/other": { allow: ["x"], deny: [] },
  });
});

it("a rule of a flag, one that is gone from its file, and a file that is damaged meanwhile change nothing", async () => {
  const { app, settings, names, find } = await openWithRules();
  const before = names();
  await expect(app.permissions.removeRule(find("git"))).rejects.toMatchObject({ code: "permissions.fixed" });
  await writeFile(settings, SETTINGS.replace('"bash(shutdown)"', '"bash(reboot)"'));
  await expect(app.permissions.removeRule(find("bash(shutdown)"))).rejects.toMatchObject({
    code: "permissions.gone",
  });
  expect(names()).toEqual(before);
  await writeFile(settings, "{ not json");
  await expect(app.permissions.removeRule(find("bash(rm -rf /)"))).rejects.toMatchObject({
    code: "settings.syntax",
  });
  expect(names()).toEqual(before);
});
