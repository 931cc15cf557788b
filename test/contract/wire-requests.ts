// What every wire API keeps when it sends: images, signatures, cache prefixes, transcripts of other models.
import { expect, test } from "vitest";
import type { AssistantMessage } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import type { ModelRequest } from "../../src/protocol/stream.ts";
import { type RecordedRequest, sseReply, startReplayServer } from "../support/replay-server.ts";
import {
  answerOf,
  call,
  HELLO,
  KEY,
  READ,
  type ScriptedAnswer,
  streamTo,
  type WireContract,
} from "./wire-harness.ts";
import { plainRequest, readAll } from "./wire-recordings.ts";
import { foreignTalk, IMAGE, imageTalk, longTalk, result, user } from "./wire-talks.ts";

/** Registers the tests. */
export function testRequests(wire: WireContract): void {
  test("the key and the endpoint's own headers are sent", async () => {
    const { headers, path } = await requestOf(wire, {});
    expect(JSON.stringify(headers)).toContain(KEY);
    expect(headers["x-extra"]).toBe("yes");
    expect(path).not.toContain(KEY);
  });

  test("images reach the model from the person and from tools", async () => {
    const { text, json } = await requestOf(wire, { messages: imageTalk() });
    expect(text.split(IMAGE)).toHaveLength(3);
    wire.expectValid(bodyOf(json));
  });

  test("a model that sees no images gets a note instead", async () => {
    const model: Model = { ...wire.model, input: ["text"] };
    const { text, json } = await requestOf(wire, { model, messages: imageTalk() });
    expect(text).not.toContain(IMAGE);
    expect(text.split("cannot see images")).toHaveLength(3);
    wire.expectValid(bodyOf(json));
  });

  test("signatures go back to the model that made them and to no other", async () => {
    const thought: ScriptedAnswer = {
      parts: [
        { type: "thinking", pieces: ["Hm."], signature: "U0lHTkFUVVJFMTIz" },
        call("call_1", ['{"path":"a"}']),
      ],
    };
    const { message } = await answerOf(wire, sseReply(wire.events(thought)));
    const messages = [user("Read a"), message, result(callsOf(message)[0] ?? "", "text of a")];
    const own = await requestOf(wire, { messages, thinking: "high" });
    expect(own.text).toContain("U0lHTkFUVVJFMTIz");
    const other = await requestOf(wire, { messages, model: { ...wire.model, id: `${wire.model.id}-other` } });
    expect(other.text).not.toContain("U0lHTkFUVVJFMTIz");
    expect(other.text).not.toContain("Hm.");
    wire.expectValid(bodyOf(own.json));
    wire.expectValid(bodyOf(other.json));
  });

  test("each request of a run extends the one before byte for byte", async () => {
    const bodies: Record<string, unknown>[] = [];
    for (const length of [1, 4, 6, 8]) {
      const { json } = await requestOf(wire, { messages: longTalk().slice(0, length), thinking: "medium" });
      bodies.push(withoutCacheMarks(bodyOf(json)));
    }
    for (const [index, body] of bodies.entries()) {
      const next = bodies[index + 1];
      if (!next) continue;
      const rest = (value: Record<string, unknown>) => JSON.stringify({ ...value, ...moving(wire, value) });
      expect(rest(next)).toBe(rest(body));
      const before = JSON.stringify(wire.messagesOf(body)).slice(0, -1);
      expect(JSON.stringify(wire.messagesOf(next)).slice(0, before.length)).toBe(before);
    }
  });

  test("the same request is the same bytes", async () => {
    const [first, second] = [await requestOf(wire, {}), await requestOf(wire, {})];
    expect(second.text).toBe(first.text);
  });

  test("a transcript of another wire API is valid here", async () => {
    const { text, json } = await requestOf(wire, { messages: foreignTalk(), thinking: "low" });
    wire.expectValid(bodyOf(json));
    for (const foreign of ["FOREIGN", "secret thought", "orphan"]) expect(text).not.toContain(foreign);
    expect(text).toContain("No result: the run was interrupted");
    expect(text).toContain("partial answer");
    expect(text).not.toContain('\\ud83d"');
  });
}

async function requestOf(wire: WireContract, more: Partial<ModelRequest>): Promise<RecordedRequest> {
  await using server = await startReplayServer();
  server.reply(sseReply(wire.events(HELLO)));
  const { message } = await readAll(
    streamTo(wire, server.url),
    plainRequest(wire.model, { tools: [READ], ...more }),
  );
  expect(message.error).toBeUndefined();
  const request = server.requests[0];
  if (!request) throw new Error("no request came");
  return request;
}

function callsOf(message: AssistantMessage): string[] {
  return message.content.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
}

function bodyOf(json: unknown): Record<string, unknown> {
  return json as Record<string, unknown>;
}

/** What may change from request to request: the messages, and how long an answer may be. */
function moving(wire: WireContract, body: Record<string, unknown>): Record<string, undefined> {
  const messages = wire.messagesOf(body);
  const keys = Object.keys(body).filter((key) => body[key] === messages || /max/.test(key));
  return Object.fromEntries(keys.map((key) => [key, undefined]));
}

function withoutCacheMarks(body: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(body, (key, value) => (key === "cache_control" ? undefined : value)));
}
