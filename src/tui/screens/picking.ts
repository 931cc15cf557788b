// Keys in an open picker: moving, filtering, choosing, leaving, and what else this picker offers.
import { graphemes } from "../../lib/text-width.ts";
import { chosenItem, filterPicker, moveInPicker } from "../components/picker-state.ts";
import { COMPOSER_FOCUS, type Desk, type PickerFocus } from "../desk.ts";
import { matchKey } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import type { KeyPress } from "../keys/read-keys.ts";

const PAGE = 8;

export function pressInPicker(
  desk: Pick<Desk, "bindings" | "setFocus">,
  focus: PickerFocus,
  press: KeyPress,
): void {
  if (focus.question) {
    answer(desk, focus, press);
    return;
  }
  const action = matchKey(press, desk.bindings, ["picker"]);
  const picker = changedPicker(focus.picker, action, press);
  if (picker) {
    desk.setFocus({ ...focus, picker });
    focus.follow?.();
    return;
  }
  switch (action) {
    case "picker_choose": {
      const item = chosenItem(focus.picker);
      if (!item) break;
      desk.setFocus(COMPOSER_FOCUS);
      focus.choose(item.value);
      break;
    }
    case "picker_close":
      desk.setFocus(COMPOSER_FOCUS);
      focus.cancel?.();
      break;
    default:
      focus.keys?.find((key) => key.action === action)?.run(chosenItem(focus.picker));
  }
}

/** Only its own key says yes. */
function answer(
  desk: Pick<Desk, "bindings" | "setFocus">,
  { question, ...focus }: PickerFocus,
  press: KeyPress,
): void {
  const isYes = matchKey(press, desk.bindings, ["confirm"]) === "confirm_yes";
  desk.setFocus(focus);
  if (isYes) question?.yes();
}

/** Null when the key is not about the list or its filter. */
function changedPicker(
  picker: PickerFocus["picker"],
  action: KeyAction | null,
  { text }: KeyPress,
): PickerFocus["picker"] | null {
  switch (action) {
    case "picker_next":
      return moveInPicker(picker, 1);
    case "picker_previous":
      return moveInPicker(picker, -1);
    case "picker_page_down":
      return moveInPicker(picker, PAGE);
    case "picker_page_up":
      return moveInPicker(picker, -PAGE);
    case "picker_first":
      return moveInPicker(picker, Number.NEGATIVE_INFINITY);
    case "picker_last":
      return moveInPicker(picker, Number.POSITIVE_INFINITY);
    case "picker_delete":
      return filterPicker(picker, withoutLast(picker.query));
    case "picker_delete_word":
      return filterPicker(picker, picker.query.replace(/\S*\s*$/, ""));
    case "picker_clear":
      return filterPicker(picker, "");
    case null:
      return text === null ? null : filterPicker(picker, picker.query + text.replace(/\s+/g, " "));
    default:
      return null;
  }
}

function withoutLast(text: string): string {
  return text.slice(0, [...graphemes(text)].at(-1)?.offset ?? 0);
}
