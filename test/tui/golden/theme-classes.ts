// The kinds of terminals that every component is looked at in, and the widths.
import { asciiGlyphs, unicodeGlyphs } from "../../../src/tui/theme/glyphs.ts";
import type { ItemView } from "../../../src/tui/transcript/item-view.ts";
import { testTheme, testView } from "../theme/test-view.ts";

/** Columns of the window; rows may take one less. */
export const WIDTHS = [40, 80, 120] as const;

/** `links`: shows OSC 8. */
const CLASSES = {
  dark: { theme: testTheme("truecolor", "dark"), glyphs: unicodeGlyphs, links: true },
  light: { theme: testTheme("truecolor", "light"), glyphs: unicodeGlyphs, links: true },
  "high-contrast": { theme: testTheme("truecolor", "high-contrast"), glyphs: unicodeGlyphs, links: false },
  "16-colours": { theme: testTheme("16", "dark"), glyphs: unicodeGlyphs, links: false },
  "no-colour": { theme: testTheme("mono", "dark"), glyphs: unicodeGlyphs, links: false },
  ascii: { theme: testTheme("none", "dark"), glyphs: asciiGlyphs, links: false },
} as const;

export const CLASS_NAMES = ["dark", "light", "high-contrast", "16-colours", "no-colour", "ascii"] as const;
export type ClassName = (typeof CLASS_NAMES)[number];

export function classView(name: ClassName, columns: number, change: Partial<ItemView> = {}): ItemView {
  return testView(columns - 1, { ...CLASSES[name], ...change });
}
