// A session that another process has open: it stands there to be read, and the person says what next.
import { openPicker, type PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";

const CHOICES: readonly (Pick<PickerItem<string>, "label" | "detail"> & { act: (desk: Desk) => void })[] = [
  {
    label: "look at it",
    detail: "scroll and search; prompts are refused",
    act: (desk) =>
      desk.say(`${keyNames(desk.bindings)("transcript")} opens the whole of it; /fork goes on in a copy.`),
  },
  { label: "fork it", detail: "go on in a copy", act: (desk) => desk.command("/fork") },
  { label: "open another", detail: "the saved sessions", act: (desk) => desk.command("/resume") },
  { label: "leave", detail: "end this program", act: (desk) => desk.leave(0) },
];

/** Nothing where the session can be written. */
export function askReadOnly(desk: Desk): void {
  const { readOnly } = desk.app.conversation;
  if (readOnly === null) return;
  const items = CHOICES.map(({ label, detail }) => ({ value: label, label, detail, current: false }));
  desk.setFocus({
    kind: "picker",
    picker: openPicker(readOnly, items),
    verb: "does it",
    choose: (value) => CHOICES.find(({ label }) => label === value)?.act(desk),
  });
}
