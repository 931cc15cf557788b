// A setting in the list of settings: its row, and what is said about the one under the cursor. Pure.

import { sourceWords } from "../../app/change-setting.ts";
import { type SettingRow, showSetting } from "../../app/settings-list.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import { keyNames } from "../keys/key-words.ts";
import type { Keybindings } from "../keys/keybindings.ts";

const VALUE_COLUMNS = 14;
const SOURCE_COLUMNS = 12;

/** `ellipsis` as this terminal can show it. */
export function settingItem(row: SettingRow, ellipsis: string): PickerItem<string> {
  const shown = truncateText(row.shown, VALUE_COLUMNS, ellipsis);
  const value = shown + " ".repeat(VALUE_COLUMNS - textWidth(shown));
  return {
    value: row.path,
    label: row.path,
    path: true,
    lead: value.length,
    // Searched too: one looks for colours and finds the theme.
    detail: `${value}  ${sourceWords(row.source).padEnd(SOURCE_COLUMNS)}  ${row.description}`,
    current: row.source !== "default",
  };
}

/** Its value in full, what it is for and how it is changed, and what each layer says where several do. */
export function settingPreview(row: SettingRow, bindings: Keybindings): PreviewLine[] {
  const said = row.layers.map(
    ({ source, value }) => `${sourceWords(source)}: ${showSetting(value, row.kind)}`,
  );
  return [
    {
      spans: [
        { text: `${row.group}  `, token: "dim" },
        { text: `${row.path} = ${row.shown}`, token: "accent" },
      ],
      rows: 2,
    },
    previewLine(
      `${row.description} ${howToChange(row, keyNames(bindings)("picker_choose"))}`.trim(),
      "text",
      3,
    ),
    ...(said.length > 1 ? [previewLine(said.join("  <  "), "dim", 2)] : []),
  ];
}

function howToChange({ kind }: SettingRow, enter: string): string {
  switch (kind.type) {
    case "switch":
      return `${enter} switches it.`;
    case "choice":
      return `One of ${kind.values.join(", ")}.`;
    case "number":
      return "A number.";
    case "text":
      return "";
    case "list":
      return "A list, edited in the file.";
    case "table":
      return "Names with values, edited in the file.";
  }
}
