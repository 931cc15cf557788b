// Errors of providers: the class, the wait, the vendor's words; proven on texts and bodies that services send.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AppError } from "../../src/lib/app-error.ts";
import { isContextOverflow, isUsageOverflow } from "../../src/providers/context-overflow.ts";
import { readErrorFacts } from "../../src/providers/error-facts.ts";
import { isRetryable, toProviderError } from "../../src/providers/errors.ts";
import { readRetryAfter } from "../../src/providers/retry-after.ts";

const FOLDER = "../shared/corpora/error-texts";
const present = existsSync(FOLDER);
const context = { vendor: "openai", keyEnv: "OPENAI_API_KEY", apiKey: "sk-test-1234567890abcdef" };
const NOW = Date.parse("2026-11-20T10:00:00Z");

function rows(name: string) {
  return present
    ? readFileSync(`${FOLDER}/${name}.jsonl`, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
}

function revive(error: unknown): unknown {
  if (typeof error !== "object" || error === null || !("$error" in error)) return error;
  return Object.assign(new Error(String(error.$error)), { ...error });
}

function httpError(status: number, body: unknown, headers: Record<string, string> = {}) {
  return Object.assign(new Error(`${status} failed`), { status, error: body, headers: new Headers(headers) });
}

if (!present) test("the corpus of error texts is absent", () => expect(present).toBe(false));

describe.runIf(present)("error texts of services", () => {
  const overflowTexts = rows("overflow-texts");
  test(`tells overflow from other failures in ${overflowTexts.length} texts`, () => {
    for (const { text, overflow } of overflowTexts) {
      expect(isContextOverflow(text), text).toBe(overflow);
      const failure = toProviderError(new Error(text), context);
      expect(isContextOverflow(failure), text).toBe(overflow);
      if (overflow) expect(isRetryable(failure), text).toBe(false);
    }
  });

  const overflowObjects = rows("overflow-objects");
  test(`tells overflow from other failures in ${overflowObjects.length} error objects`, () => {
    for (const { id, error, overflow } of overflowObjects) {
      expect(isContextOverflow(toProviderError(error, context)), id).toBe(overflow);
    }
  });

  const signals = rows("overflow-usage-signals");
  test(`reads overflow out of ${signals.length} usages`, () => {
    for (const { id, stop_reason, usage, context_window, overflow } of signals) {
      const counts = { input: usage.input, cacheRead: usage.cache_read, cacheWrite: 0, output: usage.output };
      expect(isUsageOverflow(stop_reason, { ...counts, reasoning: 0, cost: 0 }, context_window), id).toBe(
        overflow,
      );
    }
  });

  const retryTexts = rows("retry-texts");
  test(`knows which of ${retryTexts.length} texts may be tried again`, () => {
    for (const { text, retryable } of retryTexts) {
      expect(isRetryable(toProviderError(new Error(text), context)), text).toBe(retryable);
    }
  });

  const waits = rows("retry-after");
  test(`reads the wait out of ${waits.length} header sets`, () => {
    for (const { id, headers, expected_ms } of waits) {
      const date = new Date(NOW + 20_000).toUTCString();
      const sent = Object.entries(headers).map(([k, v]): [string, string] => [
        k,
        String(v).startsWith("<HTTP date 20 s") ? date : String(v),
      ]);
      const facts = readErrorFacts(httpError(429, {}, Object.fromEntries(sent)));
      expect(readRetryAfter(facts, NOW) ?? null, id).toBe(expected_ms);
    }
  });

  const google = rows("google-quota");
  test(`sorts ${google.length} errors of Google as its own client does`, () => {
    for (const { id, error, expected } of google) {
      const failure = toProviderError(revive(error), { vendor: "google" });
      switch (expected.class) {
        case "RetryableQuotaError":
          expect(isRetryable(failure), `${id} ${failure.code}`).toBe(true);
          break;
        case "TerminalQuotaError":
          expect(failure.code, id).toBe("provider.quota");
          break;
        case "ValidationRequiredError":
          expect(failure.code, id).toBe("provider.permission");
          if (expected.validationLink) expect(failure.hint, id).toContain(expected.validationLink);
          break;
      }
      if (expected.retryDelayMs) expect(failure.retryAfterMs, id).toBe(Math.round(expected.retryDelayMs));
    }
  });

  const CLASSES: Record<string, string> = {
    billing: "quota",
    request_too_large_for_rate_limit: "quota",
    truncated_stream: "network",
  };
  const wire = rows("wire-errors").filter((row) => row.status >= 400);
  test(`classes ${wire.length} HTTP errors`, () => {
    for (const { id, status, headers, body, expected } of wire) {
      let json: unknown = body;
      try {
        json = JSON.parse(body);
      } catch {
        // Not every body is JSON: the text is then what the error holds.
      }
      const failure = toProviderError(httpError(status, json, headers), context);
      expect(failure.code, id).toBe(`provider.${CLASSES[expected.class] ?? expected.class}`);
      expect(isRetryable(failure), id).toBe(expected.retryable);
      if (expected.retry_after_ms) expect(failure.retryAfterMs, id).toBe(expected.retry_after_ms);
      expect(failure.message, id).not.toMatch(/<html|[{}]/i);
    }
  });
});

describe("toProviderError", () => {
  test("names vendor and variable for a wrong key, never the key", () => {
    const body = {
      message: `Incorrect API key provided: ${context.apiKey}. Find yours at ...`,
      code: "invalid_api_key",
    };
    const failure = toProviderError(httpError(401, body), context);
    expect(failure.code).toBe("provider.auth");
    expect(failure.message).toContain("openai did not accept the key in OPENAI_API_KEY");
    expect(failure.message).toContain("Incorrect API key provided: [key]");
    expect(JSON.stringify([failure.message, failure.hint])).not.toContain(context.apiKey);
    expect(failure.hint).toContain("export OPENAI_API_KEY=");
  });

  test("removes what looks like a key although it is not ours, and leaves ordinary words", () => {
    const text =
      "Incorrect API key provided: sk-proj-AbC123****************wxyz. task-management-overview key_value";
    const { message } = toProviderError(httpError(400, { message: text }), { vendor: "x" });
    expect(message).toContain("provided: [key]. task-management-overview key_value");
  });

  test("keeps 500 characters of the vendor's message", () => {
    const { message } = toProviderError(httpError(400, { message: "y".repeat(2000) }), { vendor: "x" });
    expect(message.match(/y/g)).toHaveLength(500);
  });

  test("tells the innermost cause of a failed connection", () => {
    const socket = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
    const error = new Error("Connection error.", { cause: new TypeError("fetch failed", { cause: socket }) });
    const failure = toProviderError(error, context);
    expect(failure.code).toBe("provider.network");
    expect(failure.message).toContain("connect ECONNREFUSED 127.0.0.1:1");
  });

  test.each([
    [new DOMException("This operation was aborted", "AbortError"), "provider.aborted"],
    [new Error("Request was aborted."), "provider.aborted"],
    [new Error("Request timed out."), "provider.timeout"],
    [
      new SyntaxError("Error reading response: malformed server-sent event JSON."),
      "provider.malformed_stream",
    ],
    [
      Object.assign(new TypeError("terminated"), { cause: new Error("other side closed") }),
      "provider.network",
    ],
    [new TypeError("Cannot read properties of undefined"), "provider.failed"],
    [undefined, "provider.failed"],
    [42, "provider.failed"],
  ])("%s is %s", (error, code) => {
    expect(toProviderError(error, context).code).toBe(code);
  });

  test("passes an AppError through and survives cycles", () => {
    const known = new AppError("provider.refused", "No.");
    expect(toProviderError(known, context)).toBe(known);
    const loop: Record<string, unknown> = { message: "round" };
    loop.self = loop;
    expect(toProviderError(loop, context).message).toContain("round");
  });

  test("waits for the reset of a limit that nothing remains of", () => {
    const headers = {
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "1m2.5s",
      "x-ratelimit-reset-requests": "8h",
    };
    const failure = toProviderError(httpError(429, { message: "slow down" }, headers), context);
    expect(failure.retryAfterMs).toBe(62_500);
    const epoch = { "x-ratelimit-reset": String(NOW + 5000) };
    expect(toProviderError(httpError(429, {}, epoch), { ...context, now: () => NOW }).retryAfterMs).toBe(
      5000,
    );
  });
});
