// Pricing: what a response cost. Arithmetic only; prices come with the model.
import type { Price } from "../protocol/model.ts";
import type { Usage } from "../protocol/usage.ts";

const PER_MILLION = 1_000_000;

/**
 * The usage with its cost in US dollars, as a whole and by kind, null when no price is known. A tier replaces all four prices once the
 * whole prompt (uncached + read from + written to a cache) exceeds its size; of several the largest counts.
 */
export function priceUsage(price: Price | null, usage: Omit<Usage, "cost" | "costs">): Usage {
  if (!price) return { ...usage, cost: null };
  const rates = ratesFor(price, usage.input + usage.cacheRead + usage.cacheWrite);
  const costs = {
    input: (usage.input * rates.input) / PER_MILLION,
    output: (usage.output * rates.output) / PER_MILLION,
    cacheRead: (usage.cacheRead * rates.cacheRead) / PER_MILLION,
    cacheWrite: (usage.cacheWrite * rates.cacheWrite) / PER_MILLION,
  };
  return { ...usage, cost: costs.input + costs.output + costs.cacheRead + costs.cacheWrite, costs };
}

function ratesFor(price: Price, promptTokens: number): Omit<Price, "tiers"> {
  const reached = (price.tiers ?? []).filter((tier) => promptTokens > tier.inputTokensAbove);
  return reached.sort((a, b) => b.inputTokensAbove - a.inputTokensAbove)[0] ?? price;
}
