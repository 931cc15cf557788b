import { expect, test } from "vitest";
import type { Model } from "../../../src/protocol/model.ts";
import { createStream } from "../../../src/providers/anthropic-messages/stream.ts";
import type { Endpoint } from "../../../src/providers/endpoint.ts";
import { createHttpFetch } from "../../../src/providers/http-fetch.ts";
import { plainRequest, readAll } from "../../contract/wire-recordings.ts";
import { jsonReply, startReplayServer } from "../../support/replay-server.ts";

const model: Model = {
  id: "claude-sonnet-4-5",
  vendor: "anthropic",
  name: "Claude Sonnet 4.5",
  api: "anthropic-messages",
  contextWindow: 200_000,
  maxOutput: 64_000,
  input: ["text"],
  thinking: ["off", "high"],
  price: null,
};

async function headersSent(endpoint: Partial<Endpoint>) {
  await using server = await startReplayServer();
  server.reply(jsonReply({ content: [], stop_reason: "end_turn" }));
  const stream = createStream({ vendor: "anthropic", baseUrl: server.url, ...endpoint }, createHttpFetch({}));
  await readAll(stream, plainRequest(model, { thinking: "high" }));
  return server.requests[0]?.headers ?? {};
}

test("thinking between tool calls is asked for beside the betas of the settings", async () => {
  expect((await headersSent({ apiKey: "k" }))["anthropic-beta"]).toBe("interleaved-thinking-2025-05-14");
  const headers = { "Anthropic-Beta": "context-1m-2025-08-07" };
  expect((await headersSent({ apiKey: "k", headers }))["anthropic-beta"]).toBe(
    "context-1m-2025-08-07,interleaved-thinking-2025-05-14",
  );
});

test("an endpoint without a key gets none, not even from the environment", async () => {
  process.env.ANTHROPIC_API_KEY = "from-the-environment";
  try {
    expect(JSON.stringify(await headersSent({}))).not.toMatch(
      /authorization|x-api-key|from-the-environment/i,
    );
  } finally {
    delete process.env.ANTHROPIC_API_KEY;
  }
});
