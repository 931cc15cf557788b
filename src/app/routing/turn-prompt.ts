// What a turn was asked, as the talk holds it. Pure.
import { splitMentions } from "../../context/mention-block.ts";
import type { HistoryEntry, RunInput } from "../../runtimes/runtime.ts";

export type AskedTurn = {
  /** The talk that whoever takes the turn anew should know. */
  before: HistoryEntry[];
  prompt: RunInput["prompt"];
  /** Without what mentions added. */
  text: string;
  images: number;
};

/**
 * The turn that begins with `prompt`. What was said to its runtime meanwhile (steers that it took in) is asked again
 * with it; what the runtime itself said is left out.
 */
export function askedTurn(history: readonly HistoryEntry[], prompt: RunInput["prompt"]): AskedTurn {
  const at = history.findIndex(({ id }) => id === prompt.id);
  const since = at < 0 ? [] : history.slice(at + 1);
  const said = [prompt, ...since.filter(({ message }) => message.role === "user")];
  const last = said.at(-1) ?? prompt;
  const parts = prompt.message.role === "user" ? prompt.message.content : [];
  const text = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  return {
    before: [...(at < 0 ? history : history.slice(0, at)), ...said.slice(0, -1)],
    prompt: last,
    text: splitMentions(text).prompt,
    images: parts.filter((part) => part.type === "image").length,
  };
}
