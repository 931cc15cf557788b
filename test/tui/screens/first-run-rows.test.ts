// The rows of the first run. How they look on a screen is among the goldens.
import { describe, expect, test } from "vitest";
import { type Found, modelItems } from "../../../src/tui/screens/first-run-rows.ts";

describe("the first screen of the first run", () => {
  const found: Found = {
    local: { address: "127.0.0.1:11434", models: ["qwen3-coder:30b", "llama3.2:latest", "gpt-oss:20b"] },
    agents: {
      agents: [
        { name: "gemini", command: "gemini", args: ["--acp"] },
        { name: "opencode", command: "opencode", args: ["acp"] },
      ],
      missing: [{ command: "claude", package: "@agentclientprotocol/claude-agent-acp" }],
    },
  };

  test("keeps every row in its place when what was looked for is found", () => {
    const values = (given: Found | null) => modelItems(given, "127.0.0.1:11434").map(({ value }) => value);
    expect(values(found)).toEqual(values(null));
  });

  test.each([
    [{ local: null, agents: { agents: [], missing: [] } }, /does not answer[\s\S]*none is on your PATH/],
    [{ local: { address: "a:1", models: [] }, agents: { agents: [], missing: [] } }, /a:1, without a model/],
    [{ local: { address: "a:1", models: ["x"] }, agents: { agents: [], missing: [] } }, /with 1 model$/m],
    [
      { local: null, agents: { agents: [], missing: [{ command: "codex", package: "p" }] } },
      /codex needs an adapter/,
    ],
  ])("says %j in words", (given, words) => {
    expect(
      modelItems(given, "a:1")
        .map(({ detail }) => detail)
        .join("\n"),
    ).toMatch(words);
  });
});
