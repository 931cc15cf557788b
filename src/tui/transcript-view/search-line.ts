// The line that a search is typed into: what a key makes of its text. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { graphemes } from "../../lib/text-width.ts";
import { type Keybindings, matchKey } from "../keys/keybindings.ts";
import type { KeyPress } from "../keys/read-keys.ts";

export type SearchLineResult = { kind: "typed"; text: string } | { kind: "accept" } | { kind: "close" };

/** null for a key that means nothing there. Deleting in an empty line closes it. */
export function pressInSearchLine(
  text: string,
  press: KeyPress,
  bindings: Keybindings,
): SearchLineResult | null {
  switch (matchKey(press, bindings, ["transcript_search"])) {
    case "find_accept":
      return { kind: "accept" };
    case "find_close":
      return { kind: "close" };
    case "find_clear":
      return { kind: "typed", text: "" };
    case "find_delete":
      return text === "" ? { kind: "close" } : { kind: "typed", text: withoutLast(text) };
    default:
      return press.text === null ? null : { kind: "typed", text: text + oneLine(press.text) };
  }
}

/** As it can stand in the line. */
export function oneLine(text: string): string {
  return sanitizeText(text).replaceAll(/[\n\t]+/g, " ");
}

function withoutLast(text: string): string {
  return text.slice(0, [...graphemes(text)].at(-1)?.offset ?? 0);
}
