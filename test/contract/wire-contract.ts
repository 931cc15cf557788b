// What every wire API keeps, whatever its bytes look like: one suite, run for each of them over real HTTP.
import { describe, expect, test } from "vitest";
import type { AssistantMessage } from "../../src/protocol/message.ts";
import type { ModelEvent } from "../../src/protocol/stream.ts";
import { cutBytes, jsonReply, sseReply, startReplayServer } from "../support/replay-server.ts";
import {
  answerOf,
  call,
  HELLO,
  KEY,
  REFUSAL_WORDS,
  type ScriptedAnswer,
  streamTo,
  type WireContract,
} from "./wire-harness.ts";
import { plainRequest, readAll } from "./wire-recordings.ts";
import { testRequests } from "./wire-requests.ts";

/** Registers the suite. */
export function testWireContract(wire: WireContract): void {
  describe("answers", () => testAnswers(wire));
  describe("failures", () => testFailures(wire));
  describe("requests", () => testRequests(wire));
}

const USAGE = { input: 700, cacheRead: 300, output: 50, reasoning: 20 };

function testAnswers(wire: WireContract): void {
  test("text comes as deltas that add up to the message", async () => {
    const { events, message } = await answerOf(wire, { ...sseReply(wire.events(HELLO)), pauseMs: 50 });
    expect(message).toMatchObject({
      content: [{ type: "text", text: "Hello, wörld 🔥" }],
      stopReason: "stop",
    });
    expect(events.filter((event) => event.type === "text_delta").length).toBeGreaterThan(1);
    expect(message.model).toBe(`${wire.model.vendor}/${wire.model.id}`);
    expect(message.api).toBe(wire.model.api);
  });

  test("cuts inside characters and events change nothing", async () => {
    const whole = await answerOf(wire, sseReply(wire.events(HELLO)));
    const cut = await answerOf(wire, sseReply(cutBytes(wire.events(HELLO).join(""), () => 1)));
    expect(cut.message).toEqual(whole.message);
  });

  test("thinking keeps its text and signature apart from the answer", async () => {
    const answer: ScriptedAnswer = {
      parts: [
        { type: "thinking", pieces: ["Let me ", "think."], signature: "U0lHTkFUVVJF" },
        { type: "text", pieces: ["Done."] },
      ],
    };
    const { message } = await answerOf(wire, sseReply(wire.events(answer)));
    expect(message.content.map((part) => [part.type, "text" in part ? part.text : ""])).toEqual([
      ["thinking", "Let me think."],
      ["text", "Done."],
    ]);
  });

  test("a tool call's arguments come in pieces and are parsed", async () => {
    const answer: ScriptedAnswer = { parts: [call("call_1", ['{"path": "a', '.txt"', "}"])] };
    const { events, message } = await answerOf(wire, sseReply(wire.events(answer)));
    expect(message.stopReason).toBe("tool_use");
    expect(message.content).toMatchObject([
      { type: "tool_call", name: "read", arguments: { path: "a.txt" } },
    ]);
    expect(events.find((event) => event.type === "tool_call_start")).toMatchObject({
      index: 0,
      name: "read",
    });
  });

  test("a call without arguments has an empty object", async () => {
    const { message } = await answerOf(wire, sseReply(wire.events({ parts: [call("call_1", ["{}"])] })));
    expect(message.content).toMatchObject([{ type: "tool_call", arguments: {} }]);
  });

  test("parallel calls stay apart and in order", async () => {
    const answer: ScriptedAnswer = {
      parts: [
        { type: "text", pieces: ["Both."] },
        call("call_1", ['{"path":', '"a"}']),
        call("call_2", ['{"path":"b"}']),
      ],
    };
    const { message } = await answerOf(wire, sseReply(wire.events(answer)));
    const calls = message.content.filter((part) => part.type === "tool_call");
    expect(calls.map((part) => part.arguments)).toEqual([{ path: "a" }, { path: "b" }]);
    expect(new Set(calls.map((part) => part.id)).size).toBe(2);
    expect(message.stopReason).toBe("tool_use");
  });

  if (wire.callsComeInPieces) {
    test("arguments that are no JSON are kept as they came", async () => {
      const { message } = await answerOf(
        wire,
        sseReply(wire.events({ parts: [call("call_1", ['{"path": ', "oops"])] })),
      );
      expect(message.content).toMatchObject([{ arguments: {}, invalidArguments: '{"path": oops' }]);
    });
  }

  test("usage counts uncached input, cached input, output with reasoning, and dollars", async () => {
    const { message } = await answerOf(wire, sseReply(wire.events({ ...HELLO, usage: USAGE })));
    expect(message.usage).toMatchObject({ input: 700, cacheRead: 300, output: 50, cacheWrite: 0 });
    const price = wire.model.price ?? { input: 0, output: 0, cacheRead: 0 };
    const dollars = (700 * price.input + 300 * price.cacheRead + 50 * price.output) / 1_000_000;
    expect(message.usage.cost).toBeCloseTo(dollars, 9);
  });

  test("an answer cut by the output limit says length, also with a call in it", async () => {
    const text = await answerOf(wire, sseReply(wire.events({ ...HELLO, stop: "length" })));
    expect(text.message.stopReason).toBe("length");
    const calls = await answerOf(
      wire,
      sseReply(wire.events({ parts: [call("call_1", ["{}"])], stop: "length" })),
    );
    expect(calls.message.stopReason).toBe("length");
  });

  test("an endpoint that answers with JSON gives the same message", async () => {
    const answer: ScriptedAnswer = {
      parts: [{ type: "text", pieces: ["One ", "moment."] }, call("call_1", ['{"path":"a"}'])],
      usage: USAGE,
    };
    const streamed = await answerOf(wire, sseReply(wire.events(answer)));
    const whole = await answerOf(wire, jsonReply(JSON.stringify(wire.json(answer), null, 2)));
    expect(withoutIds(whole.message)).toEqual(withoutIds(streamed.message));
  });
}

