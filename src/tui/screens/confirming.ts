// A yes or no before a command goes on.
import { openPicker } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";

/** Runs the line when the person says yes. */
export function openConfirm(desk: Desk, { question, line }: { question: string; line: string }): void {
  const item = (value: string, label: string) => ({ value, label, detail: "", current: false });
  desk.setFocus({
    kind: "picker",
    picker: openPicker(question, [item("no", "no, keep it"), item("yes", "yes")]),
    choose: (value) => {
      if (value === "yes") desk.command(line);
    },
  });
}
