// What a sum of usages is: part of Usage's meaning, and every room needs the same. Apart from the schema, so that
// start-up does not load the schema library for it.
import type { Costs, Usage } from "./usage.ts";

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };

/** Costs add up as far as they are known; unknown stays null until one is known. */
export function addUsage(sum: Usage, more: Usage): Usage {
  const costs = addCosts(sum.costs, more.costs);
  return {
    input: sum.input + more.input,
    output: sum.output + more.output,
    cacheRead: sum.cacheRead + more.cacheRead,
    cacheWrite: sum.cacheWrite + more.cacheWrite,
    reasoning: sum.reasoning + more.reasoning,
    cost: sum.cost === null && more.cost === null ? null : (sum.cost ?? 0) + (more.cost ?? 0),
    ...(costs === undefined ? {} : { costs }),
  };
}

function addCosts(sum: Costs | undefined, more: Costs | undefined): Costs | undefined {
  if (!sum || !more) return sum ?? more;
  return {
    input: sum.input + more.input,
    output: sum.output + more.output,
    cacheRead: sum.cacheRead + more.cacheRead,
    cacheWrite: sum.cacheWrite + more.cacheWrite,
  };
}
