// Pricing against cost sums that others computed, and the rule for tiers.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { priceUsage } from "../../src/providers/pricing.ts";

const CASES = "../shared/corpora/model-catalog/price-cases.jsonl";
const present = existsSync(CASES);
const cases = present
  ? readFileSync(CASES, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];
const counts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
const price = { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 };

describe("priceUsage", () => {
  test(present ? `agrees with ${cases.length} cost sums of pi-ai` : "corpus of cost sums absent", () => {
    for (const row of cases) {
      const usage = {
        input: row.usage.input_uncached,
        output: row.usage.output,
        cacheRead: row.usage.cache_read,
        cacheWrite: row.usage.cache_write_5m,
        reasoning: 0,
      };
      const { cost } = priceUsage(row.price_per_mtok, usage);
      expect(Math.abs((cost ?? 0) - row.expected_usd.total), row.id).toBeLessThanOrEqual(1e-9);
    }
  });

  test("knows no cost without a price, and zero for a free model", () => {
    expect(priceUsage(null, { ...counts, input: 5 }).cost).toBeNull();
    expect(
      priceUsage({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, { ...counts, input: 5 }).cost,
    ).toBe(0);
  });

  test("the largest tier that the whole prompt exceeds replaces all prices", () => {
    const tiers = [100, 1000].map((size) => ({
      inputTokensAbove: size,
      input: size,
      output: 0,
      cacheRead: size,
      cacheWrite: size,
    }));
    const cost = (input: number, cacheRead: number) =>
      priceUsage({ ...price, tiers }, { ...counts, input, cacheRead }).cost;
    expect(cost(100, 0)).toBeCloseTo(100e-6, 12);
    expect(cost(50, 51)).toBeCloseTo((101 * 100) / 1e6, 12);
    expect(cost(1000, 1)).toBeCloseTo((1001 * 1000) / 1e6, 12);
  });
});
