// A yes or no before a command goes on.
import type { CommandResult } from "../../app/commands/command.ts";
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

const LISTED: readonly NonNullable<CommandResult["ui"]>["kind"][] = [
  "picker",
  "screen",
  "confirm",
  "restart",
];

/** What is asked or chosen from on the screen needs no text beside it. */
export function isListed(ui: CommandResult["ui"]): boolean {
  return ui !== undefined && LISTED.includes(ui.kind);
}
