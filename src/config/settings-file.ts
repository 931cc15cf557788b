// Reads one settings file: JSON with comments, variables expanded, checked against the schema.
import { readFile } from "node:fs/promises";
import { AppError } from "../lib/app-error.ts";
import type { Environment } from "./env.ts";
import type { Settings } from "./settings.ts";

/** The file's settings; null when there is no such file. Throws `settings.*` naming file, path and expected type. */
export async function readSettingsFile(file: string, env: Environment): Promise<Settings | null> {
  const text = await readSettingsText(file);
  return text === null ? null : parseSettings(text, file, env);
}

/** The settings in the text of `file`. Throws as `readSettingsFile`. */
export async function parseSettings(text: string, file: string, env: Environment): Promise<Settings> {
  const value = await parseJsonWithComments(text, file);
  const { expandVariables } = await import("./expand-variables.ts");
  return checkSettings(expandVariables(value, env, { file }), file);
}

/** What stands in the file, `${VAR}` as it is written. Throws `settings.syntax` and `settings.unreadable`. */
export async function readWrittenSettings(file: string): Promise<unknown> {
  const text = await readSettingsText(file);
  return text === null ? {} : parseJsonWithComments(text, file);
}

/** Null when there is no such file. Throws `settings.unreadable`. */
export async function readSettingsText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
      return null;
    }
    throw new AppError("settings.unreadable", `${file}: the settings cannot be read.`, {
      hint: "Check the file's permissions.",
      cause: error,
    });
  }
}

async function parseJsonWithComments(text: string, file: string): Promise<unknown> {
  const { parse, printParseErrorCode } = await import("jsonc-parser");
  const errors: { error: number; offset: number; length: number }[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first) {
    const before = text.slice(0, first.offset).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    throw new AppError(
      "settings.syntax",
      `${file}: ${place}: ${inWords(printParseErrorCode(first.error))}.`,
      {
        hint: "The file is JSON; comments and trailing commas are allowed.",
      },
    );
  }
  return value ?? {};
}

/** "CloseBraceExpected" → "close brace expected". */
function inWords(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

async function checkSettings(value: unknown, file: string): Promise<Settings> {
  const { Settings } = await import("./settings.ts");
  const result = Settings.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const { describeIssue } = await import("./settings-issue.ts");
  const { message, hint } = describeIssue(result.error.issues[0], Object.keys(Settings.shape));
  throw new AppError("settings.invalid", `${file}: ${message}`, { hint });
}
