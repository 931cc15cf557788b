// Router: retries and fallbacks, with a clock that only counts.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AssistantMessage } from "../../src/protocol/message.ts";
import type { ModelEvent, StreamFn } from "../../src/protocol/stream.ts";
import { type RetryOptions, withFallback, withRetries } from "../../src/providers/router.ts";
import { chatModel } from "../contract/openai-models.ts";
import { plainRequest, readAll } from "../contract/wire-recordings.ts";

/** What one request answers: a text, or half a text and an error code. */
type Outcome = { text: string } | { code: string; retryAfterMs?: number };

function messageOf(outcome: Outcome, model: string): AssistantMessage {
  const failed = "code" in outcome;
  return {
    role: "assistant",
    content: [{ type: "text", text: failed ? "half" : outcome.text }],
    stopReason: failed ? "error" : "stop",
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
    model,
    ...(failed ? { error: { ...outcome, message: "It failed" } } : {}),
  };
}

/** Answers the outcomes in order, the last one for ever; notes which models were asked. */
function scripted(outcomes: readonly Outcome[]) {
  const asked: string[] = [];
  const stream: StreamFn = async function* ({ model }) {
    const outcome = outcomes[Math.min(asked.length, outcomes.length - 1)] ?? { text: "" };
    asked.push(model.id);
    yield { type: "start" };
    yield { type: "text_delta", index: 0, text: "code" in outcome ? "half" : outcome.text };
    yield { type: "end", message: messageOf(outcome, `${model.vendor}/${model.id}`) };
  };
  return { stream, asked };
}

function clock(): { options: RetryOptions; slept: number[] } {
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds);
  };
  return { options: { sleep, random: () => 0.5 }, slept };
}

const request = plainRequest(chatModel);
const ofType = <T extends ModelEvent["type"]>(events: readonly ModelEvent[], type: T) =>
  events.filter((event): event is Extract<ModelEvent, { type: T }> => event.type === type);

