// Faux: a scripted model inside the process, for the demo, tests and offline work. Opens no connection.
import { setTimeout as sleep } from "node:timers/promises";
import { chunkText } from "../lib/chunk-text.ts";
import type { OutputContent } from "../protocol/content.ts";
import type { Failure } from "../protocol/failure.ts";
import type { AssistantMessage, StopReason } from "../protocol/message.ts";
import type { Model } from "../protocol/model.ts";
import type { ModelEvent, ModelRequest, StreamFn } from "../protocol/stream.ts";
import type { Usage } from "../protocol/usage.ts";

/** One answer. Parts come in the order thinking, text, toolCalls, or as `content` gives them. */
export type FauxReply = {
  text?: string;
  thinking?: string;
  toolCalls?: readonly { name: string; arguments?: Record<string, unknown>; id?: string }[];
  content?: readonly OutputContent[];
  /** Estimated from the texts where it is not given. */
  usage?: Partial<Usage>;
  stopReason?: StopReason;
  /** Makes the answer end in an error, after the parts. */
  error?: Failure;
  /** Milliseconds before the first piece and between pieces; characters of one piece (default 40). */
  delayMs?: number;
  chunkDelayMs?: number;
  chunkSize?: number;
};

/** What a model says to a request; a list is taken in order, one entry a request. */
type FauxAnswer = (request: ModelRequest) => FauxReply;
export type FauxScript = FauxAnswer | readonly (FauxReply | FauxAnswer)[];

export const fauxModel: Model = {
  id: "demo",
  vendor: "faux",
  name: "Demo (scripted)",
  api: "anthropic-messages",
  contextWindow: 200_000,
  maxOutput: 32_000,
  input: ["text"],
  thinking: ["off", "low", "medium", "high"],
  price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
};

const CHUNK_SIZE = 40;
const CHARACTERS_PER_TOKEN = 4;

/** A list that is used up answers with an error, so that a test sees one request too many. */
export function createFauxStream(script: FauxScript): StreamFn {
  let position = 0;
  let calls = 0;
  const newId = () => {
    calls += 1;
    return `call_faux${calls}`;
  };

  function nextReply(request: ModelRequest): FauxReply {
    if (typeof script === "function") return script(request);
    const entry = script[position];
    position += 1;
    if (entry) return typeof entry === "function" ? entry(request) : entry;
    return { error: { code: "provider.failed", message: "The faux model's script has no further reply." } };
  }

  return (request, { signal }) => streamReply(request, nextReply(request), { newId, signal });
}

async function* streamReply(
  request: ModelRequest,
  reply: FauxReply,
  { newId, signal }: { newId: () => string; signal: AbortSignal },
): AsyncGenerator<ModelEvent> {
  const parts = contentOf(reply, newId);
  const said: OutputContent[] = [];
  yield { type: "start" };
  let stopped = !(await wait(reply.delayMs ?? 0, signal));
  for (const event of stopped ? [] : eventsOf(parts, reply.chunkSize ?? CHUNK_SIZE)) {
    if (signal.aborted) stopped = true;
    if (stopped) break;
    remember(said, parts, event);
    yield event;
    stopped = !(await wait(reply.chunkDelayMs ?? 0, signal));
  }
  yield {
    type: "end",
    message: stopped ? abortedMessage(request, said, reply) : message(request, parts, reply),
  };
}

type Delta = Exclude<ModelEvent, { type: "start" | "retry" | "fallback" | "end" }>;

function* eventsOf(parts: readonly OutputContent[], chunkSize: number): Generator<Delta> {
  for (const [index, part] of parts.entries()) {
    switch (part.type) {
      case "text":
        for (const text of chunkText(part.text, chunkSize)) yield { type: "text_delta", index, text };
        break;
      case "thinking":
        for (const text of chunkText(part.text, chunkSize)) yield { type: "thinking_delta", index, text };
        break;
      case "tool_call":
        yield { type: "tool_call_start", index, id: part.id, name: part.name };
        for (const argumentsText of chunkText(JSON.stringify(part.arguments), chunkSize)) {
          yield { type: "tool_call_delta", index, argumentsText };
        }
    }
  }
}

/** Grows the partial answer. A call stands in it only when the next part has begun: half a call is none. */
function remember(said: OutputContent[], parts: readonly OutputContent[], event: Delta): void {
  for (const part of parts.slice(said.length, event.index)) said.push(part);
  if (event.type !== "text_delta" && event.type !== "thinking_delta") return;
  const current = said[event.index];
  if (current?.type === "text" || current?.type === "thinking") current.text += event.text;
  else said.push({ type: event.type === "text_delta" ? "text" : "thinking", text: event.text });
}

function contentOf(reply: FauxReply, newId: () => string): readonly OutputContent[] {
  if (reply.content) return reply.content;
  const parts: OutputContent[] = [];
  if (reply.thinking !== undefined) parts.push({ type: "thinking", text: reply.thinking });
  if (reply.text !== undefined) parts.push({ type: "text", text: reply.text });
  for (const call of reply.toolCalls ?? []) {
    parts.push({
      type: "tool_call",
      id: call.id ?? newId(),
      name: call.name,
      arguments: call.arguments ?? {},
    });
  }
  return parts;
}

function message(
  request: ModelRequest,
  content: readonly OutputContent[],
  { stopReason, error, usage }: FauxReply,
): AssistantMessage {
  const calls = content.some((part) => part.type === "tool_call");
  return {
    role: "assistant",
    content: [...content],
    stopReason: error ? "error" : (stopReason ?? (calls ? "tool_use" : "stop")),
    usage: usageOf(request, content, usage),
    model: `${request.model.vendor}/${request.model.id}`,
    api: request.model.api,
    ...(error ? { error } : {}),
  };
}

function abortedMessage(
  request: ModelRequest,
  said: readonly OutputContent[],
  reply: FauxReply,
): AssistantMessage {
  const error = { code: "provider.aborted", message: "The answer was interrupted." };
  return { ...message(request, said, { ...reply, error }), stopReason: "aborted" };
}

function usageOf(
  request: ModelRequest,
  content: readonly OutputContent[],
  given: Partial<Usage> = {},
): Usage {
  return {
    input: tokensIn(request.system) + tokensIn(JSON.stringify(request.messages)),
    output: tokensIn(JSON.stringify(content)),
    cacheRead: 0,
    cacheWrite: 0,
    reasoning: 0,
    cost: request.model.price ? 0 : null,
    ...given,
  };
}

function tokensIn(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** False when the signal fired meanwhile. */
async function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms <= 0 || signal.aborted) return !signal.aborted;
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    // The only way this sleep fails is the signal.
    return false;
  }
}
