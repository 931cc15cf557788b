// Recorded answers of real model services, replayed over HTTP into the real SDKs; shared by every wire API's tests.
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssistantMessage, StopReason } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import type { ModelEvent, ModelRequest, StreamFn } from "../../src/protocol/stream.ts";
import type { Usage } from "../../src/protocol/usage.ts";
import type { Endpoint } from "../../src/providers/endpoint.ts";
import { isRetryable } from "../../src/providers/errors.ts";
import { createHttpFetch, type Fetch } from "../../src/providers/http-fetch.ts";
import {
  cutBytes,
  jsonReply,
  type ReplayServer,
  type Reply,
  seededRandom,
  startReplayServer,
} from "../support/replay-server.ts";

/** Gathered pieces would hide where a recording is cut. */
const piecewise = createHttpFetch({}, { gatherMs: 0 });

const CORPUS = new URL("../../../shared/corpora/provider-streams/", import.meta.url);
const ERRORS = new URL("../../../shared/corpora/error-texts/wire-errors.jsonl", import.meta.url);
/** Longer bodies are not cut into single bytes: it proves nothing more and takes seconds. */
const SMALL_BODY = 20_000;

/** What the corpus says an answer holds. Which fields are there depends on the service. */
export type ExpectedReading = {
  text?: string;
  reasoning?: string;
  tool_calls?: { id: string | null; name: string; arguments: unknown }[];
  finish?: string | null;
  usage?: Record<string, number>;
  error?: { message?: string } | string;
  status?: number;
};

export type Recording = {
  /** File name without ending, with the number of the interaction where a file has several. */
  name: string;
  kind: "stream" | "json" | "error";
  provider: string;
  request: { json?: unknown } | undefined;
  response: { status: number; headers?: Record<string, string>; body?: string; json?: unknown };
  expected: ExpectedReading;
  /** Names of `expected` on which independent readers differ. */
  disputed: string[];
};

export type WireReading = {
  /** The wire API's name in the corpus: "anthropic-messages", "google-generate", ... */
  api: string;
  createStream: (endpoint: Endpoint, fetch: Fetch) => StreamFn;
  model: Model;
  /** Usage as ours, without cost; null leaves it unchecked. */
  usage: (expected: ExpectedReading) => Partial<Omit<Usage, "cost">> | null;
  stopReason: (expected: ExpectedReading) => StopReason;
  /** The endpoint for the replay server's address; default: the address itself and a made-up key. */
  endpoint?: (url: string) => Endpoint;
  /** Recordings that cannot come out as expected: name (as Recording.name) to reason. */
  cannotWork?: Readonly<Record<string, string>>;
  /** Last word on what is expected, for fields that this wire API reads otherwise with good reason. */
  adjust?: (recording: Recording) => ExpectedReading;
};

export const corpusPresent: boolean = existsSync(CORPUS);

/** All recordings of one wire API; empty when the corpus is absent. */
export function loadRecordings(api: string): Recording[] {
  if (!corpusPresent) return [];
  const recordings: Recording[] = [];
  for (const { file } of readJsonLines<{ file: string }>(new URL("index.jsonl", CORPUS))) {
    const { interactions } = JSON.parse(readFileSync(new URL(file, CORPUS), "utf8"));
    for (const [index, interaction] of interactions.entries()) {
      if (interaction.api !== api) continue;
      const name = basename(file, ".json") + (interactions.length > 1 ? `#${index + 1}` : "");
      recordings.push({ ...interaction, name, disputed: fieldsOf(interaction.disputed) });
    }
  }
  return recordings;
}

/** Runs one request to the end. */
export async function readAll(
  stream: StreamFn,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ events: ModelEvent[]; message: AssistantMessage }> {
  const events: ModelEvent[] = [];
  for await (const event of stream(request, { signal })) events.push(event);
  const last = events.at(-1);
  if (last?.type !== "end") throw new Error(`the last event is ${last?.type ?? "missing"}, not end`);
  return { events, message: last.message };
}