describe("withRetries", () => {
  test("waits as long as the service asks, then gives the new answer", async () => {
    const { stream, asked } = scripted([{ code: "provider.rate_limit", retryAfterMs: 1000 }, { text: "Hi" }]);
    const { options, slept } = clock();
    const { events, message } = await readAll(withRetries(stream, options), request);
    expect(slept).toEqual([1000]);
    expect(asked).toHaveLength(2);
    expect(message.content).toEqual([{ type: "text", text: "Hi" }]);
    expect(ofType(events, "retry")).toMatchObject([{ attempt: 2, maxAttempts: 4, delayMs: 1000 }]);
  });

  test("waits twice as long each time, with jitter, up to a limit", async () => {
    const { stream } = scripted([{ code: "provider.server" }]);
    const { options, slept } = clock();
    await readAll(withRetries(stream, { ...options, maxAttempts: 6, maxDelayMs: 5000 }), request);
    expect(slept).toEqual([750, 1500, 3000, 3750, 3750]);
  });

  test.each([
    "auth",
    "permission",
    "quota",
    "context_overflow",
    "invalid_request",
    "not_found",
    "refused",
    "aborted",
  ])("provider.%s is not tried again", async (kind) => {
    const { stream, asked } = scripted([{ code: `provider.${kind}` }]);
    const { message } = await readAll(withRetries(stream, clock().options), request);
    expect(asked).toHaveLength(1);
    expect(message.error?.code).toBe(`provider.${kind}`);
  });

  test("gives up at once when asked to wait too long, and says so", async () => {
    const { stream, asked } = scripted([{ code: "provider.rate_limit", retryAfterMs: 90_000 }]);
    const { options, slept } = clock();
    const { message } = await readAll(withRetries(stream, options), request);
    expect(asked).toHaveLength(1);
    expect(slept).toEqual([]);
    expect(message.error?.message).toContain("asked to wait 90 s");
    expect(message.error?.code).toBe("provider.rate_limit");
  });

  test("an abort during the wait ends it at once, with nothing kept of what was void", async () => {
    const { stream, asked } = scripted([{ code: "provider.server" }]);
    const controller = new AbortController();
    const started = performance.now();
    const events: ModelEvent[] = [];
    for await (const event of withRetries(stream, { baseDelayMs: 60_000 })(request, controller)) {
      events.push(event);
      if (event.type === "retry") setImmediate(() => controller.abort());
    }
    expect(performance.now() - started).toBeLessThan(1000);
    expect(asked).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: "end", message: { stopReason: "aborted", content: [] } });
  });

  test("for any run of outcomes: one start, one end, the end's text is what came since the last retry", async () => {
    const outcome = fc.oneof(
      fc.record({ text: fc.string() }),
      fc.record({
        code: fc.constantFrom("provider.server", "provider.network", "provider.auth", "provider.quota"),
      }),
      fc.record({
        code: fc.constant("provider.rate_limit"),
        retryAfterMs: fc.integer({ min: 0, max: 120_000 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(outcome, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        async (outcomes, maxAttempts) => {
          const { stream, asked } = scripted(outcomes);
          const { options, slept } = clock();
          const { events, message } = await readAll(
            withRetries(stream, { ...options, maxAttempts }),
            request,
          );
          expect(ofType(events, "start")).toHaveLength(1);
          expect(events.filter(({ type }) => type === "end")).toHaveLength(1);
          const retries = ofType(events, "retry");
          expect(retries.map(({ delayMs }) => delayMs)).toEqual(slept);
          expect(asked.length).toBe(retries.length + 1);
          expect(asked.length).toBeLessThanOrEqual(maxAttempts);
          for (const delay of slept) expect(delay).toBeLessThanOrEqual(60_000);
          const sinceRetry = events.slice(events.findLastIndex(({ type }) => type === "retry") + 1);
          const text = ofType(sinceRetry, "text_delta")
            .map((event) => event.text)
            .join("");
          expect(message.content).toEqual([{ type: "text", text }]);
        },
      ),
    );
  });
});

describe("withFallback", () => {
  const other = (id: string) => ({ ...chatModel, id });
  const retrying = (stream: StreamFn) => withRetries(stream, { ...clock().options, maxAttempts: 2 });

  test("asks the next model, never the first again, and names both", async () => {
    const { stream, asked } = scripted([
      { code: "provider.overloaded" },
      { code: "provider.overloaded" },
      { text: "Hi from B" },
    ]);
    const chain = [chatModel, other("b"), other("c")];
    const { events, message } = await readAll(withFallback(retrying(stream), chain), request);
    expect(asked).toEqual(["test-model", "test-model", "b"]);
    expect(ofType(events, "fallback")).toMatchObject([
      { from: "test/test-model", to: "test/b", error: { code: "provider.overloaded" } },
    ]);
    expect(message).toMatchObject({ model: "test/b", content: [{ text: "Hi from B" }] });
    expect(ofType(events, "start")).toHaveLength(1);
  });

  test("a chain that is used up ends with the last error", async () => {
    const { stream, asked } = scripted([{ code: "provider.quota" }]);
    const { message } = await readAll(withFallback(stream, [other("b"), other("b"), chatModel]), request);
    expect(asked).toEqual(["test-model", "b"]);
    expect(message).toMatchObject({ model: "test/b", error: { code: "provider.quota" } });
  });

  test.each(["auth", "permission", "context_overflow", "invalid_request", "refused", "aborted"])(
    "provider.%s is the user's to mend: no fallback",
    async (kind) => {
      const { stream, asked } = scripted([{ code: `provider.${kind}` }]);
      const { events } = await readAll(withFallback(stream, [other("b")]), request);
      expect(asked).toEqual(["test-model"]);
      expect(ofType(events, "fallback")).toEqual([]);
    },
  );
});
