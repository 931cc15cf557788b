// The keys of a picker in words, as its last row shows them. Pure.
import type { PickerFocus } from "../desk.ts";
import { shortKey } from "../keys/key-words.ts";
import { type Keybindings, keyLabel } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";

/** Most important first; a key that is bound to nothing is left out. */
export function pickerHints(
  { verb, closes, keys = [] }: Pick<PickerFocus, "verb" | "closes" | "keys">,
  bindings: Keybindings,
): string[] {
  const actions: readonly { action: KeyAction; label: string }[] = [
    { action: "picker_choose", label: verb ?? "chooses" },
    ...keys,
    { action: "picker_close", label: closes ?? "leaves" },
  ];
  return actions.flatMap(({ action, label }) => {
    const key = keyLabel(action, bindings);
    return key === "" ? [] : `${shortKey(key)} ${label}`;
  });
}
