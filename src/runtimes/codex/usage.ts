// What a turn of Codex took, from counts that go on through its whole thread. Pure.
import type { Usage } from "../../protocol/usage.ts";
import type { Tokens } from "./wire.ts";

const COUNTS = [
  "inputTokens",
  "cachedInputTokens",
  "cacheWriteInputTokens",
  "outputTokens",
  "reasoningOutputTokens",
] as const satisfies readonly (keyof Tokens)[];

export class ThreadUsage {
  #total: Tokens | null = null;
  /** Before the turn; null while nothing is known of the thread. */
  #before: Tokens | null = null;

  beginTurn(): void {
    this.#before = this.#total;
  }

  /** `total`: of the thread; `last`: of the newest request. */
  take({ total, last }: { total: Tokens; last: Tokens }): void {
    this.#before ??= minus(total, last);
    this.#total = total;
  }

  /** Of this turn; null where it made no request that was counted. Codex names no price. */
  spent(): Usage | null {
    if (!this.#total || !this.#before) return null;
    const { inputTokens, cachedInputTokens, cacheWriteInputTokens, ...spent } = minus(
      this.#total,
      this.#before,
    );
    const { outputTokens: output, reasoningOutputTokens: reasoning } = spent;
    if (inputTokens === 0 && output === 0) return null;
    const input = Math.max(0, inputTokens - cachedInputTokens - cacheWriteInputTokens);
    return {
      input,
      output,
      cacheRead: cachedInputTokens,
      cacheWrite: cacheWriteInputTokens,
      reasoning,
      cost: null,
    };
  }
}

function minus(total: Tokens, part: Tokens): Tokens {
  const left: Tokens = { ...total };
  for (const name of COUNTS) left[name] = Math.max(0, total[name] - part[name]);
  return left;
}
