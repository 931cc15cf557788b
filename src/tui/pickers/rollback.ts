// What to take back, as a list of three with the change beside it.
import type { RollbackPart, RollbackPreview } from "../../app/rollback/checkpoint-choice.ts";
import { goBackWords } from "../../app/rollback/result-text.ts";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { changeLines } from "./change-preview.ts";
import type { PickerSource } from "./source.ts";

export function titleOf({ action, where }: RollbackPreview): string {
  return action.kind === "redo" ? "bring back" : goBackWords(where);
}

export function rollbackSource(desk: Desk, preview: RollbackPreview): PickerSource {
  return {
    verb: preview.action.kind === "redo" ? "brings it back" : "goes back",
    items: () => Promise.resolve(itemsOf(preview)),
    choose: (part) => {
      const chosen = PARTS.find((one) => one === part);
      if (chosen) desk.attempt(() => takeBack(desk, preview, chosen));
    },
    preview: (part) => (part === "conversation" ? filesStayLines(preview) : linesOf(preview)),
  };
}

/** Does it and says what was done. */
export async function takeBack(desk: Desk, { action }: RollbackPreview, part: RollbackPart): Promise<void> {
  const { draft, ...said } = await desk.app.checkpoints.apply(action, part);
  desk.apply({ ...said, ...(draft === undefined ? {} : { ui: { kind: "draft", text: draft } }) });
}

const PARTS: readonly RollbackPart[] = ["both", "files", "conversation"];

function itemsOf(preview: RollbackPreview): PickerItem<string>[] {
  const { changes, blocked, conversationStays } = preview;
  const files = blocked.length > 0 ? "in the way: " : "";
  const count = `${files}${changes.length} ${changes.length === 1 ? "file" : "files"}`;
  const item = (value: RollbackPart, label: string, detail: string): PickerItem<string> => ({
    value,
    label,
    detail,
    current: false,
  });
  const onlyFiles = item("files", "files", count);
  if (conversationStays !== "") return [onlyFiles];
  return [
    item("both", "conversation and files", count),
    onlyFiles,
    item("conversation", "conversation", "no file changes"),
  ];
}

function filesStayLines({ changes }: RollbackPreview): PreviewLine[] {
  return [
    previewLine("The files stay as they are now. They differ by this:", "dim"),
    ...changeLines(changes),
  ];
}

function linesOf({ changes, foreign, blocked, uncovered }: RollbackPreview): PreviewLine[] {
  return [
    ...blocked.map(({ path, why }) => previewLine(`${path}: ${why}`, "error", 2)),
    ...(foreign.length === 0
      ? []
      : [previewLine(`Changed by hand since, and taken back too: ${foreign.join(", ")}`, "warning", 3)]),
    ...(uncovered.length === 0 ? [] : [previewLine(`Never touched: ${uncovered.join(", ")}`, "dim", 2)]),
    ...changeLines(changes),
  ];
}
