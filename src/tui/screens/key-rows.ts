// The keys in force as rows of a list, and what is said about the one under the cursor. Pure.
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import { type KeyGroup, type KeyRow, keyGroups } from "../keys/key-groups.ts";
import type { Keybindings } from "../keys/keybindings.ts";

type Listed = { group: KeyGroup; row: KeyRow };

export type KeyList = {
  items: readonly PickerItem<string>[];
  row: (value: string) => KeyRow | undefined;
  preview: (value: string | undefined) => PreviewLine[];
};

/** Problems first, then every action in the order of the table. `file` as a person reads it; `path` is in problems. */
export function keyList(bindings: Keybindings, { file, path }: { file: string; path: string }): KeyList {
  const listed = keyGroups(bindings).flatMap((group) => group.rows.map((row) => ({ group, row })));
  const problems = bindings.problems.map((text) => text.replace(path, "keybindings.json")).map(problemItem);
  const find = (value: string | undefined) => listed.find(({ row }) => row.action === value);
  return {
    items: [...problems, ...listed.map(keyItem)],
    row: (value) => find(value)?.row,
    preview: (value) => {
      const problem = problems.find((item) => item.value === value);
      return problem ? [previewLine(problem.detail, "warning", 3)] : previewOf(find(value), file);
    },
  };
}

const PROBLEM = "problem";

function problemItem(problem: string, index: number): PickerItem<string> {
  return { value: `${PROBLEM} ${index}`, label: PROBLEM, detail: problem, current: false };
}

/** The first key has the column; the others are behind what it does, where they can be searched. */
function keyItem({ group, row }: Listed): PickerItem<string> {
  const { action, keys, summary, instead } = row;
  const [first = "no key", ...others] = keys;
  const also = others.length === 0 ? "" : `  also ${others.join(", ")}`;
  return {
    value: action,
    label: first,
    detail: `${summary}${instead === null ? "" : " (changed)"}${also}`,
    current: instead !== null,
    aside: group.place,
  };
}

function previewOf(listed: Listed | undefined, file: string): PreviewLine[] {
  if (listed === undefined) return [];
  const { group, row } = listed;
  const had = row.instead === null ? "" : `; without your file: ${row.instead.join(", ") || "no key"}`;
  return [
    previewLine(`${group.title}: ${row.summary}`, "text", 2),
    previewLine(`${row.keys.join(", ") || "no key"}${had}`, "accent", 2),
    previewLine(`${row.action} in ${file}; a change holds from the next start`, "dim", 2),
  ];
}
