// Recorded conversations: what a service answered must go back to it in the next request as it went back then.
import { expect, test } from "vitest";
import type { AssistantMessage, Message } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import type { ModelRequest } from "../../src/protocol/stream.ts";
import { loadRecordings, plainRequest, type Recording } from "./wire-recordings.ts";

export type WireReplay = {
  api: string;
  model: Model;
  /** The answer as our message. */
  read: (answer: unknown) => AssistantMessage;
  /** The body that would be sent, as JSON. */
  send: (request: ModelRequest) => unknown;
};

/** The parts of a body that a service recognises again, by their token: a call by its id, a thought by its signature. */
export type RecognisedParts = (body: unknown) => Map<string, unknown>;

/** Registers one test over all pairs of an answer and the request after it. */
export function testReplays(wire: WireReplay, partsOf: RecognisedParts): void {
  const pairs = pairsOf(loadRecordings(wire.api), partsOf);
  test(`${pairs.length} recorded answers go back as they did when they were recorded`, () => {
    for (const { answer, sent } of pairs) {
      const message = wire.read(answer.response.json);
      const ours = partsOf(wire.send(plainRequest(wire.model, { messages: talkWith(message) })));
      for (const [token, part] of sent) expect(ours.get(token), `${answer.name} ${token}`).toEqual(part);
    }
  });
}

type Pair = { answer: Recording; sent: Map<string, unknown> };

/** Only parts that the answer itself holds count: older ones belong to older answers. */
function pairsOf(recordings: readonly Recording[], partsOf: RecognisedParts): Pair[] {
  const pairs: Pair[] = [];
  for (const [index, answer] of recordings.entries()) {
    const next = recordings[index + 1];
    if (answer.kind !== "json" || next === undefined || fileOf(next) !== fileOf(answer)) continue;
    const text = JSON.stringify(answer.response.json);
    const sent = [...partsOf(next.request?.json)].filter(([token]) => text.includes(JSON.stringify(token)));
    if (sent.length > 0) pairs.push({ answer, sent: new Map(sent) });
  }
  return pairs;
}

function fileOf({ name }: Recording): string {
  return name.replace(/#\d+$/, "");
}

function talkWith(message: AssistantMessage): Message[] {
  const results = message.content.flatMap((part): Message[] => {
    if (part.type !== "tool_call") return [];
    const content = [{ type: "text" as const, text: "ok" }];
    return [{ role: "tool_result", toolCallId: part.id, toolName: part.name, content, isError: false }];
  });
  return [{ role: "user", content: [{ type: "text", text: "go" }] }, message, ...results];
}
