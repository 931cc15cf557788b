import { expect, it } from "vitest";
import { ruleTexts } from "../../src/app/rule-layers.ts";
import type { LoadedSettings } from "../../src/config/load-settings.ts";

const loaded: LoadedSettings = {
  settings: {},
  layers: [
    { source: "default", settings: { theme: "dark" } },
    { source: "user", settings: { ask: ["write"], log: ["read"] } },
    { source: "project", settings: { allow: ["*"] } },
    { source: "flag", settings: { deny: ["bash"] } },
  ],
  untrustedProject: false,
};

it("rules add up over the layers, each with its source; layers without rules are left out", () => {
  const stored = { "/p": { allow: ["bash(npm test)"], deny: [] }, "/other": { allow: ["*"], deny: [] } };
  expect(ruleTexts(loaded, stored, "/p")).toEqual([
    { source: "your settings", allow: [], ask: ["write"], deny: [], log: ["read"] },
    { source: "the project's settings", allow: ["*"], ask: [], deny: [], log: [] },
    { source: "flags", allow: [], ask: [], deny: ["bash"], log: [] },
    { source: "your answers", allow: ["bash(npm test)"], ask: [], deny: [], log: [] },
  ]);
  expect(ruleTexts(loaded, {}, "/p")).toHaveLength(3);
});