/** A request with one user message, enough for any recorded answer. */
export function plainRequest(model: Model, more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model,
    system: "You are a test.",
    messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    tools: [],
    thinking: "off",
    ...more,
  };
}

/** Start first, one end last, and the deltas of each part add up to the final message. */
export function expectOrderedEvents(events: readonly ModelEvent[], message: AssistantMessage): void {
  expect(events[0]?.type).toBe("start");
  expect(events.filter((event) => event.type === "end")).toHaveLength(1);
  const streamed = streamedTexts(events);
  const failed = message.stopReason === "error" || message.stopReason === "aborted";
  for (const [index, part] of message.content.entries()) {
    const pieces = streamed.get(index) ?? "";
    if (part.type !== "tool_call") expect(pieces).toBe(part.text);
    else if (part.invalidArguments !== undefined) expect(pieces).toBe(part.invalidArguments);
    else expect(JSON.parse(pieces || "{}")).toEqual(part.arguments);
  }
  if (!failed) for (const index of streamed.keys()) expect(message.content[index]).toBeDefined();
}

/** What was streamed of each part, by index. */
function streamedTexts(events: readonly ModelEvent[]): Map<number, string> {
  const texts = new Map<number, string>();
  const add = (index: number, text: string) => texts.set(index, (texts.get(index) ?? "") + text);
  for (const event of events) {
    if (event.type === "text_delta" || event.type === "thinking_delta") add(event.index, event.text);
    else if (event.type === "tool_call_start") add(event.index, "");
    else if (event.type === "tool_call_delta") add(event.index, event.argumentsText);
  }
  return texts;
}

/** Registers one test for each recording of the wire API, and says so when the corpus is absent. */
export function testRecordings(wire: WireReading): void {
  const recordings = loadRecordings(wire.api);
  const refused = wire.cannotWork ?? {};
  const usable = recordings.filter(({ name }) => !(name in refused));
  if (recordings.length === 0) {
    test("recorded answers: the corpus is absent, nothing was replayed", () =>
      expect(corpusPresent).toBe(false));
    return;
  }
  describe(`${usable.length} of ${recordings.length} recorded ${wire.api} answers come out as expected`, () => {
    let server: ReplayServer;
    beforeAll(async () => {
      server = await startReplayServer();
    });
    afterAll(() => server[Symbol.asyncDispose]());

    test.each(usable.map((recording) => [recording.name, recording] as const))(
      "%s",
      async (_name, recording) => {
        for (const reply of repliesOf(recording)) {
          server.reply(reply);
          const stream = wire.createStream(endpointOf(wire, server.url), piecewise);
          const { events, message } = await readAll(stream, plainRequest(wire.model));
          expectOrderedEvents(events, message);
          expectReading(wire, recording, message);
        }
      },
    );
  });
}

/** Registers the made-up HTTP errors of error-texts that belong to the wire API. */
export function testWireErrors(wire: Pick<WireReading, "api" | "createStream" | "model" | "endpoint">): void {
  const rows = existsSync(ERRORS)
    ? readJsonLines<WireErrorRow>(ERRORS).filter((row) => row.api === wire.api)
    : [];
  if (rows.length === 0) {
    test("wire errors: the corpus is absent, nothing was replayed", () =>
      expect(existsSync(ERRORS)).toBe(false));
    return;
  }
  test.each(rows)(
    `${rows.length} wire errors of ${wire.api} get their class and wait: $id $expected.class`,
    async (row) => {
      await using server = await startReplayServer();
      server.reply({ status: row.status, headers: row.headers, chunks: [row.body] });
      const stream = wire.createStream(endpointOf(wire, server.url), piecewise);
      const { message } = await readAll(stream, plainRequest(wire.model));
      expect(message.stopReason).toBe("error");
      const failure = message.error ?? { code: "none" };
      expect(failure.code).toBe(ERROR_CODES[row.expected.class] ?? `provider.${row.expected.class}`);
      expect(isRetryable(failure)).toBe(row.expected.retryable);
      expect(message.content.filter((part) => part.type === "tool_call")).toEqual([]);
      expect(JSON.stringify(message.error)).not.toContain(KEY);
      expect(JSON.stringify(message.error)).not.toContain("<html>");
      if (row.expected.retry_after_ms !== undefined) {
        expect(message.error?.retryAfterMs).toBe(row.expected.retry_after_ms);
      }
    },
  );
}

