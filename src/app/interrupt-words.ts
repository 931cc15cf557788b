// What an interrupt did, in one line. Pure.
import type { SessionState } from "./state.ts";

/** `before`: the state that was interrupted. */
export function interruptWords({ queue }: SessionState): string {
  const texts = queue.filter(({ kind }) => kind === "steer" || kind === "follow_up").length;
  if (texts === 0) return "Interrupted.";
  return `Interrupted; ${texts} queued ${texts === 1 ? "text is" : "texts are"} back in the input.`;
}
