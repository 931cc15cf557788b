// Vendors: addresses, keys and what settings change about them.
import { describe, expect, test } from "vitest";
import { endpointFor, findVendor, hasKey, isMoved, vendorNames } from "../../src/providers/vendors.ts";

const failure = (code: string, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) });

describe("endpointFor", () => {
  test.each([
    ["anthropic", { ANTHROPIC_API_KEY: "k" }, "https://api.anthropic.com", "ANTHROPIC_API_KEY"],
    ["openai", { OPENAI_API_KEY: "k" }, "https://api.openai.com/v1", "OPENAI_API_KEY"],
    [
      "google",
      { GOOGLE_API_KEY: "k", GEMINI_API_KEY: "other" },
      "https://generativelanguage.googleapis.com",
      "GOOGLE_API_KEY",
    ],
    [
      "google",
      { GOOGLE_API_KEY: "", GEMINI_API_KEY: "k" },
      "https://generativelanguage.googleapis.com",
      "GEMINI_API_KEY",
    ],
    ["openrouter", { OPENROUTER_API_KEY: "k" }, "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"],
    [
      "openai",
      { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://127.0.0.1:1/v1/" },
      "http://127.0.0.1:1/v1",
      "OPENAI_API_KEY",
    ],
    [
      "anthropic",
      { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: " " },
      "https://api.anthropic.com",
      "ANTHROPIC_API_KEY",
    ],
  ])("%s with %o", (vendor, env, baseUrl, keyEnv) => {
    expect(endpointFor(vendor, { env })).toEqual({ vendor, baseUrl, keyEnv, apiKey: "k" });
  });

  test("a missing key names every variable that would do, and how to set one", () => {
    expect(() => endpointFor("google", { env: { GOOGLE_API_KEY: "" } })).toThrow(
      failure("provider.auth", /google needs a key, and GOOGLE_API_KEY or GEMINI_API_KEY is not set/),
    );
    const moved = { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };
    expect(() => endpointFor("openai", { env: moved })).toThrow(failure("provider.auth", /OPENAI_API_KEY/));
  });

  test("settings declare endpoints, with headers and with or without a key", () => {
    const custom = {
      my: { api: "openai" as const, baseUrl: "http://host/v1", keyEnv: "MY_KEY", headers: { "x-team": "a" } },
      local: { baseUrl: "http://127.0.0.1:8080/v1" },
      lost: { keyEnv: "MY_KEY" },
    };
    const env = { MY_KEY: "secret" };
    expect(endpointFor("my", { env, custom })).toEqual({
      vendor: "my",
      baseUrl: "http://host/v1",
      apiKey: "secret",
      keyEnv: "MY_KEY",
      headers: { "x-team": "a" },
    });
    expect(endpointFor("local", { env: {}, custom })).not.toHaveProperty("apiKey");
    expect(findVendor("my", custom)?.api).toBe("openai-chat");
    expect(() => endpointFor("my", { env: {}, custom })).toThrow(failure("provider.auth", /MY_KEY/));
    expect(() => endpointFor("lost", { env, custom })).toThrow(failure("settings.provider", /no address/));
  });

  test("settings change a built-in vendor, before its variable does", () => {
    const custom = { openai: { baseUrl: "http://proxy/v1", api: "openai-chat" as const } };
    const env = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://other/v1" };
    expect(endpointFor("openai", { env, custom }).baseUrl).toBe("http://proxy/v1");
    expect(findVendor("openai", custom)?.api).toBe("openai-chat");
  });

  test("an unknown vendor is an error that names the known ones, also for names of Object's own", () => {
    expect(() => endpointFor("nope", { env: {} })).toThrow(failure("model.unknown", /no vendor "nope"/));
    expect(findVendor("constructor", { x: {} })).toBeNull();
  });
});

test("isMoved, hasKey and vendorNames read environment and settings", () => {
  const custom = { local: { baseUrl: "http://127.0.0.1:1/v1" }, groq: { headers: { a: "b" } } };
  expect(isMoved("anthropic", {})).toBe(false);
  expect(isMoved("anthropic", { ANTHROPIC_BASE_URL: "http://127.0.0.1:1" })).toBe(true);
  expect(isMoved("local", {}, custom)).toBe(true);
  expect(isMoved("groq", {}, custom)).toBe(false);
  expect(hasKey("local", {}, custom)).toBe(true);
  expect(hasKey("google", { GEMINI_API_KEY: "k" })).toBe(true);
  expect(hasKey("google", {})).toBe(false);
  expect(vendorNames(custom).at(-1)).toBe("local");
  expect(vendorNames(custom)).toContain("groq");
});
