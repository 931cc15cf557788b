import { describe, expect, it } from "vitest";
import type { AssistantMessage } from "../../src/protocol/message.ts";
import type { ModelEvent, ModelRequest } from "../../src/protocol/stream.ts";
import { createFauxStream, type FauxScript, fauxModel } from "../../src/providers/faux.ts";

const request: ModelRequest = {
  model: fauxModel,
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
  tools: [],
  thinking: "off",
};

async function collect(script: FauxScript, signal = new AbortController().signal): Promise<ModelEvent[]> {
  return drain(createFauxStream(script)(request, { signal }));
}

async function drain(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

function lastMessage(events: readonly ModelEvent[]): AssistantMessage {
  const last = events.at(-1);
  if (last?.type !== "end") throw new Error("the stream did not end with end");
  return last.message;
}

describe("faux provider", () => {
  it("streams thinking, text and calls in pieces that add up to the message", async () => {
    const events = await collect([
      {
        thinking: "Let me see.",
        text: "I read it 🤔.",
        toolCalls: [{ name: "read", arguments: { path: "a" } }, { name: "ls" }],
        chunkSize: 3,
        usage: { input: 7 },
      },
    ]);
    const joined = new Map<number, string>();
    for (const event of events) {
      if (event.type === "text_delta" || event.type === "thinking_delta") {
        joined.set(event.index, (joined.get(event.index) ?? "") + event.text);
      }
      if (event.type === "tool_call_delta") {
        joined.set(event.index, (joined.get(event.index) ?? "") + event.argumentsText);
      }
    }
    expect([...joined.values()]).toEqual(["Let me see.", "I read it 🤔.", '{"path":"a"}', "{}"]);
    expect(events[0]).toEqual({ type: "start" });
    expect(lastMessage(events)).toMatchObject({
      content: [
        { type: "thinking", text: "Let me see." },
        { type: "text", text: "I read it 🤔." },
        { type: "tool_call", id: "call_faux1", name: "read", arguments: { path: "a" } },
        { type: "tool_call", id: "call_faux2", name: "ls", arguments: {} },
      ],
      stopReason: "tool_use",
      model: "faux/demo",
      usage: { input: 7, cost: 0 },
    });
  });

  it("takes a list in order and fails when it is used up; a reply may be a function of the request", async () => {
    const stream = createFauxStream([
      { text: "one" },
      ({ messages }) => ({ text: `two of ${messages.length}` }),
    ]);
    const answers: AssistantMessage[] = [];
    for (let i = 0; i < 3; i++) {
      answers.push(lastMessage(await drain(stream(request, { signal: new AbortController().signal }))));
    }
    expect(answers.map(({ content }) => content)).toEqual([
      [{ type: "text", text: "one" }],
      [{ type: "text", text: "two of 1" }],
      [],
    ]);
    expect(answers.map(({ stopReason }) => stopReason)).toEqual(["stop", "stop", "error"]);
  });

  it("ends in the error of the script after its parts", async () => {
    const error = { code: "provider.overloaded", message: "Busy." };
    const message = lastMessage(await collect([{ text: "half", error }]));
    expect(message).toMatchObject({ stopReason: "error", error, content: [{ type: "text", text: "half" }] });
  });

  it.each(["before the first piece", "between pieces"])("stops within 50 ms of an abort %s", async (when) => {
    const early = when === "before the first piece";
    const client = new AbortController();
    const script = [{ text: "abcdef", chunkSize: 2, delayMs: early ? 60_000 : 0, chunkDelayMs: 60_000 }];
    const iterator = createFauxStream(script)(request, { signal: client.signal })[Symbol.asyncIterator]();
    await iterator.next();
    if (!early) await iterator.next();
    const next = iterator.next();
    const aborted = performance.now();
    client.abort();
    const result = await next;
    expect(performance.now() - aborted).toBeLessThan(50);
    expect(result.value).toMatchObject({
      type: "end",
      message: {
        stopReason: "aborted",
        content: early ? [] : [{ type: "text", text: "ab" }],
        error: { code: "provider.aborted" },
      },
    });
  });

  it("keeps whole calls of an aborted answer and drops the one under way", async () => {
    const client = new AbortController();
    const toolCalls = [
      { name: "read", arguments: { path: "a" } },
      { name: "read", arguments: { path: "b" } },
    ];
    const events: ModelEvent[] = [];
    for await (const event of createFauxStream([{ toolCalls }])(request, { signal: client.signal })) {
      events.push(event);
      if (event.type === "tool_call_start" && event.index === 1) client.abort();
    }
    expect(lastMessage(events).content).toEqual([
      { type: "tool_call", id: "call_faux1", name: "read", arguments: { path: "a" } },
    ]);
  });

  it("says nothing when it is aborted before it begins", async () => {
    const events = await collect([{ text: "never" }], AbortSignal.abort());
    expect(events.map(({ type }) => type)).toEqual(["start", "end"]);
    expect(lastMessage(events)).toMatchObject({ stopReason: "aborted", content: [] });
  });
});
