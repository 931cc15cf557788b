// What a press of a key comes to: the composer's next state, and what has to happen outside.
import type { KeyAction } from "../keys/keys.ts";
import type { ComposerState } from "./composer-state.ts";
import type { Fragment } from "./fragment.ts";

export type SubmitKind = "enter" | "follow_up" | "steer_now";

/**
 * What happens outside: a text is sent (empty: the key on an empty input), or a key that means nothing to the
 * composer is for the screen around it, or vim's `"+` is meant. On `clear_or_leave` the text was cleared already.
 */
export type Outcome =
  | { type: "submit"; as: SubmitKind; content: Fragment }
  | { type: "action"; action: KeyAction }
  | { type: "copy"; text: string }
  /** The text of the clipboard is wanted; null: it cannot be had. */
  | { type: "clipboard"; put: (state: ComposerState, text: string | null) => ComposerState };

export type Pressed = { state: ComposerState; outcome: Outcome | null };
