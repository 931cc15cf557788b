import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Settings } from "../../src/config/settings.ts";
import { withStub } from "../support/stub.ts";
import { newPlace, openTestApp, type Place, requestTexts } from "./test-app.ts";

const RUNTIMES: Settings = {
  runtimes: {
    codex: { kind: "acp", command: process.execPath },
    pi: { kind: "acp", command: process.execPath },
    gone: { kind: "acp", command: "no-such-agent" },
    off: { command: "no-such-off", enabled: false },
  },
};
const preferences = ({ home }: Place) => readFile(join(home, "preferences.json"), "utf8");

describe("/runtime", () => {
  it("status tells mode, effective runtime and every backend (A-133)", async () => {
    const test = await openTestApp(await newPlace(RUNTIMES));
    const { text } = await test.enter("/runtime status");
    expect(text?.split("\n").slice(0, 4)).toEqual([
      "Mode: config-default",
      "Effective runtime: native",
      "",
      "- native (native): enabled, available",
    ]);
    expect(text).toMatch(
      /- codex \(acp\): enabled, available, \/.*node\n {2}- cannot .*see images.*; steering reaches it/,
    );
    expect(text).toMatch(/- gone \(acp\): enabled, not available, no-such-agent was not found on the PATH, /);
    expect(text).toMatch(
      /- opencode \(acp\): enabled, not available, .*, Install it with `npm install -g opencode-ai`\n/,
    );
    expect(text).toMatch(/- off \(acp\): disabled, not available, /);
    expect((await test.app.runtimes.status()).runtimes.map(({ name }) => name)).toEqual([
      "native",
      "claude-code",
      "codex",
      "gemini",
      "opencode",
      "pi",
      "gone",
      "off",
    ]);
    expect(await test.enter("/runtime")).toEqual({ ui: { kind: "picker", picker: "runtime" } });
  });

  it("activate is kept over a restart until use config (A-135)", async () => {
    const place = await newPlace(RUNTIMES);
    await (await openTestApp(place)).enter("/runtime activate codex");
    const second = await openTestApp(place);
    expect(await second.app.runtimes.status()).toMatchObject({ mode: "forced", effective: "codex" });
    expect((await second.enter("/runtime use config")).text).toContain("native takes the next turn");
    expect(await (await openTestApp(place)).app.runtimes.status()).toMatchObject({
      mode: "config-default",
      effective: "native",
    });
  });

  it("activate for a session alone is not kept", async () => {
    const place = await newPlace(RUNTIMES);
    const test = await openTestApp(place);
    await test.app.runtimes.activate("codex", { keep: false });
    expect(await test.app.runtimes.status()).toMatchObject({ mode: "config-default", effective: "codex" });
    expect((await openTestApp(place)).app.conversation.state().runtime).toBe("native");
  });

  it("deactivate forces native, and the next turn is native's (A-136)", async () => {
    await using stub = await withStub(["native here"]);
    const place = await newPlace(RUNTIMES);
    const test = await openTestApp(place, { stub });
    await test.enter("/runtime activate pi");
    expect(test.app.conversation.state().runtime).toBe("pi");
    await expect(test.enter("/runtime deactivate codex")).rejects.toMatchObject({ code: "runtime.inactive" });
    await test.enter("/runtime deactivate pi");
    expect(await test.app.runtimes.status()).toMatchObject({ mode: "forced", effective: "native" });
    await test.run("hello");
    expect(requestTexts(stub)[0]?.text).toContain("hello");
    expect(await (await openTestApp(place)).app.runtimes.status()).toMatchObject({ mode: "forced" });
  });

  it.each([
    ["nosuch", "not declared"],
    ["off", "disabled"],
    ["constructor", "not declared"],
  ])("activate %s is an error that lists the enabled ones and changes nothing (A-137)", async (name, why) => {
    const place = await newPlace(RUNTIMES);
    const test = await openTestApp(place);
    await expect(test.enter(`/runtime activate ${name}`)).rejects.toMatchObject({
      code: "runtime.unknown",
      message: expect.stringContaining(why),
      hint: expect.stringContaining("Enabled: native, claude-code, codex, gemini, opencode, pi, gone."),
    });
    expect(await test.app.runtimes.status()).toMatchObject({ mode: "config-default", effective: "native" });
    await expect(preferences(place)).rejects.toThrow();
  });

  it("activate says what does not hold with the agent, and what it cannot do", async () => {
    const test = await openTestApp(await newPlace(RUNTIMES));
    const { text = "" } = await test.enter("/runtime activate codex");
    expect(text.split("\n\n")).toEqual([
      "codex takes the next turn (forced). It gets the conversation so far.",
      expect.stringMatching(/^What does not hold with it: .*Our rules see what it asks about\./),
      expect.stringMatching(
        /^It cannot .* or tell what it costs\. Steering reaches it when its turn is over\.$/,
      ),
    ]);
    expect((await test.enter("/runtime status")).text).toContain("  - not started yet");
  });

  it.each([
    ["gone", "gone cannot take the turns: no-such-agent was not found on the PATH.", "runtimes.gone.command"],
    [
      "opencode",
      "opencode cannot take the turns: opencode was not found on the PATH.",
      "Install it with `npm install -g opencode-ai`.",
    ],
  ])(
    "activate %s is refused where its program is missing, and changes nothing",
    async (name, message, hint) => {
      const place = await newPlace(RUNTIMES);
      const test = await openTestApp(place, {
        env: { PATH: "/nowhere", HOME: place.home, HEARTH_HOME: place.home },
      });
      await expect(test.enter(`/runtime activate ${name}`)).rejects.toMatchObject({
        code: "runtime.missing",
        message,
        hint: expect.stringContaining(hint),
      });
      expect(await test.app.runtimes.status()).toMatchObject({ mode: "config-default", effective: "native" });
      await expect(preferences(place)).rejects.toThrow();
    },
  );

  it.each(["/runtime activate", "/runtime use", "/runtime use codex", "/runtime frob"])(
    "%s is answered with the usage",
    async (line) => {
      const test = await openTestApp(await newPlace(RUNTIMES));
      await expect(test.enter(line)).rejects.toMatchObject({ code: "command.usage" });
    },
  );

  it("shows its status while the agent works, and refuses a switch then", async () => {
    await using stub = await withStub([{ text: "on and on", chunkSize: 1, fault: "stall" }]);
    const test = await openTestApp(await newPlace(RUNTIMES), { stub });
    const streaming = test.next("message_update");
    await test.enter("hi");
    await streaming;
    expect((await test.enter("/runtime status")).text).toContain("Effective runtime: native");
    await expect(test.enter("/runtime activate codex")).rejects.toMatchObject({ code: "control.busy" });
    expect((await test.app.runtimes.status()).mode).toBe("config-default");
  });
});

