// Keys in the lists above the input, the queue and the background processes. What is no key of theirs goes on to the
// input, so that nothing that is typed is lost.
import { COMPOSER_FOCUS } from "../desk.ts";
import { matchKey } from "../keys/keybindings.ts";
import type { KeyPress } from "../keys/read-keys.ts";
import type { Screen } from "../screen.ts";
import { movesToBackground } from "./background.ts";
import { pressInProcesses } from "./processes.ts";
import { pressInQueue } from "./queue.ts";

/** False when the presses are for the input: the list is closed then. */
export function pressInList(screen: Screen, presses: readonly KeyPress[]): boolean {
  if (movesToBackground(screen, presses)) return true;
  const isGone = screen.focus().kind === "queue" && screen.app.conversation.state().queue.length === 0;
  if (isGone || presses.some(({ text }) => text !== null)) {
    screen.setFocus(COMPOSER_FOCUS);
    return false;
  }
  for (const press of presses) pressOne(screen, press);
  return true;
}

function pressOne(screen: Screen, press: KeyPress): void {
  const focus = screen.focus();
  if (focus.kind !== "queue" && focus.kind !== "processes") return;
  const action = matchKey(press, screen.bindings, [focus.kind, "everywhere"]);
  if (action === null) return;
  const taken =
    focus.kind === "queue" ? pressInQueue(screen, focus.id, action) : pressInProcesses(screen, focus, action);
  if (!taken) screen.onAction(action);
}
