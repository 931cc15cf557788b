// Keys in an open picker: moving, filtering, choosing, leaving.
import { chosenItem, filterPicker, moveInPicker } from "../components/picker-state.ts";
import { COMPOSER_FOCUS, type Desk, type PickerFocus } from "../desk.ts";
import { rankFuzzily } from "../editor/rank.ts";
import { matchKey } from "../keys/keybindings.ts";
import type { KeyPress } from "../keys/read-keys.ts";

const PAGE = 8;

export function pressInPicker(desk: Desk, focus: PickerFocus, press: KeyPress): void {
  const { picker } = focus;
  const show = (next: PickerFocus["picker"]): void => {
    desk.setFocus({ ...focus, picker: next });
    focus.follow?.();
  };
  const action = matchKey(press, desk.bindings, ["picker"]);
  switch (action) {
    case "picker_next":
      show(moveInPicker(picker, 1));
      break;
    case "picker_previous":
      show(moveInPicker(picker, -1));
      break;
    case "picker_page_down":
      show(moveInPicker(picker, PAGE));
      break;
    case "picker_page_up":
      show(moveInPicker(picker, -PAGE));
      break;
    case "picker_delete":
      show(filterPicker(picker, picker.query.slice(0, -1), rankFuzzily));
      break;
    case "picker_choose": {
      const item = chosenItem(picker);
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
      if (press.text !== null) show(filterPicker(picker, picker.query + press.text, rankFuzzily));
  }
}
