// The themes there are to choose from, ours and those of the person's folder, with a few words about each.
import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import { BUILT_IN_THEMES } from "./theme-file.ts";

type ThemeChoice = { value: string; detail: string };

const WORDS: Readonly<Record<string, string>> = {
  auto: "dark or light, as the terminal is",
  system: "made of the terminal's own colours",
  dark: "for a dark background",
  light: "for a light background",
  "high-contrast": "strong colours on black",
  "high-contrast-light": "strong colours on white",
  colorblind: "no red against green, for a dark background",
  "colorblind-light": "no red against green, for a light background",
  ansi16: "the 16 colours of the terminal's palette",
};

/** Ours first, then `*.json` of the folder. Rejects when the folder is there and cannot be read. */
export async function themeChoices(dir: string): Promise<ThemeChoice[]> {
  const own = (await ownThemes(dir)).filter((name) => !BUILT_IN_THEMES.includes(name));
  return [
    ...BUILT_IN_THEMES.map((value) => ({ value, detail: WORDS[value] ?? "" })),
    ...own.map((value) => ({ value, detail: "yours" })),
  ];
}

/** Names of the theme files there are; none without the folder. */
async function ownThemes(dir: string): Promise<string[]> {
  try {
    const files = await readdir(dir);
    return files
      .filter((file) => file.endsWith(".json"))
      .map((file) => basename(file, ".json"))
      .sort();
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
