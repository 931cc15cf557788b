// What Claude Code's responses and turns took. Pure.
import type { Usage } from "../../protocol/usage.ts";
import { addUsage, NO_USAGE } from "../../protocol/usage-sum.ts";
import { countIn, type Fields, inner } from "../../session/import/fields.ts";
import type { WireEnd } from "./wire.ts";

const TOKENS = ["input", "output", "cacheRead", "cacheWrite", "reasoning"] as const;

/** Of one response, as the Messages API counts: `input_tokens` is what no cache had. Null where nothing is told. */
export function responseUsage(usage: Fields): Usage | null {
  const read: Usage = {
    input: countIn(usage, "input_tokens"),
    output: countIn(usage, "output_tokens"),
    cacheRead: countIn(usage, "cache_read_input_tokens"),
    cacheWrite: countIn(usage, "cache_creation_input_tokens"),
    reasoning: countIn(inner(usage, "output_tokens_details"), "thinking_tokens"),
    cost: null,
  };
  return isNothing(read) ? null : read;
}

/** What is spent beside the responses that are told of: money, and the tokens of sub-agents and titles. */
export class SessionUsage {
  /** Since the end of the turn before. */
  #told = NO_USAGE;
  /** Its sums at that end; null while they are not known: those of a resumed session hold its earlier turns. */
  #before: Usage | null;

  constructor(resumed: boolean) {
    this.#before = resumed ? null : { ...NO_USAGE, cost: 0 };
  }

  /** A response was told of. */
  tell(usage: Usage): void {
    this.#told = addUsage(this.#told, usage);
  }

  /** What was spent since the end before this one and not told. Null: nothing, or it is not known. */
  settle(end: WireEnd): Usage | null {
    const told = this.#told;
    const before = this.#before;
    const sum = { ...sumOf(end.models ?? []), cost: end.totalCost };
    this.#told = NO_USAGE;
    if (end.models !== null) this.#before = sum;
    const spent =
      end.newModels !== null
        ? sumOf(end.newModels)
        : end.models !== null && before !== null
          ? less(sum, before)
          : null;
    if (spent === null) return null;
    const rest = less(spent, { ...told, cost: 0 });
    return isNothing(rest) && !rest.cost ? null : rest;
  }
}

function sumOf(models: readonly Fields[]): Usage {
  return models.map(modelUsage).reduce(addUsage, NO_USAGE);
}

function modelUsage(model: Fields): Usage {
  return {
    input: countIn(model, "inputTokens"),
    output: countIn(model, "outputTokens"),
    cacheRead: countIn(model, "cacheReadInputTokens"),
    cacheWrite: countIn(model, "cacheCreationInputTokens"),
    reasoning: countIn(model, "thinkingTokens"),
    cost: typeof model.costUSD === "number" ? model.costUSD : null,
  };
}

function less(sum: Usage, part: Usage): Usage {
  const rest: Usage = { ...NO_USAGE };
  for (const field of TOKENS) rest[field] = Math.max(0, sum[field] - part[field]);
  const cost = sum.cost === null || part.cost === null ? null : Math.max(0, sum.cost - part.cost);
  return { ...rest, cost };
}

function isNothing(usage: Usage): boolean {
  return TOKENS.every((field) => usage[field] === 0);
}
