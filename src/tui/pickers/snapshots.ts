// The snapshots of this session: the files as they were, what differs now, and going back to them.

import { formatAge } from "../../app/format.ts";
import type { Snapshot } from "../../app/rollback/checkpoint-choice.ts";
import { previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { openRollback } from "../screens/rollback.ts";
import { changeLines } from "./change-preview.ts";
import type { PickerSource } from "./source.ts";

/** The newest first. */
export function snapshotSource(desk: Desk): PickerSource {
  const { checkpoints } = desk.app;
  const found = new Map<string, Snapshot>();
  return {
    verb: "brings the files back",
    items: async () => {
      const list = await checkpoints.list();
      for (const snapshot of list) found.set(snapshot.id, snapshot);
      return list.map(itemOf).toReversed();
    },
    choose: (id) => openRollback(desk, { kind: "rewind", to: { snapshot: id } }),
    preview: (id) => {
      if ((found.get(id)?.commit ?? null) === null) {
        return [previewLine("There is no checkpoint: no file was changed.", "dim")];
      }
      return async () => {
        const { files } = await checkpoints.diff(id);
        if (files.length === 0) return [previewLine("The files are as they were there.", "dim")];
        return [previewLine("Since then:", "dim"), ...changeLines(files)];
      };
    },
  };
}

function itemOf({ id, title, files, timeMs }: Snapshot): PickerItem<string> {
  const [line = ""] = title.trim().split("\n", 1);
  const count = files === null ? [] : [`${files} ${files === 1 ? "file" : "files"}`];
  const age = timeMs === null ? [] : [`${formatAge(Date.now() - timeMs)} ago`];
  return { value: id, label: `${id}  ${line}`, detail: [...age, ...count].join("  "), current: false };
}
