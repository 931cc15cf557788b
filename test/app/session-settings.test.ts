import { describe, expect, it } from "vitest";
import {
  firstSettings,
  pinnedSettings,
  type SessionSettings,
  settingsInForce,
  stillPinned,
} from "../../src/app/session-settings.ts";
import type { Settings } from "../../src/config/settings.ts";
import type { ThinkingLevel } from "../../src/protocol/model.ts";
import { fauxModel } from "../../src/providers/faux.ts";

const current: SessionSettings = { model: "a/now", thinking: "low", mode: "ask", runtime: "native" };

describe("the settings a session goes on with", () => {
  it.each([
    [
      "its own model and thinking",
      { model: "a/own", thinking: "high" },
      { model: "a/own", thinking: "high" },
    ],
    ["those of now where it has none", {}, {}],
    ["the model of now in place of an empty name", { model: "" }, {}],
    ["a stricter mode of its own", { mode: "plan" }, { mode: "plan" }],
    ["its own runtime", { runtime: "codex" }, { runtime: "codex" }],
    ["no looser mode than there is now", { mode: "full" }, {}],
  ] as const)("are %s", (_title, stored, expected) => {
    const all = { model: null, thinking: null, mode: null, runtime: null, ...stored };
    expect(settingsInForce(all, { pinned: {}, current })).toEqual({ ...current, ...expected });
  });

  it("are those of flags, whatever it says", () => {
    const pinned = { model: "a/flag", thinking: "max", mode: "full", runtime: "codex" } as const;
    const stored = { model: "a/own", thinking: "off", mode: "plan", runtime: "native" } as const;
    expect(settingsInForce(stored, { pinned, current })).toEqual(pinned);
  });

  it("let go of a flag once the person chose otherwise", () => {
    const pinned = { model: "a/flag", mode: "ask", runtime: "native" } as const;
    expect(stillPinned(pinned, current)).toEqual({ mode: "ask", runtime: "native" });
  });
});

const given = (reference?: ThinkingLevel) => ({
  model: fauxModel,
  ...(reference === undefined ? {} : { thinking: reference }),
});

describe("the thinking that a start begins with", () => {
  it.each([
    ["--thinking", { thinking: "max", model: "x/y:high" }, "low", "high", "max"],
    ["the level behind --model", { model: "x/y:high" }, "low", "high", "high"],
    ["the one kept from last time", { model: "x/y" }, "low", undefined, "low"],
    ["the kept one, before a model's in the settings", {}, "low", "high", "low"],
    ["the level behind the model of the settings", {}, undefined, "high", "high"],
    ["the settings'", {}, undefined, undefined, "minimal"],
    ["the settings', where the kept one is none", {}, "banana", undefined, "minimal"],
  ] as const)("is %s", (_title, flags, kept, reference, expected) => {
    const preferred = kept === undefined ? {} : { thinking: kept };
    const parts = { flags, settings: { thinking: "minimal" as const }, preferred };
    const first = firstSettings(parts, { found: given(reference), runtime: "native" });
    expect(first).toEqual({ model: "faux/demo", thinking: expected, mode: "ask", runtime: "native" });
  });

  it("is off, without a model, where nothing is said", () => {
    const parts = { flags: {}, settings: {}, preferred: {} };
    const first = firstSettings(parts, { found: null, runtime: "native" });
    expect(first).toEqual({ model: "", thinking: "off", mode: "ask", runtime: "native" });
  });

  it("is pinned by flags alone", () => {
    const pins = (flags: Settings, reference?: ThinkingLevel) =>
      pinnedSettings({ flags, runtimeFlag: undefined }, { first: current, found: given(reference) });
    expect(pins({ model: "x/y:high" }, "high")).toEqual({ model: "a/now", thinking: "high" });
    expect(pins({ thinking: "low" }, "high")).toEqual({ thinking: "low" });
    expect(pins({}, "high")).toEqual({});
  });
});
