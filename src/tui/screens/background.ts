// Moving what runs to the background: when its key means that, and the words for it.
import { movableNames, movedWords } from "../../app/movable.ts";
import type { Desk } from "../desk.ts";
import { TMUX_PREFIX } from "../keys/key-words.ts";
import { type Keybindings, keyLabel, matchKey } from "../keys/keybindings.ts";
import type { KeyPress } from "../keys/read-keys.ts";

/** True when the press was for a call that runs; everywhere else the key keeps its other meaning. */
export function movesToBackground(desk: Desk, presses: readonly KeyPress[]): boolean {
  const [press] = presses;
  if (press === undefined || presses.length > 1) return false;
  if (matchKey(press, desk.bindings, ["running"]) !== "background") return false;
  const names = movableNames(desk.app.conversation.state());
  if (names.length === 0) return false;
  desk.attempt(async () => {
    await desk.app.conversation.send({ type: "background" });
    desk.say(movedWords(names));
  });
  return true;
}

/** For the row of a running call; "" where no key does it. tmux takes its own prefix first: it is pressed twice there. */
export function backgroundHint(bindings: Keybindings, insideTmux: boolean): string {
  const key = keyLabel("background", bindings);
  if (key === "") return "";
  const label = insideTmux && key === TMUX_PREFIX ? `${key} ${key}` : key;
  return `${label} to background`;
}
