// Themes: ours and those of the person's folder. The one under the cursor is shown on the live rows.
import { toFailure } from "../../lib/app-error.ts";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import type { Desk } from "../desk.ts";
import type { ThemeToken } from "../theme/theme-file.ts";
import { themeChoices } from "../theme/theme-names.ts";
import type { PickerSource } from "./source.ts";

export function themeSource(desk: Desk): PickerSource {
  const { app } = desk;
  /** Why the theme under the cursor cannot be had. */
  let problem: PreviewLine[] | null = null;
  return {
    items: async () => {
      const choices = await themeChoices(app.paths.themesDir);
      return choices.map(({ value, detail }) => ({
        value,
        label: value,
        detail,
        current: value === desk.theme,
      }));
    },
    follow: (name) => {
      problem = null;
      try {
        desk.tryTheme(name);
      } catch (error) {
        desk.tryTheme(null);
        const { message, hint = "" } = toFailure(error);
        problem = [previewLine(message, "error"), previewLine(hint, "dim")];
      }
    },
    previewHeight: 5,
    preview: () => problem ?? SAMPLE,
    choose: (name) =>
      desk.attempt(async () => {
        // Before the first wait, so that no frame in between shows the old theme.
        try {
          desk.apply({ ui: { kind: "theme", name } });
        } catch (error) {
          desk.tryTheme(null);
          throw error;
        }
      }),
  };
}

/** The first words of each kind of row there is. */
const SAMPLE: readonly PreviewLine[] = [
  line(
    ["user", "you "],
    ["text", "fix the tests  "],
    ["agent", "agent "],
    ["text", "done, see "],
    ["link", "lines.ts"],
  ),
  line(
    ["ok", "done  "],
    ["warning", "asks  "],
    ["error", "failed  "],
    ["heading", "Heading  "],
    ["dim", "dim"],
  ),
  line(
    ["code.keyword", "const "],
    ["code.variable", "rows"],
    ["code", " = "],
    ["code.function", "split"],
    ["code", "("],
    ["code.string", '"a\\n"'],
    ["code", ") "],
    ["code.comment", "// why"],
  ),
  line(["diffRemove", "- return text.split("], ["diffRemoveWord", '"\\n"'], ["diffRemove", ");"]),
  line(["diffAdd", "+ return text.split("], ["diffAddWord", "/\\r?\\n/"], ["diffAdd", ");"]),
];

function line(...spans: readonly (readonly [token: ThemeToken, text: string])[]): PreviewLine {
  return { spans: spans.map(([token, text]) => ({ token, text })), rows: 1 };
}