function testFailures(wire: WireContract): void {
  test("a refusal is an error with the vendor's words", async () => {
    const { message } = await answerOf(wire, sseReply(wire.events({ parts: [], stop: "refused" })));
    expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.refused" } });
    expect(message.error?.message).toContain(REFUSAL_WORDS);
  });

  test("an abort ends the stream within a second and keeps the partial text", async () => {
    await using server = await startReplayServer();
    server.reply(sseReply(openingOf(wire, "Half an ans"), "hang"));
    const controller = new AbortController();
    let aborted = 0;
    const events: ModelEvent[] = [];
    for await (const event of streamTo(wire, server.url)(plainRequest(wire.model), controller)) {
      events.push(event);
      if (event.type !== "text_delta") continue;
      aborted = performance.now();
      controller.abort();
    }
    expect(performance.now() - aborted).toBeLessThan(1000);
    expect(events.at(-1)).toMatchObject({
      type: "end",
      message: {
        stopReason: "aborted",
        content: [{ type: "text", text: "Half an ans" }],
        error: { code: "provider.aborted" },
      },
    });
  });

  test("an abort before the answer and one before the request end it as well", async () => {
    await using server = await startReplayServer();
    server.reply(sseReply([], "hang"));
    const waiting = readAll(streamTo(wire, server.url), plainRequest(wire.model), AbortSignal.timeout(100));
    expect((await waiting).message.stopReason).toBe("aborted");
    const early = await readAll(streamTo(wire, server.url), plainRequest(wire.model), AbortSignal.abort());
    expect(early.message.stopReason).toBe("aborted");
  });

  test("a consumer that leaves closes the connection", async () => {
    await using server = await startReplayServer();
    server.reply(sseReply(openingOf(wire, "Half"), "hang"));
    const { signal } = new AbortController();
    for await (const event of streamTo(wire, server.url)(plainRequest(wire.model), { signal })) {
      if (event.type === "text_delta") break;
    }
    await expect.poll(() => server.openConnections()).toBe(0);
  });

  test("a reset connection is a network error with the partial text", async () => {
    const { message } = await answerOf(wire, sseReply(openingOf(wire, "Half"), "reset"));
    expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.network" } });
    expect(message.content).toEqual([{ type: "text", text: "Half" }]);
  });

  test("a stream that ends too early is a network error", async () => {
    const { message } = await answerOf(wire, sseReply(openingOf(wire, "Half")));
    expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.network" } });
  });

  test("a stream that ends inside a tool call leaves no call", async () => {
    const body = wire.events({ parts: [call("call_1", ['{"path": "', "cut-here", '"}'])] }).join("");
    const { message } = await answerOf(wire, sseReply([body.slice(0, body.indexOf("cut-here"))]));
    expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.network" }, content: [] });
  });

  test("data that is no JSON is a malformed stream", async () => {
    const { message } = await answerOf(wire, sseReply([...openingOf(wire, "Half"), wire.malformedEvent]));
    expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.malformed_stream" } });
  });

  test.each(["text/event-stream", "application/json"])(
    "an empty body of type %s is an error",
    async (type) => {
      const { message } = await answerOf(wire, { headers: { "content-type": type }, chunks: [] });
      expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.empty_response" } });
    },
  );

  test("broken JSON and a web page instead of an answer are errors", async () => {
    const cut = JSON.stringify(wire.json(HELLO)).slice(0, -20);
    const broken = await answerOf(wire, jsonReply(cut));
    expect(broken.message.error?.code).toBe("provider.malformed_stream");
    const page = "<html><head><title>Log in</title></head></html>";
    const html = await answerOf(wire, { headers: { "content-type": "text/html" }, chunks: [page] });
    expect(html.message.error?.code).toBe("provider.malformed_stream");
    expect(html.message.error?.message).not.toContain("<html>");
  });

  test.each([
    [400, "provider.invalid_request"],
    [401, "provider.auth"],
    [403, "provider.permission"],
    [404, "provider.not_found"],
    [429, "provider.rate_limit"],
    [500, "provider.server"],
    [503, "provider.overloaded"],
  ])("HTTP %i is %s, with the vendor's words, once", async (status, code) => {
    await using server = await startReplayServer();
    server.reply(jsonReply(wire.errorBody(status), status, { "retry-after": "7" }));
    const { message } = await readAll(streamTo(wire, server.url), plainRequest(wire.model));
    expect(message).toMatchObject({ stopReason: "error", error: { code, status } });
    expect(message.error?.message).toContain("the vendor's words");
    expect(JSON.stringify(message)).not.toContain(KEY);
    expect(message.error?.retryAfterMs).toBe(7000);
    expect(server.requests).toHaveLength(1);
  });

  test("an address where nobody listens is a network error", async () => {
    const { message } = await readAll(streamTo(wire, "http://127.0.0.1:1"), plainRequest(wire.model));
    expect(message).toMatchObject({ stopReason: "error", error: { code: "provider.network" }, content: [] });
  });
}

/** The events up to and with this text. */
function openingOf(wire: WireContract, text: string): string[] {
  const events = wire.events({ parts: [{ type: "text", pieces: [text, "never sent"] }] });
  return events.slice(
    0,
    events.findIndex((event) => event.includes("never sent")),
  );
}

/** Some services send no ids, so ours are random. */
function withoutIds(message: AssistantMessage): unknown {
  return JSON.parse(JSON.stringify(message, (key, value) => (key === "id" ? undefined : value)));
}
