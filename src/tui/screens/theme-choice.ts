// Choosing a theme by looking at it: the one under the cursor paints the screen, with a sample of what it will paint.
import { readdir } from "node:fs/promises";
import { toFailure } from "../../lib/app-error.ts";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import { chosenItem, openPicker } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { BUILT_IN_THEMES } from "../theme/theme-file.ts";

export type ThemeQuestion = {
  title: string;
  /** The one in force now. */
  current: string;
  /** The theme that was tried on is still on: whoever is told keeps it or takes it back. */
  choose: (name: string) => void;
  cancel: () => void;
};

/** The built-in ones and those in the person's themes folder. */
export async function themeNames(themesDir: string): Promise<string[]> {
  // No folder: no themes of one's own.
  const files = await readdir(themesDir).catch(() => []);
  const own = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
  return [...new Set([...BUILT_IN_THEMES, ...own.toSorted()])];
}

export function askTheme(desk: Desk, names: readonly string[], question: ThemeQuestion): void {
  const { title, current } = question;
  const items = names.map((name) => ({ value: name, label: name, detail: "", current: name === current }));
  const { choose } = question;
  const follow = (): void => {
    const focus = desk.focus();
    if (focus.kind === "picker" && focus.choose === choose) tryOn(desk, chosenItem(focus.picker)?.value);
  };
  desk.setFocus({
    kind: "picker",
    picker: openPicker(title, items),
    choose,
    verb: "takes it",
    preview: THEME_SAMPLE,
    previewHeight: THEME_SAMPLE.length,
    follow,
    cancel: () => {
      desk.tryTheme(null);
      question.cancel();
    },
  });
  follow();
}

/** A theme file that is not valid is told, and the colours stay. */
function tryOn(desk: Desk, name: string | undefined): void {
  if (name === undefined) return;
  try {
    desk.tryTheme(name);
  } catch (error) {
    desk.say(toFailure(error).message);
  }
}

/** A heading, prose, code and a change, in the words of a theme: painted with the one under the cursor. */
const THEME_SAMPLE: readonly PreviewLine[] = [
  previewLine("Why the test fails", "heading"),
  {
    spans: [
      { text: "A bare CR is ", token: "text" },
      { text: "data", token: "strong" },
      { text: "; see ", token: "text" },
      { text: "lines.ts", token: "link" },
      { text: " and ", token: "text" },
      { text: "split()", token: "code" },
      { text: ".", token: "text" },
    ],
  },
  {
    spans: [
      { text: "export const ", token: "code.keyword" },
      { text: "lines", token: "code.function" },
      { text: " = (text: ", token: "code" },
      { text: "string", token: "code.type" },
      { text: ") => text.split(", token: "code" },
      { text: '"\\n"', token: "code.string" },
      { text: "); ", token: "code" },
      { text: "// LF", token: "code.comment" },
    ],
  },
  {
    spans: [
      { text: "12 - return text.split(", token: "diffRemove" },
      { text: '"\\n"', token: "diffRemoveWord" },
      { text: ");", token: "diffRemove" },
    ],
  },
  {
    spans: [
      { text: "12 + return text.split(", token: "diffAdd" },
      { text: "/\\r?\\n/", token: "diffAddWord" },
      { text: ");", token: "diffAdd" },
    ],
  },
  {
    spans: [
      { text: "you  ", token: "user" },
      { text: "agent  ", token: "agent" },
      { text: "ok  ", token: "ok" },
      { text: "warning  ", token: "warning" },
      { text: "error  ", token: "error" },
      { text: "dim", token: "dim" },
    ],
  },
];
