// The one entry to models: endpoint, wire API, retry and fallback together, over real HTTP.
import { describe, expect, test } from "vitest";
import { createFauxStream } from "../../src/providers/faux.ts";
import { createStreamFn } from "../../src/providers/stream.ts";
import { chatModel } from "../contract/openai-models.ts";
import { plainRequest, readAll } from "../contract/wire-recordings.ts";
import { jsonReply, sseReply, startReplayServer } from "../support/replay-server.ts";

const retries = { baseDelayMs: 1, maxAttempts: 3 };
const model = { ...chatModel, vendor: "my", id: "foo" };

function answer(text: string, finish = "stop") {
  const choices = [{ index: 0, delta: { content: text }, finish_reason: finish }];
  return sseReply([`data: ${JSON.stringify({ choices })}\n\n`, "data: [DONE]\n\n"]);
}

function customAt(url: string) {
  return {
    my: { api: "openai" as const, baseUrl: `${url}/v1`, keyEnv: "MY_KEY", headers: { "x-team": "a" } },
  };
}

describe("createStreamFn", () => {
  test("a provider of the settings gets its key and headers at its address", async () => {
    await using server = await startReplayServer();
    server.reply(answer("Hi"));
    const stream = createStreamFn({ env: { MY_KEY: "secret-key-1" }, custom: customAt(server.url) });
    const { message } = await readAll(stream, plainRequest(model));
    expect(message).toMatchObject({ model: "my/foo", content: [{ text: "Hi" }] });
    const [request] = server.requests;
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.headers).toMatchObject({ authorization: "Bearer secret-key-1", "x-team": "a" });
  });

  test("a key that was replaced is used from the next request on", async () => {
    await using server = await startReplayServer();
    server.reply(answer("Hi"), answer("Hi"), answer("Hi"));
    const env = { MY_KEY: "first" };
    const stream = createStreamFn({ env, custom: customAt(server.url) });
    await readAll(stream, plainRequest(model));
    await readAll(stream, plainRequest(model));
    env.MY_KEY = "second";
    await readAll(stream, plainRequest(model));
    const keys = server.requests.map(({ headers }) => headers.authorization);
    expect(keys).toEqual(["Bearer first", "Bearer first", "Bearer second"]);
  });

  test("an endpoint without a key gets no authorization", async () => {
    await using server = await startReplayServer();
    server.reply(answer("Hi"));
    const custom = { my: { baseUrl: server.url } };
    await readAll(createStreamFn({ env: { OPENAI_API_KEY: "not-yours" }, custom }), plainRequest(model));
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
    expect(JSON.stringify(server.requests)).not.toContain("not-yours");
  });

  test("a missing key ends the stream with the error, without a request", async () => {
    const { events, message } = await readAll(
      createStreamFn({ env: {} }),
      plainRequest({ ...model, vendor: "openai" }),
    );
    expect(events.map(({ type }) => type)).toEqual(["start", "end"]);
    expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.auth" } });
    expect(message.error?.message).toContain("OPENAI_API_KEY");
  });

  test("a rate limit with Retry-After is waited for and the answer comes once", async () => {
    await using server = await startReplayServer();
    server.reply(jsonReply({ error: { message: "slow" } }, 429, { "retry-after": "0.05" }), answer("Hi"));
    const stream = createStreamFn({ env: { MY_KEY: "k" }, custom: customAt(server.url), retries });
    const { events, message } = await readAll(stream, plainRequest(model));
    expect(events.map(({ type }) => type)).toEqual(["start", "retry", "text_delta", "end"]);
    expect(events[1]).toMatchObject({ delayMs: 50 });
    expect(message.content).toMatchObject([{ text: "Hi" }]);
  });

  test("a connection that breaks after some text is retried and nothing is doubled", async () => {
    await using server = await startReplayServer();
    const half = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "He" } }] })}\n\n`;
    server.reply(sseReply([half], "reset"), answer("Hello"));
    const stream = createStreamFn({ env: { MY_KEY: "k" }, custom: customAt(server.url), retries });
    const { message } = await readAll(stream, plainRequest(model));
    expect(message.content).toEqual([{ type: "text", text: "Hello" }]);
  });

  test("a primary that stays down falls back; a wrong key does not", async () => {
    await using server = await startReplayServer();
    const down = jsonReply({ error: { message: "down" } }, 503);
    server.reply(down, down, down, answer("Hi from B"));
    const fallback = [model, { ...model, id: "b" }];
    const stream = createStreamFn({ env: { MY_KEY: "k" }, custom: customAt(server.url), retries, fallback });
    const { message } = await readAll(stream, plainRequest(model));
    expect(message).toMatchObject({ model: "my/b", stopReason: "stop" });
    server.reply(jsonReply({ error: { message: "bad key" } }, 401));
    const refused = await readAll(stream, plainRequest(model));
    expect(refused.message.error?.code).toBe("provider.auth");
    expect(server.requests).toHaveLength(5);
  });

  test("an empty answer whose usage fills the window is an overflow", async () => {
    await using server = await startReplayServer();
    const choices = [{ index: 0, delta: {}, finish_reason: "length" }];
    const usage = { prompt_tokens: chatModel.contextWindow, completion_tokens: 0 };
    server.reply(sseReply([`data: ${JSON.stringify({ choices, usage })}\n\n`, "data: [DONE]\n\n"]));
    const stream = createStreamFn({ env: { MY_KEY: "k" }, custom: customAt(server.url), retries });
    const { message } = await readAll(stream, plainRequest(model));
    expect(message.error?.code).toBe("provider.context_overflow");
  });

  test("a local stream stands in for a vendor", async () => {
    const local = { my: createFauxStream([{ text: "Hi" }]) };
    const { message } = await readAll(createStreamFn({ env: {}, local }), plainRequest(model));
    expect(message.content).toMatchObject([{ text: "Hi" }]);
  });
});
