// The cut: where a talk may be divided, for random talks of legal shape.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planCompaction } from "../../src/agent/compaction-plan.ts";
import type { TranscriptEntry } from "../../src/agent/transcript.ts";
import type { Message } from "../../src/protocol/message.ts";
import { NO_USAGE } from "../../src/protocol/usage-sum.ts";

const limits = { asks: true, enabled: true, reserveTokens: 20_000, keepTokens: 20_000 };

/** One message with tokens; an answer with n calls is followed by its n results. */
const unit = fc.oneof(
  fc.record({ role: fc.constant("user" as const), tokens: fc.integer({ min: 1, max: 30_000 }) }),
  fc.record({
    role: fc.constant("assistant" as const),
    tokens: fc.integer({ min: 1, max: 30_000 }),
    results: fc.array(fc.integer({ min: 1, max: 30_000 }), { maxLength: 4 }),
  }),
);

type Unit = { role: "user" | "assistant"; tokens: number; results?: number[] };

function talk(units: Unit[], summary: boolean): { entries: TranscriptEntry[]; sizes: number[] } {
  const entries: TranscriptEntry[] = [];
  const sizes: number[] = [];
  const add = (message: Message, size: number) => {
    entries.push({ id: `m${entries.length}`, message });
    sizes.push(size);
  };
  if (summary) add({ role: "system", content: [{ type: "text", text: "summary" }] }, 500);
  for (const [n, { role, tokens, results = [] }] of units.entries()) {
    if (role === "user") {
      add({ role, content: [{ type: "text", text: `request ${n}` }] }, tokens);
      continue;
    }
    const calls = results.map((_, i) => ({
      type: "tool_call" as const,
      id: `${n}-${i}`,
      name: "x",
      arguments: {},
    }));
    const stopReason = calls.length > 0 ? "tool_use" : "stop";
    add(
      { role, content: [{ type: "text", text: "a" }, ...calls], stopReason, usage: NO_USAGE, model: "t/t" },
      tokens,
    );
    for (const [i, size] of results.entries()) {
      const toolCallId = `${n}-${i}`;
      add({ role: "tool_result", toolCallId, toolName: "x", content: [], isError: false }, size);
    }
  }
  return { entries, sizes };
}

const cases = fc.record({
  units: fc.array(unit, { minLength: 1, maxLength: 12 }),
  summary: fc.boolean(),
  reason: fc.constantFrom("threshold" as const, "overflow" as const, "manual" as const),
  contextWindow: fc.constantFrom(8_000, 32_000, 128_000, 200_000, 1_000_000),
});

function checkPlan({
  units,
  summary,
  reason,
  contextWindow,
}: typeof cases extends fc.Arbitrary<infer T> ? T : never) {
  const { entries, sizes } = talk(units, summary);
  const plan = planCompaction(entries, sizes, { reason, contextWindow, limits });
  if (!plan) {
    expect(reason).toBe("threshold");
    return;
  }
  const ids = [...plan.summarized, ...plan.kept].map(({ id }) => id);
  const whole = entries.map(({ id }) => id);
  const onlyPrompt =
    reason === "overflow" && plan.summarized.length === entries.length && plan.kept.length > 0;
  expect(onlyPrompt ? plan.summarized.map(({ id }) => id) : ids).toEqual(whole);
  expect(plan.summarized.length).toBeGreaterThan(summary && reason === "threshold" ? 1 : 0);
  expect(plan.kept[0]?.message.role).not.toBe("tool_result");
  if (reason === "threshold") expect(plan.kept.length).toBeGreaterThan(0);
  const last = entries.at(-1);
  if (reason !== "manual" && last?.message.role === "user") expect(plan.kept.at(-1)).toBe(last);
}

describe("the cut", () => {
  it("never parts a call from its result, loses nothing, and keeps a waiting prompt, for 2,000 talks (A-105)", () => {
    fc.assert(fc.property(cases, checkPlan), { numRuns: 1_000, seed: 105 });
    fc.assert(fc.property(cases, checkPlan), { numRuns: 1_000 });
  });

  it("keeps at most 20,000 tokens word for word where the newest unit allows it", () => {
    const units: Unit[] = Array.from({ length: 20 }, (_, n) => ({
      role: n % 2 ? "assistant" : "user",
      tokens: 3_000,
    }));
    const { entries, sizes } = talk(units, false);
    const options = { reason: "threshold" as const, contextWindow: 200_000, limits };
    expect(planCompaction(entries, sizes, options)?.kept).toHaveLength(6);
  });

  it("has nothing to do for an empty talk, nor for a talk that fits", () => {
    const { entries, sizes } = talk([{ role: "user", tokens: 10 }], true);
    const options = { reason: "threshold" as const, contextWindow: 200_000, limits };
    expect(planCompaction(entries, sizes, options)).toBeNull();
    expect(planCompaction([], [], { ...options, reason: "manual" })).toBeNull();
  });
});
