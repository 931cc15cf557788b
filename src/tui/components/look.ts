// Look: what every component paints with. One object, so that a change of theme or width is one change.
import type { Glyphs } from "../theme/glyphs.ts";
import type { Theme } from "../theme/theme.ts";

/** Columns of a row whose right end belongs to its left one: further apart the eye loses the row. */
export const WIDEST_LINE = 100;

/** `width` is the number of columns a row may take. */
export type Look = { theme: Theme; glyphs: Glyphs; width: number };

/** The two columns before the chosen row of a list: where nothing can be painted, a sign says which one it is. */
export function chosenLead({ theme, glyphs }: Pick<Look, "theme" | "glyphs">): string {
  return theme.depth === "none" ? glyphs.prompt.padEnd(2) : "  ";
}
