import { expect, it } from "vitest";
import type { WireApi } from "../../src/protocol/model.ts";
import { imageTokens } from "../../src/providers/image-tokens.ts";

/** The first bytes of a PNG of that size, which say it. */
function image(width: number, height: number) {
  const bytes = Buffer.alloc(33);
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return { type: "image" as const, mimeType: "image/png", data: bytes.toString("base64") };
}

it.each<[WireApi, string, number, number, number]>([
  ["anthropic-messages", "claude-sonnet-5-5", 200, 200, 54],
  ["anthropic-messages", "claude-sonnet-5-5", 1000, 1000, 1334],
  ["anthropic-messages", "claude-sonnet-5-5", 4000, 4000, 1600],
  ["anthropic-messages", "claude-sonnet-5-5", 8000, 100, 41],
  ["openai-responses", "gpt-5.6", 1024, 1024, 765],
  ["openai-chat", "gpt-5.6", 2048, 4096, 1105],
  ["openai-chat", "gpt-5.6", 100, 100, 255],
  ["google-generative", "gemini-2.5-pro", 384, 384, 258],
  ["google-generative", "gemini-2.5-pro", 1600, 800, 1548],
  ["google-generative", "gemini-3.8-flash", 1600, 800, 1120],
])("%s (%s) counts %d x %d as %d tokens", (api, id, width, height, tokens) => {
  expect(imageTokens(image(width, height), { api, id })).toBe(tokens);
});

it("counts an image whose size cannot be read as a large one", () => {
  const broken = { type: "image" as const, mimeType: "image/png", data: "aGk=" };
  expect(imageTokens(broken, { api: "openai-chat", id: "x" })).toBe(1600);
});
