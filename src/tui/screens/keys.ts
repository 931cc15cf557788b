// /keys: every key in force in a list that can be searched, what was rebound marked, conflicts first.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import { abbreviateHome } from "../../lib/paths.ts";
import { chosenItem, openPicker } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import type { KeyRow } from "../keys/key-groups.ts";
import { keysInForce } from "../keys/keys-text.ts";
import { keyList } from "./key-rows.ts";

/** Enter opens the file that rebinds them. */
export function openKeys(desk: Desk): void {
  const { bindings, app } = desk;
  const path = app.paths.keybindingsFile;
  const list = keyList(bindings, { file: abbreviateHome(path, app.paths.home), path });
  const picker = { ...openPicker("keys", list.items), selected: 0 };
  const choose = (value: string): void => desk.attempt(() => editKeys(desk, list.row(value)));
  desk.setFocus({
    kind: "picker",
    picker,
    choose,
    verb: "opens keybindings.json",
    preview: list.preview(chosenItem(picker)?.value),
    previewHeight: 4,
    follow: () => {
      const focus = desk.focus();
      if (focus.kind !== "picker" || focus.choose !== choose) return;
      desk.setFocus({ ...focus, preview: list.preview(chosenItem(focus.picker)?.value) });
    },
  });
}

/** The same as one text in the transcript. */
export function printKeys(desk: Desk): void {
  desk.apply({ text: keysInForce(desk.bindings, desk.app.paths.keybindingsFile) });
}

/** A file that is not there yet begins with the keys of the action, to be changed. */
async function editKeys(desk: Desk, row: KeyRow | undefined): Promise<void> {
  const file = desk.app.paths.keybindingsFile;
  const line = row === undefined ? "" : `  ${JSON.stringify(row.action)}: ${JSON.stringify(row.chords)}\n`;
  const first = `{\n  // Names of actions to lists of keys; /keys shows them all.\n${line}}\n`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, first, { flag: "wx", mode: 0o600 }).catch((error: unknown) => {
    if (!isErrorCode(error, "EEXIST")) throw error;
  });
  await desk.editFile(file);
}
