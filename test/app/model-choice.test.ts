import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { modelCommand } from "../../src/app/commands/model.ts";
import { acpAgent } from "../support/acp-agent.ts";
import { withStub } from "../support/stub.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { newPlace, openTestApp, type Place, requestModels, writeSettings } from "./test-app.ts";

const KEYS = {
  anthropic: { ANTHROPIC_API_KEY: "k" },
  openai: { OPENAI_API_KEY: "k" },
  google: { GEMINI_API_KEY: "k" },
  openrouter: { OPENROUTER_API_KEY: "k" },
};
const open = (place: Place, env: Record<string, string>, flags = {}) =>
  openTestApp(place, {
    env: { PATH: process.env.PATH, HOME: place.home, HEARTH_HOME: place.home, ...env },
    flags,
  });
const preferences = async ({ home }: Place): Promise<unknown> =>
  JSON.parse(await readFile(join(home, "preferences.json"), "utf8").catch(() => "{}"));
const TIERS = { models: { fast: "anthropic/claude-haiku-4-5" }, model: "anthropic/claude-sonnet-5-5" };

describe("the first model", () => {
  it.each([
    ["anthropic", { ...KEYS.openrouter, ...KEYS.google, ...KEYS.openai, ...KEYS.anthropic }],
    ["openai", { ...KEYS.openrouter, ...KEYS.google, ...KEYS.openai }],
    ["google", { ...KEYS.openrouter, ...KEYS.google }],
    ["openrouter", KEYS.openrouter],
  ])("is one of %s, the first vendor there is a key for", async (vendor, env) => {
    const { app } = await open(await newPlace(), env);
    expect(app.models.current()?.vendor).toBe(vendor);
    expect((await app.models.list()).some(({ id }) => id === app.models.current()?.id)).toBe(true);
  });

  it("is the first that settings declare when there is no vendor's key", async () => {
    const place = await newPlace({
      providers: { my: { baseUrl: "http://127.0.0.1:1/v1", models: ["foo"] } },
    });
    expect((await open(place, {})).app.models.current()).toMatchObject({ vendor: "my", id: "foo" });
  });

  it("is none without a key, and a prompt says so before anything is sent or stored", async () => {
    const test = await open(await newPlace(), {});
    expect(test.app.models.current()).toBeNull();
    await expect(test.enter("hi")).rejects.toMatchObject({ code: "model.none" });
    expect(test.events).toEqual([]);
  });

  it("is refused with near names when flags or settings name one that is not known (A-131)", async () => {
    const place = await newPlace();
    const refused = { code: "model.unknown", hint: expect.stringContaining("anthropic/") };
    await expect(open(place, KEYS.anthropic, { model: "anthropic/nope" })).rejects.toMatchObject(refused);
    await writeSettings(place, { fallback: ["anthropic/nope"] });
    await expect(open(place, KEYS.anthropic)).rejects.toMatchObject(refused);
  });

  it("takes its thinking from the reference: openai/gpt-5:high", async () => {
    const place = await newPlace({ model: "anthropic/claude-sonnet-5-5:low" });
    const thinkingOf = async (flags = {}) =>
      (await open(place, KEYS.anthropic, flags)).app.conversation.state().thinking;
    expect(await thinkingOf()).toBe("low");
    expect(await thinkingOf({ model: "anthropic/claude-sonnet-5-5:high" })).toBe("high");
    expect(await thinkingOf({ model: "anthropic/claude-sonnet-5-5:high", thinking: "medium" })).toBe(
      "medium",
    );
  });
});

