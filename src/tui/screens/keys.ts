// /keys: every key in force in a list that can be searched, what was rebound marked, conflicts first.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import { chosenItem, openPicker, type PickerItem, type PickerState } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { type KeyGroup, type KeyRow, keyGroups } from "../keys/key-groups.ts";
import { keysInForce } from "../keys/keys-text.ts";

type Listed = { group: KeyGroup; row: KeyRow };

/** Enter opens the file that rebinds them. */
export function openKeys(desk: Desk): void {
  const { bindings } = desk;
  const listed = keyGroups(bindings).flatMap((group) => group.rows.map((row) => ({ group, row })));
  const problems = bindings.problems.map((text) =>
    text.replace(desk.app.paths.keybindingsFile, "keybindings.json"),
  );
  const items = [...problems.map(problemItem), ...listed.map(keyItem)];
  const picker = { ...openPicker("keys", items), selected: 0 };
  const find = (value: string | undefined) => listed.find(({ row }) => row.action === value);
  const preview = (shown: PickerState<string>): PreviewLine[] => {
    const item = chosenItem(shown);
    if (item?.label === PROBLEM) return [previewLine(item.detail, "warning", 3)];
    return previewOf(find(item?.value), desk);
  };
  const choose = (value: string): void => desk.attempt(() => editKeys(desk, find(value)?.row));
  desk.setFocus({
    kind: "picker",
    picker,
    choose,
    verb: "opens keybindings.json",
    preview: preview(picker),
    previewHeight: 4,
    follow: () => {
      const focus = desk.focus();
      if (focus.kind !== "picker" || focus.choose !== choose) return;
      desk.setFocus({ ...focus, preview: preview(focus.picker) });
    },
  });
}

/** The same as one text in the transcript. */
export function printKeys(desk: Desk): void {
  desk.apply({ text: keysInForce(desk.bindings, desk.app.paths.keybindingsFile) });
}

const PROBLEM = "problem";

function problemItem(problem: string, index: number): PickerItem<string> {
  return { value: `${PROBLEM} ${index}`, label: PROBLEM, detail: problem, current: false };
}

function keyItem({ group, row }: Listed): PickerItem<string> {
  const { action, keys, summary, instead } = row;
  return {
    value: action,
    label: shownKeys(keys),
    detail: instead === null ? summary : `${summary} (changed)`,
    current: instead !== null,
    aside: group.place,
  };
}

/** More than two would push away what they do; the preview has all. */
function shownKeys(keys: readonly string[]): string {
  if (keys.length === 0) return "no key";
  return keys.slice(0, 2).join(", ") + (keys.length > 2 ? ", more" : "");
}

function previewOf(listed: Listed | undefined, { app }: Desk): PreviewLine[] {
  if (listed === undefined) return [];
  const { group, row } = listed;
  const had = row.instead === null ? "" : `; without your file: ${row.instead.join(", ") || "no key"}`;
  return [
    previewLine(`${group.title}: ${row.summary}`, "text", 2),
    previewLine(`${row.keys.join(", ") || "no key"}${had}`, "accent", 2),
    previewLine(
      `${row.action} in ${app.paths.keybindingsFile}; a change holds from the next start`,
      "dim",
      2,
    ),
  ];
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
