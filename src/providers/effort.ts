// Thinking: which level a model is asked for when it does not know the one that was wished, and the wire's word for it.
import { type Model, ThinkingLevel } from "../protocol/model.ts";
import { isObject } from "./wire-fields.ts";

const ORDER = ThinkingLevel.options;

/** The level itself where the model has it, else the next lower, else the next higher; null: it cannot think. */
export function nearestThinking(model: Model, level: ThinkingLevel): ThinkingLevel | null {
  const wished = ORDER.indexOf(level);
  const lower = ORDER.slice(0, wished + 1).findLast((known) => model.thinking.includes(known));
  // A model that can stop thinking is not stopped because a level is missing.
  if (lower !== undefined && (lower !== "off" || level === "off")) return lower;
  return ORDER.slice(wished).find((known) => model.thinking.includes(known)) ?? lower ?? null;
}

/** The service's word for a level: `compat.effort` where it differs from ours; undefined: off has no word. */
export function effortWord(model: Model, level: ThinkingLevel): string | undefined {
  const words = model.compat?.effort;
  const word = isObject(words) ? words[level] : undefined;
  if (typeof word === "string") return word;
  return level === "off" ? undefined : level;
}