describe("/model", () => {
  it("sends the fast tier's model now and after a restart, also where the settings have a model (A-127)", async () => {
    await using stub = await withStub({ replies: ["ok"], loop: true });
    const place = await newPlace(TIERS);
    const first = await openTestApp(place, { stub });
    await first.run("one");
    await first.enter("/model fast");
    await first.run("two");
    const second = await openTestApp(place, { stub });
    await second.run("three");
    expect(requestModels(stub)).toEqual(["claude-sonnet-5-5", "claude-haiku-4-5", "claude-haiku-4-5"]);
    expect(second.app.conversation.state().model).toBe("anthropic/claude-haiku-4-5");
  });

  it("nosuch is an error and changes nothing (A-127)", async () => {
    await using stub = await withStub(["ok"]);
    const place = await newPlace(TIERS);
    const test = await openTestApp(place, { stub });
    await expect(test.enter("/model nosuch")).rejects.toMatchObject({ code: "model.unknown" });
    expect(await preferences(place)).toEqual({});
    await test.run("hi");
    expect(requestModels(stub)).toEqual(["claude-sonnet-5-5"]);
  });

  it("yields to flags, the environment and the project at the next start", async () => {
    const place = await newPlace(TIERS);
    await (await open(place, KEYS.anthropic)).enter("/model fast");
    const model = async (env: Record<string, string>, flags = {}) =>
      (await open(place, { ...KEYS.anthropic, ...env }, flags)).app.models.current()?.id;
    expect(await model({})).toBe("claude-haiku-4-5");
    expect(await model({ HEARTH_MODEL: TIERS.model })).toBe("claude-sonnet-5-5");
    expect(await model({}, { model: TIERS.model })).toBe("claude-sonnet-5-5");
  });

  it("gives a model where there was none, and keeps thinking that comes with it", async () => {
    const place = await newPlace();
    const test = await open(place, {});
    const { text } = await test.enter("/model anthropic/claude-sonnet-5-5:high");
    expect(text).toContain("Model: anthropic/claude-sonnet-5-5");
    expect(test.app.conversation.state()).toMatchObject({
      model: "anthropic/claude-sonnet-5-5",
      thinking: "high",
    });
    expect(await preferences(place)).toEqual({ model: "anthropic/claude-sonnet-5-5", thinking: "high" });
    await test.enter("/thinking low");
    expect((await open(place, {})).app.conversation.state().thinking).toBe("low");
  });

  it("is passed over with a warning at a start that does not know the model any more", async () => {
    const declared = { providers: { my: { baseUrl: "http://127.0.0.1:1/v1", models: ["foo"] } } };
    const place = await newPlace(declared);
    await (await open(place, KEYS.anthropic)).enter("/model my/foo");
    await writeSettings(place, {});
    const { app } = await open(place, KEYS.anthropic);
    expect(app.models.current()?.vendor).toBe("anthropic");
    expect(app.warnings).toEqual([
      expect.stringMatching(/my\/foo, is not known here: anthropic\/.* answers/),
    ]);
  });

  it("opens the picker without a name, and completes short names and models", async () => {
    const test = await open(await newPlace(TIERS), KEYS.anthropic);
    expect(await test.enter("/model")).toEqual({ ui: { kind: "picker", picker: "model" } });
    const { findCommand } = await import("../../src/app/commands/table.ts");
    const choices = await findCommand("/model").command.complete?.(test.app);
    const names = choices?.map((one) => (typeof one === "string" ? one : one.value));
    expect(names).toEqual(expect.arrayContaining(["fast", "anthropic/claude-haiku-4-5"]));
  });
});

it("falls back to the models of the settings, and says so (A-121)", async () => {
  await using stub = await withStub({
    rules: [{ when: { model: "sonnet" }, reply: { status: 503, text: "busy" } }],
    replies: ["from haiku"],
  });
  const place = await newPlace({ ...TIERS, fallback: [TIERS.model, "fast"] });
  const test = await openTestApp(place, { stub });
  await test.run("hi");
  expect(requestModels(stub)).toEqual(["claude-sonnet-5-5", "claude-haiku-4-5"]);
  expect(test.notices().join()).toContain("claude-haiku-4-5");
});

describe("/thinking", () => {
  it("is refused where the model does not know the level, and for what is no level", async () => {
    const test = await open(
      await newPlace({
        providers: {
          my: { baseUrl: "http://127.0.0.1:1/v1", models: [{ id: "foo", thinking: ["off", "low"] }, "bar"] },
        },
        model: "my/foo",
      }),
      {},
    );
    await expect(test.enter("/thinking high")).rejects.toMatchObject({
      code: "thinking.unsupported",
      message: expect.stringContaining("it knows off, low"),
    });
    await expect(test.enter("/thinking banana")).rejects.toMatchObject({ code: "thinking.unknown" });
    expect(await test.enter("/thinking low")).toEqual({ text: "Thinking: low." });
    await test.enter("/model my/bar");
    await expect(test.enter("/thinking low")).rejects.toThrow("it cannot think");
    expect(await test.enter("/thinking")).toEqual({ text: "Thinking: low." });
  });
});

describe("of an external agent", () => {
  it("the model is asked for as it was written; the agent answers, and nothing is kept", async () => {
    const options = [{ value: "opus-9" }, { value: "haiku-9" }];
    const opened = {
      configOptions: [{ id: "m", category: "model", type: "select", currentValue: "haiku-9", options }],
    };
    const agent = acpAgent(await temporaryFolder(), { turns: [], opened });
    const { command, args } = agent;
    const place = await newPlace({ ...TIERS, runtimes: { agent: { command, args } } });
    const test = await openTestApp(place, { runtime: "agent" });
    const offered = { agent: "agent", current: "haiku-9", values: ["opus-9", "haiku-9"] };
    expect(await test.app.models.offered()).toEqual(offered);
    const answered = test.next("notice");
    expect(await test.enter("/model opus-9")).toEqual({});
    expect((await answered).message).toBe("agent now uses the model opus-9.");
    expect(await test.app.models.offered()).toMatchObject({ current: "opus-9" });
    expect(await modelCommand.complete?.(test.app)).toMatchObject([
      { value: "opus-9" },
      { value: "haiku-9" },
    ]);
    const refused = test.next("notice");
    expect(await test.enter("/thinking high")).toEqual({});
    expect((await refused).message).toBe("agent does not let its thinking be chosen from here.");
    expect(test.app.conversation.state()).toMatchObject({ model: TIERS.model, thinking: "off" });
    expect(await preferences(place)).toEqual({});
  });
});
