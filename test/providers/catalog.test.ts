// Catalog: names of models in flags and settings, and the shipped data against its source.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CATALOG_FILES, type SourceRow, toModel } from "../../scripts/update-catalog.ts";
import { findModel, listModels } from "../../src/providers/catalog.ts";
import { catalogModels } from "../../src/providers/catalog-data.ts";

const SOURCE = "../shared/corpora/model-catalog/pi-ai-2026-11-10.jsonl";
const present = existsSync(SOURCE);
const env = {};

describe("findModel", () => {
  test.each([
    ["anthropic/claude-opus-5-5", "anthropic", "claude-opus-5-5", undefined],
    ["openai/gpt-6-sol:high", "openai", "gpt-6-sol", "high"],
    ["gpt-6-sol", "openai", "gpt-6-sol", undefined],
    ["gemini-3.1-pro-preview:low", "google", "gemini-3.1-pro-preview", "low"],
    ["openrouter/anthropic/claude-opus-5", "openrouter", "anthropic/claude-opus-5", undefined],
  ])("%s", async (reference, vendor, id, thinking) => {
    const found = await findModel(reference, { env });
    expect(found.model).toMatchObject({ vendor, id });
    expect(found.thinking).toBe(thinking);
  });

  test("ids may hold slashes and colons, even ones that end like a level", async () => {
    const custom = { my: { baseUrl: "http://x/v1", models: ["a/b:free", "qwen:high"] } };
    expect((await findModel("my/a/b:free", { env, custom })).model.id).toBe("a/b:free");
    expect(await findModel("my/a/b:free:max", { env, custom })).toMatchObject({ thinking: "max" });
    const whole = await findModel("my/qwen:high", { env, custom });
    expect([whole.model.id, whole.thinking]).toEqual(["qwen:high", undefined]);
    expect((await findModel("qwen:high", { env, custom })).model.vendor).toBe("my");
  });

  test("aliases stand for models, with their own level or one given with them", async () => {
    const aliases = { fast: "anthropic/claude-haiku-4-5:low", smart: "openai/gpt-6-sol" };
    expect(await findModel("fast", { env, aliases })).toMatchObject({
      model: { id: "claude-haiku-4-5" },
      thinking: "low",
    });
    expect(await findModel("smart:max", { env, aliases })).toMatchObject({
      model: { id: "gpt-6-sol" },
      thinking: "max",
    });
  });

  test.each([
    ["anthropic/claude-sonet-5", /claude-sonnet-5/],
    ["anthropic/nope", /anthropic\/claude/],
    ["gpt6sol", /openai\/gpt-6-sol/],
    ["nope/claude-opus-5", /Known: anthropic, openai/],
    ["", /hearth models/],
    ["anthropic/", /anthropic\/claude/],
  ])("%s is unknown, with near names", async (reference, hint) => {
    await expect(findModel(reference, { env })).rejects.toMatchObject({
      code: "model.unknown",
      hint: expect.stringMatching(hint),
    });
  });

  test("an id that two vendors have must be named with one", async () => {
    const custom = { my: { baseUrl: "http://x/v1", models: ["gpt-6-sol"] } };
    await expect(findModel("gpt-6-sol", { env, custom })).rejects.toMatchObject({
      hint: expect.stringContaining("my/gpt-6-sol"),
    });
  });

  test("a vendor at another address is taken at its word", async () => {
    const moved = { ANTHROPIC_BASE_URL: "http://127.0.0.1:1" };
    const { model, thinking } = await findModel("anthropic/nope:high", { env: moved });
    expect(model).toMatchObject({
      id: "nope",
      api: "anthropic-messages",
      price: null,
      contextWindow: 200_000,
    });
    expect(model.thinking).toContain("high");
    expect(thinking).toBe("high");
    const known = await findModel("anthropic/claude-opus-5-5", { env: moved });
    expect(known.model.price).not.toBeNull();
    const custom = { local: { baseUrl: "http://127.0.0.1:1/v1" } };
    const local = await findModel("local/llama:8b", { env, custom });
    expect(local.model).toMatchObject({ id: "llama:8b", api: "openai-chat", thinking: [] });
  });

  test("a model of the settings is accepted with its prices, and may change a shipped one", async () => {
    const price = { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 };
    const custom = {
      anthropic: {
        models: [
          { id: "nope", price, contextWindow: 8000 },
          { id: "claude-opus-5-5", maxOutput: 1000 },
        ],
      },
    };
    const { model } = await findModel("anthropic/nope", { env, custom });
    expect(model).toMatchObject({ price, contextWindow: 8000, maxOutput: 8000, api: "anthropic-messages" });
    const changed = (await findModel("anthropic/claude-opus-5-5", { env, custom })).model;
    expect(changed).toMatchObject({ maxOutput: 1000, contextWindow: 1_000_000, name: "Claude Opus 5.5" });
    const listed = (await listModels("anthropic", { env, custom })).map(({ id }) => id);
    expect(listed.filter((id) => id === "claude-opus-5-5")).toHaveLength(1);
  });

  test("settings may have a vendor spoken to over another wire API", async () => {
    const custom = { openai: { api: "openai-chat" as const, baseUrl: "http://127.0.0.1:1/v1" } };
    expect((await findModel("openai/gpt-6-sol", { env, custom })).model.api).toBe("openai-chat");
  });

  test("Mistral's models carry its rule for ids", async () => {
    const [model] = await listModels("mistral", { env });
    expect(model?.compat).toMatchObject({ toolCallIds: "mistral" });
  });
});

describe("the shipped catalogue", () => {
  const rows: SourceRow[] = present
    ? readFileSync(SOURCE, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const models = rows.map(toModel).filter((model) => model !== null);
  const vendors = Object.values(CATALOG_FILES).flat();
  const shipped = models.filter(({ vendor }) => (vendors as string[]).includes(vendor));

  test(
    present ? `holds ${shipped.length} models as their source has them` : "source absent, not compared",
    async () => {
      if (!present) return;
      const lists = await Promise.all(vendors.map((vendor) => catalogModels(vendor)));
      expect(lists.flat()).toHaveLength(shipped.length);
      expect(new Set(lists.flat())).toEqual(new Set(shipped));
    },
  );

  test("knows levels and words of thinking", async () => {
    const get = async (reference: string) => (await findModel(reference, { env })).model;
    expect(await get("openai/gpt-5")).toMatchObject({ thinking: ["minimal", "low", "medium", "high"] });
    expect((await get("openai/gpt-6-sol")).compat).toMatchObject({ effort: { off: "none" } });
    expect((await get("openai/gpt-5.2")).compat).toMatchObject({ effort: { max: "xhigh" } });
    expect((await get("anthropic/claude-opus-5-5")).compat).toMatchObject({ effort: { max: "max" } });
    expect((await get("anthropic/claude-haiku-4-5")).compat).toBeUndefined();
    expect((await get("openai/gpt-4.1")).thinking).toEqual([]);
  });
});
