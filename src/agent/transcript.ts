// The talk of one session as the model will read it, with a measure of its length in tokens. No disk behind it.
import type { Message, ToolResultMessage } from "../protocol/message.ts";
import { estimateTokens, type TokenScale } from "./token-estimate.ts";

/** A message with the id under which it is recorded. */
export type TranscriptEntry = { id: string; message: Message };

/** Owned by one runtime session, which outlives its runs. Holds exactly what `message_end` events said. */
export class Transcript {
  #entries: TranscriptEntry[];
  /** Tokens of the first `count` entries with system text and tools, as the last answer's usage reported them. */
  #measured: { tokens: number; count: number } | null = null;

  constructor(entries: readonly TranscriptEntry[]) {
    this.#entries = [...entries];
  }

  get entries(): readonly TranscriptEntry[] {
    return this.#entries;
  }

  messages(): Message[] {
    return this.#entries.map((entry) => entry.message);
  }

  /** An answer without any content is left out: it says nothing, and services refuse it. */
  append(entry: TranscriptEntry): void {
    const { message } = entry;
    if (message.role === "assistant" && message.content.length === 0) return;
    this.#entries.push(entry);
    if (message.role !== "assistant" || message.stopReason === "error" || message.stopReason === "aborted")
      return;
    const { input, cacheRead, cacheWrite, output } = message.usage;
    const prompt = input + cacheRead + cacheWrite;
    if (prompt > 0) this.#measured = { tokens: prompt + output, count: this.#entries.length };
  }

  /** Puts a compacted talk in place of this one; the old measure no longer holds. */
  replace(entries: readonly TranscriptEntry[]): void {
    this.#entries = [...entries];
    this.#measured = null;
  }

  /** Puts a notice in place of the results of these calls, which takes so many tokens off; each keeps its place. */
  dropResults(toolCallIds: ReadonlySet<string>, notice: string, saved: number): void {
    this.#entries = this.#entries.map((entry) => {
      const { message } = entry;
      if (message.role !== "tool_result" || !toolCallIds.has(message.toolCallId)) return entry;
      return { ...entry, message: { ...message, content: [{ type: "text", text: notice }] } };
    });
    if (this.#measured) this.#measured = { ...this.#measured, tokens: this.#measured.tokens - saved };
  }

  /** Gives each call that has no result (a run that broke off) an error result, as services demand. */
  closeOpenCalls(newId: () => string): void {
    const answered = new Set(
      this.#entries.flatMap(({ message }) => (message.role === "tool_result" ? [message.toolCallId] : [])),
    );
    this.#entries = this.#entries.flatMap((entry) => [
      entry,
      ...openResults(entry.message, answered).map((message) => ({ id: newId(), message })),
    ]);
  }

  /** Tokens of the next prompt. `overhead`: tokens of system text and tools. */
  tokens(overhead: number, scale?: TokenScale): number {
    const { tokens, count } = this.#measured ?? { tokens: overhead, count: 0 };
    return tokens + sum(this.#entries.slice(count).map(({ message }) => estimateTokens(message, scale)));
  }

  /** Tokens of each entry: our estimates, scaled to what the last answer's usage says they are together. */
  sizes(overhead: number, tokenScale?: TokenScale): number[] {
    const estimates = this.#entries.map(({ message }) => estimateTokens(message, tokenScale));
    if (!this.#measured) return estimates;
    const estimated = sum(estimates.slice(0, this.#measured.count));
    const scale = Math.max(0.5, (this.#measured.tokens - overhead) / Math.max(1, estimated));
    return estimates.map((estimate) => Math.ceil(estimate * scale));
  }
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function openResults(message: Message, answered: ReadonlySet<string>): ToolResultMessage[] {
  if (message.role !== "assistant") return [];
  return message.content.flatMap((part) =>
    part.type === "tool_call" && !answered.has(part.id)
      ? [
          {
            role: "tool_result" as const,
            toolCallId: part.id,
            toolName: part.name,
            content: [{ type: "text" as const, text: "no result: the run broke off before this call ended" }],
            isError: true,
          },
        ]
      : [],
  );
}
