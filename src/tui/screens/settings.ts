// /settings: every setting in one list. Enter changes it; the list comes back with what is in force now.
import { type ChangeOutcome, changeSetting, readSettingText } from "../../app/change-setting.ts";
import type { SettingsFile } from "../../app/settings-choice.ts";
import type { SettingRow } from "../../app/settings-list.ts";
import { toFailure } from "../../lib/app-error.ts";
import { abbreviateHome } from "../../lib/paths.ts";
import type { PreviewLine } from "../components/picker-preview.ts";
import {
  chosenItem,
  openPicker,
  type PickerItem,
  type PickerState,
  replaceItems,
} from "../components/picker-state.ts";
import { COMPOSER_FOCUS, type Desk } from "../desk.ts";
import { settingItem, settingPreview } from "./setting-rows.ts";
import { askValue, type ValueQuestion } from "./setting-values.ts";

/** Throws `settings.*` when a file cannot be read. */
export async function openSettings(desk: Desk): Promise<void> {
  const rows = await desk.app.settingsChoice.list();
  new SettingsScreen(desk, rows).show();
}

/** What is wrong with the text itself: it is asked again, with what was wrong above it. */
const MENDABLE: readonly string[] = ["settings.invalid", "settings.variable", "model.unknown"];

class SettingsScreen {
  readonly #desk: Desk;
  #rows: readonly SettingRow[];
  /** As the person left it: filter and place stay over a change. */
  #picker: PickerState<string>;

  constructor(desk: Desk, rows: readonly SettingRow[]) {
    this.#desk = desk;
    this.#rows = rows;
    // What is marked is what was set; the cursor begins at the top all the same.
    this.#picker = { ...openPicker("settings", this.#items()), selected: 0 };
  }

  #items(): PickerItem<string>[] {
    const { ellipsis } = this.#desk.view().glyphs;
    return this.#rows.map((row) => settingItem(row, ellipsis));
  }

  /** `said`: what came of the last change, in one line. */
  show(said = ""): void {
    const desk = this.#desk;
    desk.setFocus({
      kind: "picker",
      picker: this.#picker,
      verb: "changes it",
      choose: this.#choose,
      preview: this.#preview(),
      previewHeight: 4,
      follow: () => {
        const focus = desk.focus();
        if (focus.kind !== "picker" || focus.choose !== this.#choose) return;
        this.#picker = focus.picker;
        desk.setFocus({ ...focus, preview: this.#preview() });
      },
    });
    if (said !== "") desk.say(said);
  }

  readonly #choose = (path: string): void => {
    const row = this.#rows.find((each) => each.path === path);
    if (row === undefined) return;
    const question: ValueQuestion = {
      desk: this.#desk,
      row,
      back: (said) => this.show(said),
      change: (value) => this.#askFile(row, value),
      edit: (which) => this.#editFile(which),
    };
    if (row.kind.type === "switch") {
      this.show();
      this.#askFile(row, row.value !== true);
    } else askValue(question);
  };

  #preview(): PreviewLine[] {
    const path = chosenItem(this.#picker)?.value;
    const row = this.#rows.find((each) => each.path === path);
    return row === undefined ? [] : settingPreview(row, this.#desk.bindings);
  }

  /** The person's own file, unless the project's holds the setting and the person chooses that. */
  #askFile(row: SettingRow, value: unknown): void {
    const desk = this.#desk;
    if (!row.layers.some(({ source }) => source === "project")) {
      this.#write(row, value, "user");
      return;
    }
    const { settingsChoice } = desk.app;
    const item = (which: SettingsFile, label: string) => ({
      value: which,
      label,
      detail: abbreviateHome(settingsChoice.file(which), desk.app.paths.home),
      current: false,
    });
    desk.setFocus({
      kind: "picker",
      picker: openPicker(`${row.path}: the project's file has it too. Write it to`, [
        item("user", "your file"),
        item("project", "the project's file"),
      ]),
      choose: (which) => this.#write(row, value, which === "project" ? "project" : "user"),
      cancel: () => this.show("Nothing was changed."),
      closes: "goes back",
      isShort: true,
    });
  }

  #write(row: SettingRow, value: unknown, to: SettingsFile): void {
    const desk = this.#desk;
    this.show();
    if (row.path === "theme" && typeof value === "string" && !this.#canBeHad(value)) return;
    changeSetting(desk.app, { row, value, to }).then(
      (outcome) => this.#changed(outcome),
      (error: unknown) => {
        const { code, message, hint = "" } = toFailure(error);
        desk.tryTheme(null);
        const isWritten = row.kind.type === "text" || row.kind.type === "number";
        if (isWritten && MENDABLE.includes(code)) this.#askAgain(row, value, message);
        else this.show(`${message} ${hint}`.trim());
      },
    );
  }

  /** A theme that is not there, or whose file is not valid, is not written. */
  #canBeHad(theme: string): boolean {
    const desk = this.#desk;
    try {
      desk.tryTheme(theme);
      return true;
    } catch (error) {
      desk.tryTheme(null);
      this.show(toFailure(error).message);
      return false;
    }
  }

  #askAgain(row: SettingRow, value: unknown, problem: string): void {
    this.#desk.ask({
      title: problem,
      initial: value === undefined ? "" : String(value),
      submit: (text) => this.#askFile(row, readSettingText(row, text)),
      cancel: () => this.show("Nothing was changed."),
    });
  }

  #changed({ row, text, theme }: ChangeOutcome): void {
    const desk = this.#desk;
    if (theme === undefined) desk.tryTheme(null);
    else desk.apply({ ui: { kind: "theme", name: theme, keep: () => Promise.resolve("") } });
    this.#rows = this.#rows.map((each) => (each.path === row.path ? row : each));
    this.#picker = replaceItems(this.#picker, this.#items());
    this.show(text);
  }

  #editFile(which: SettingsFile): void {
    const desk = this.#desk;
    desk.setFocus(COMPOSER_FOCUS);
    desk.attempt(async () => {
      await desk.editFile(desk.app.settingsChoice.file(which));
      this.#rows = await desk.app.settingsChoice.list();
      this.#picker = replaceItems(this.#picker, this.#items());
      this.show("What you changed in the file holds from the next start.");
    });
  }
}
