// Choosing a theme as /theme does, by looking at it, for whoever wants to know what was chosen.
import type { Desk } from "../desk.ts";
import { runPicker } from "../pickers/picker-run.ts";

export type ThemeQuestion = {
  title: string;
  /** The theme that was tried on is still on: it is kept or taken back. */
  choose: (name: string) => void;
  /** What leaving does, as the hint says it. */
  closes: string;
  cancel: () => void;
};

export function askTheme(desk: Desk, { title, choose, closes, cancel }: ThemeQuestion): void {
  runPicker(desk, title, async () => {
    const { themeSource } = await import("../pickers/themes.ts");
    const source = themeSource(desk);
    return {
      ...source,
      verb: "takes it",
      choose,
      closes,
      follow: (name) => {
        source.follow?.(name);
        if (name === null) cancel();
      },
    };
  });
}