describe("a start", () => {
  it("takes --runtime for this process only (A-145)", async () => {
    const place = await newPlace(RUNTIMES);
    const test = await openTestApp(place, { runtime: "codex" });
    expect(await test.app.runtimes.status()).toMatchObject({ mode: "config-default", effective: "codex" });
    await expect(preferences(place)).rejects.toThrow();
    expect((await openTestApp(place)).app.conversation.state().runtime).toBe("native");
    await expect(openTestApp(place, { runtime: "nosuch" })).rejects.toMatchObject({
      code: "runtime.unknown",
    });
  });

  it("takes the settings' runtime, and refuses one that they do not declare", async () => {
    const place = await newPlace({ ...RUNTIMES, runtime: "codex" });
    expect((await openTestApp(place)).app.conversation.state().runtime).toBe("codex");
    await expect(openTestApp(await newPlace({ runtime: "aider" }))).rejects.toMatchObject({
      code: "runtime.unknown",
    });
  });

  it("warns of a forced runtime that is not enabled any more, and goes on with the settings'", async () => {
    const place = await newPlace();
    await writeFile(join(place.home, "preferences.json"), '{"runtime":"aider"}');
    const { app } = await openTestApp(place);
    expect(app.conversation.state().runtime).toBe("native");
    expect(app.warnings).toEqual([expect.stringContaining("aider, is not enabled here")]);
  });

  it("survives damaged preferences with a warning and leaves the file until the next change (A-144)", async () => {
    const place = await newPlace(RUNTIMES);
    const file = join(place.home, "preferences.json");
    await writeFile(file, '{"runtime": "co');
    const test = await openTestApp(place);
    expect(test.app.warnings).toEqual([expect.stringContaining("preferences.json is damaged")]);
    expect(await test.app.runtimes.status()).toMatchObject({ mode: "config-default", effective: "native" });
    expect(test.app.firstRun.pending).toBe(false);
    expect(await preferences(place)).toBe('{"runtime": "co');
    await test.enter("/runtime activate codex");
    expect(JSON.parse(await preferences(place))).toEqual({ runtime: "codex" });
  });
});