type WireErrorRow = {
  id: string;
  api: string;
  status: number;
  headers: Record<string, string>;
  body: string;
  expected: { class: string; retryable: boolean; retry_after_ms?: number };
};

const KEY = "test-key-0123456789";

/** The corpus's error classes as our codes, where the names differ. */
const ERROR_CODES: Readonly<Record<string, string>> = {
  billing: "provider.quota",
  request_too_large_for_rate_limit: "provider.quota",
  truncated_stream: "provider.network",
};

function endpointOf(wire: Pick<WireReading, "endpoint">, url: string): Endpoint {
  return wire.endpoint?.(url) ?? { vendor: "test", baseUrl: url, apiKey: KEY, keyEnv: "TEST_API_KEY" };
}

/** The answer whole and, for streams, cut in three more ways. */
function repliesOf({ name, kind, response }: Recording): Reply[] {
  if (kind !== "stream")
    return [jsonReply(response.json ?? response.body ?? "", response.status, response.headers)];
  const body = response.body ?? "";
  const headers = response.headers ?? { "content-type": "text/event-stream" };
  const random = seededRandom(name.length * 7919 + body.length);
  const cuts = [[body], cutBytes(body, () => 7), cutBytes(body, () => 1 + Math.floor(random() * 200))];
  if (body.length <= SMALL_BODY) cuts.push(cutBytes(body, () => 1));
  return cuts.map((chunks) => ({ status: response.status, headers, chunks }));
}

function expectReading(wire: WireReading, recording: Recording, message: AssistantMessage): void {
  const expected = wire.adjust?.(recording) ?? recording.expected;
  const undisputed = (field: string) => !recording.disputed.includes(field);
  if (recording.kind === "error") {
    expectError(expected, message);
    return;
  }
  expect(message.stopReason).toBe(wire.stopReason(expected));
  if (undisputed("text")) expect(joined(message, "text")).toBe(expected.text ?? "");
  if (undisputed("reasoning")) expect(joined(message, "thinking")).toBe(expected.reasoning ?? "");
  if (undisputed("tool_calls")) expectCalls(expected, message);
  const usage = wire.usage(expected);
  if (usage && undisputed("usage")) expect(message.usage).toMatchObject(usage);
}

function expectError(expected: ExpectedReading, message: AssistantMessage): void {
  expect(message.stopReason).toBe("error");
  expect(message.error?.status).toBe(expected.status);
  const words = typeof expected.error === "string" ? expected.error : expected.error?.message;
  if (words) expect(`${message.error?.message} ${message.error?.hint}`).toContain(words);
}

/** A failed message carries no calls: none of them ran. */
function expectCalls(expected: ExpectedReading, message: AssistantMessage): void {
  const calls = message.content.filter((part) => part.type === "tool_call");
  const wanted = message.stopReason === "error" ? [] : (expected.tool_calls ?? []);
  expect(calls.map((call) => [call.name, call.arguments])).toEqual(
    wanted.map((call) => [call.name, call.arguments ?? {}]),
  );
  for (const [index, call] of calls.entries()) {
    const id = wanted[index]?.id;
    if (id) expect(call.id).toBe(id);
    expect(call.id).not.toBe("");
  }
}

function joined(message: AssistantMessage, type: "text" | "thinking"): string {
  return message.content.map((part) => (part.type === type ? part.text : "")).join("");
}

/** `text:ai-sdk` names the field and the reader. */
function fieldsOf(disputed: string[] | undefined): string[] {
  return (disputed ?? []).map((entry) => entry.split(":")[0] ?? entry);
}

function readJsonLines<T>(file: URL): T[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as T);
}
