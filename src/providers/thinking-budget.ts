// ThinkingBudget: a ThinkingLevel as a number of tokens, for the models that are asked in numbers.
import type { ThinkingLevel } from "../protocol/model.ts";

/** Tokens. */
const BUDGETS: Readonly<Record<ThinkingLevel, number>> = {
  off: 0,
  minimal: 1024,
  low: 4096,
  medium: 8192,
  high: 16_384,
  max: 32_768,
};

/** Tokens for a level, within what the vendor takes. */
export function thinkingBudget(
  level: ThinkingLevel,
  { min = 0, max = Number.POSITIVE_INFINITY } = {},
): number {
  return Math.min(max, Math.max(min, BUDGETS[level]));
}
