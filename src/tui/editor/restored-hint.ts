// What is said when the text of a program that ended too early stands in the input again.
import { type Keybindings, keyLabel } from "../keys/keybindings.ts";

export function restoredHint(bindings: Keybindings): string {
  return `This is what you were writing when Hearth ended; ${keyLabel("clear_or_leave", bindings)} clears it.`;
}

/** Of another session than the one that was opened. */
export function waitingHint(session: string): string {
  return `A text that was not sent waits in another session: /resume ${session}`;
}
