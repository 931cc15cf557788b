// The shape of a theme file and how one is read: our own are part of the program, others are files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import ansi16 from "../../../themes/ansi16.json" with { type: "json" };
import colorblind from "../../../themes/colorblind.json" with { type: "json" };
import colorblindLight from "../../../themes/colorblind-light.json" with { type: "json" };
import dark from "../../../themes/dark.json" with { type: "json" };
import highContrast from "../../../themes/high-contrast.json" with { type: "json" };
import highContrastLight from "../../../themes/high-contrast-light.json" with { type: "json" };
import light from "../../../themes/light.json" with { type: "json" };
import { AppError } from "../../lib/app-error.ts";
import { ANSI_COLORS } from "./color.ts";

/** What a colour is for. A theme may leave tokens out: they look like `text`. */
export const THEME_TOKENS = [
  "text",
  "dim",
  "accent",
  "user",
  "agent",
  "ok",
  "warning",
  "error",
  "border",
  "selection",
  "heading",
  "link",
  "quote",
  "strong",
  "emphasis",
  "diffAdd",
  "diffRemove",
  "diffAddWord",
  "diffRemoveWord",
  "code",
  "code.keyword",
  "code.string",
  "code.comment",
  "code.number",
  "code.function",
  "code.type",
  "code.variable",
  "code.attribute",
  "code.meta",
] as const;
export type ThemeToken = (typeof THEME_TOKENS)[number];

const hex = z.string().check(z.regex(/^#[0-9a-fA-F]{6}$/, 'a colour such as "#7fd88f"'));

/**
 * `ansi` is used where a terminal has 16 colours only; without it the nearest one is taken. `ansi` without `color` is
 * used everywhere: the person's own palette says what it looks like.
 */
const tokenStyle = z.strictObject({
  color: z.optional(hex),
  background: z.optional(hex),
  ansi: z.optional(z.enum(ANSI_COLORS)),
  bold: z.optional(z.boolean()),
  dim: z.optional(z.boolean()),
  italic: z.optional(z.boolean()),
  underline: z.optional(z.boolean()),
  strikethrough: z.optional(z.boolean()),
  inverse: z.optional(z.boolean()),
});
export type TokenStyle = z.infer<typeof tokenStyle>;

/**
 * `background` is what the terminal is assumed to show behind the text; it is never painted. A theme without it, and
 * without `appearance`, assumes nothing.
 */
const themeFile = z.strictObject({
  name: z.string(),
  appearance: z.optional(z.enum(["dark", "light"])),
  background: z.optional(hex),
  tokens: z.partialRecord(z.enum(THEME_TOKENS), tokenStyle),
});
export type ThemeFile = z.infer<typeof themeFile>;

const SHIPPED: Readonly<Record<string, unknown>> = {
  dark,
  light,
  "high-contrast": highContrast,
  "high-contrast-light": highContrastLight,
  colorblind,
  "colorblind-light": colorblindLight,
  ansi16,
};

/** Names of the theme files that are part of the program. */
export const SHIPPED_THEMES: readonly string[] = Object.keys(SHIPPED);

/** Themes that follow the terminal: see terminal-colors. */
const FOLLOWING_THEMES = ["auto", "system"] as const;

/** Every name that needs no file of the person's own. */
export const BUILT_IN_THEMES: readonly string[] = [...FOLLOWING_THEMES, ...SHIPPED_THEMES];

/**
 * A shipped theme, else `NAME.json` in one of the folders, else the file of that path. Throws AppError
 * `theme.not_found`, `theme.unreadable` or `theme.invalid`, which names file, path and what is expected.
 */
export function loadTheme(name: string, folders: readonly string[] = []): ThemeFile {
  const shipped = SHIPPED[name];
  if (shipped !== undefined) return parseTheme(shipped, `themes/${name}.json`);
  for (const path of themePaths(name, folders)) {
    const text = readIfThere(path);
    if (text !== null) return parseTheme(parseJson(text, path), path);
  }
  throw new AppError("theme.not_found", `There is no theme named ${name}.`, {
    hint: `Built in: ${BUILT_IN_THEMES.join(", ")}.`,
  });
}

/** Where the file of a theme of the person's own may be, the first that is there counts; none for what is built in. */
export function themePaths(name: string, folders: readonly string[]): string[] {
  if (BUILT_IN_THEMES.includes(name)) return [];
  return name.endsWith(".json") ? [name] : folders.map((folder) => join(folder, `${name}.json`));
}

/** Checks data against the shape; `source` is named in the error. */
export function parseTheme(data: unknown, source: string): ThemeFile {
  const parsed = themeFile.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join(" › ") || "the file";
  throw new AppError("theme.invalid", `${source}: ${path} is not valid: ${expectation(issue)}.`, {
    hint: "themes/dark.json in the package is a complete example.",
    cause: parsed.error,
  });
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "invalid_value":
      return `expected one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `unknown ${issue.keys.join(", ")}`;
    default:
      return `expected ${issue?.message ?? "a theme"}`;
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new AppError("theme.unreadable", `The theme file ${path} cannot be read.`, { cause: error });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("theme.invalid", `${path}: expected JSON: ${reason}.`, { cause: error });
  }
}
