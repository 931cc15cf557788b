// Does what the answer of a command asks of the screen.
import type { CommandResult } from "../../app/commands/command.ts";
import type { Desk } from "../desk.ts";
import { openConfirm } from "./confirming.ts";
import { openLazyScreen } from "./lazy-screens.ts";
import { showPicker } from "./pickers.ts";
import { openProcesses } from "./processes.ts";
import { openQueue } from "./queue.ts";
import { openRollback } from "./rollback.ts";
import { showDiff } from "./show-diff.ts";

type Ui = NonNullable<CommandResult["ui"]>;

/** What a desk must be able to do besides. */
type Stagehand = Desk & {
  /** Into the clipboard. */
  copy: (text: string) => void;
  /** Throws `theme.*` for one that cannot be had; then nothing changes. */
  changeTheme: (name: string, keep: (() => Promise<string>) | undefined) => void;
};

export function applyUi(desk: Stagehand, ui: Ui): void {
  switch (ui.kind) {
    case "help":
      break;
    case "picker":
      showPicker(desk, ui.picker, ui.query);
      break;
    case "queue":
      openQueue(desk);
      break;
    case "restart":
      desk.restart({ session: ui.session });
      break;
    case "confirm":
      openConfirm(desk, ui);
      break;
    case "processes":
      openProcesses(desk, ui.id);
      break;
    case "copy":
      desk.copy(ui.text);
      break;
    case "rollback":
      openRollback(desk, ui.action);
      break;
    case "diff":
      showDiff(desk, ui);
      break;
    case "draft":
      if (desk.composer.text() === "") desk.composer.setText(ui.text);
      break;
    case "theme":
      desk.changeTheme(ui.name, ui.keep);
      break;
    case "screen":
      desk.attempt(() => openLazyScreen(desk, ui.screen));
      break;
    case "vim":
      desk.composer.setVim(desk.composer.state().vim === null);
      desk.say(`vim keys ${desk.composer.state().vim === null ? "off" : "on"}`);
      break;
    case "exit":
      desk.leave(0);
      break;
  }
}
