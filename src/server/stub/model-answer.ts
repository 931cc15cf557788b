// ModelAnswer: a reply made complete (parts, ids, usage, stop reason), ready for any wire API to be put in words.
import type { Reply, ReplyPart } from "./script.ts";
import type { StubRequest } from "./stub-request.ts";

export type AnswerPart =
  | { type: "text"; text: string }
  | { type: "thinking"; text: string }
  | { type: "tool_call"; id: string; name: string; argumentsText: string };

export type ModelAnswer = {
  request: StubRequest;
  model: string;
  parts: readonly AnswerPart[];
  usage: AnswerUsage;
  stopReason: "stop" | "length" | "tool_use" | "refusal";
  /** Characters of one delta. */
  chunkSize: number;
  /** Seconds since the epoch. */
  created: number;
  newId: NewId;
};

/** A unique id with the vendor's own beginning: `msg_`, `call_`. */
export type NewId = (prefix: string) => string;

/** Tokens: `input` without cache, `output` with reasoning. */
export type AnswerUsage = {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
};

/** A piece of a body as one write. `delta` marks what pacing and faults count. */
export type Frame = { text: string; delta: boolean };

/** One vendor's way of saying things. All give plain JSON values, streams give whole SSE events. */
export interface Wire {
  stream(answer: ModelAnswer): Iterable<Frame>;
  whole(answer: ModelAnswer): unknown;
  /** The error event this vendor sends in the midst of a stream. */
  errorFrame(message: string): Frame;
}

const CHUNK_SIZE = 20;
/** A usual rule of thumb for English and code: four characters a token. */
const CHARACTERS_PER_TOKEN = 4;

export function createAnswer(
  reply: Reply,
  { request, newId, nowMs }: { request: StubRequest; newId: NewId; nowMs: number },
): ModelAnswer {
  const parts = partsOf(reply).map((part) => completePart(part, newId, request));
  const hasCalls = parts.some((part) => part.type === "tool_call");
  return {
    request,
    model: request.model,
    parts,
    usage: usageOf(reply, request, parts),
    stopReason: reply.stopReason ?? (hasCalls ? "tool_use" : "stop"),
    chunkSize: reply.chunkSize ?? CHUNK_SIZE,
    created: Math.floor(nowMs / 1000),
    newId,
  };
}

/** One SSE event. `event` is left out by vendors that send data lines alone. */
export function sseFrame(data: unknown, options: { event?: string; delta?: boolean } = {}): Frame {
  const head = options.event === undefined ? "" : `event: ${options.event}\n`;
  return { text: `${head}data: ${JSON.stringify(data)}\n\n`, delta: options.delta ?? false };
}

/** The opaque token a vendor puts on thoughts; tells which wire API made it. Base64, as Google requires. */
export function signatureFor(api: string): string {
  return Buffer.from(`stub signature of ${api}`).toString("base64");
}

/** Where a script sends broken JSON, an answer that is not streamed has nothing but an empty object. */
export function parsedArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

export function tokensIn(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function partsOf(reply: Reply): ReplyPart[] {
  if (reply.content) return reply.content;
  const parts: ReplyPart[] = [];
  if (reply.thinking !== undefined) parts.push({ type: "thinking", text: reply.thinking });
  if (reply.text !== undefined) parts.push({ type: "text", text: reply.text });
  for (const call of reply.toolCalls ?? []) parts.push({ type: "tool_call", ...call });
  return parts;
}

function completePart(part: ReplyPart, newId: NewId, request: StubRequest): AnswerPart {
  if (part.type !== "tool_call") return part;
  const given = part.arguments ?? {};
  return {
    type: "tool_call",
    id: part.id ?? newId(request.endpoint === "anthropic-messages" ? "toolu_" : "call_"),
    name: part.name,
    argumentsText: typeof given === "string" ? given : JSON.stringify(given),
  };
}

function usageOf(reply: Reply, request: StubRequest, parts: readonly AnswerPart[]): AnswerUsage {
  const lengths = parts.map((part) => tokensIn(part.type === "tool_call" ? part.argumentsText : part.text));
  const thinking = parts.map((part, index) => (part.type === "thinking" ? (lengths[index] ?? 0) : 0));
  return {
    input: reply.usage?.input ?? tokensIn(request.raw),
    output: reply.usage?.output ?? lengths.reduce((sum, length) => sum + length, 0),
    cacheRead: reply.usage?.cacheRead ?? 0,
    cacheWrite: reply.usage?.cacheWrite ?? 0,
    reasoning:
      reply.usage?.reasoning ?? (reply.usage ? 0 : thinking.reduce((sum, length) => sum + length, 0)),
  };
}
