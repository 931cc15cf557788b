// LoopGuard: notices a model that makes the same call again and again and gets the same result.
import type { ToolCallContent } from "../protocol/content.ts";
import type { ToolResultMessage } from "../protocol/message.ts";

export class LoopGuard {
  /** Calls of the step before, with how often each came in a row. */
  #counts = new Map<string, number>();

  /** Takes one step's calls and results (in call order); returns the highest count in a row and the call's name. */
  observe(
    calls: readonly ToolCallContent[],
    results: readonly ToolResultMessage[],
  ): { count: number; name: string } {
    const counts = new Map<string, number>();
    let highest = { count: 0, name: "" };
    for (const [index, call] of calls.entries()) {
      const key = JSON.stringify([
        call.name,
        call.arguments,
        results[index]?.isError,
        results[index]?.content,
      ]);
      const count = (counts.get(key) ?? this.#counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count > highest.count) highest = { count, name: call.name };
    }
    this.#counts = counts;
    return highest;
  }

  /** New words of the person: earlier repetition says nothing any more. */
  reset(): void {
    this.#counts.clear();
  }
}
