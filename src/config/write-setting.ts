// Changes one setting in a settings file: checked first, written atomically, the rest of the file as it was.
import { mkdir, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { writeFileAtomic } from "../lib/atomic-write.ts";
import { isErrorCode } from "../lib/error-code.ts";
import type { Environment } from "./env.ts";
import { Settings } from "./settings.ts";
import { editSetting, takeOutEntry } from "./settings-edit.ts";
import { parseSettings, readSettingsText } from "./settings-file.ts";
import { describeIssue } from "./settings-issue.ts";

/** One change to one file; `value` undefined takes the setting out. */
export type SettingEdit = { file: string; path: string; value: unknown };

/** Throws `settings.invalid` with one sentence about the value, and nothing about a file. */
export function checkSetting(path: string, value: unknown): void {
  if (value === undefined) return;
  const whole = path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const result = Settings.safeParse(whole, { reportInput: true });
  if (result.success) return;
  const { message, hint } = describeIssue(result.error.issues[0], Object.keys(Settings.shape));
  throw new AppError("settings.invalid", message, { hint });
}

/** Throws `settings.*` for a value or a file that is not valid, and `settings.write`; the file is as before then. */
export async function writeSetting({ file, path, value }: SettingEdit, env: Environment): Promise<void> {
  checkSetting(path, value);
  const text = (await readSettingsText(file)) ?? "";
  await parseSettings(text, file, env);
  await replaceText(file, editSetting(text, path.split("."), value), env);
}

/** A text in a list of a settings file, variables replaced. */
export type ListedText = { file: string; list: "allow" | "ask" | "deny"; text: string };

/** Takes it out, the first of several; false where the file has none. Throws as `writeSetting`. */
export async function removeListed({ file, list, text }: ListedText, env: Environment): Promise<boolean> {
  const source = (await readSettingsText(file)) ?? "";
  const texts = (await parseSettings(source, file, env))[list] ?? [];
  const index = texts.indexOf(text);
  if (index < 0) return false;
  await replaceText(file, takeOutEntry(source, list, index), env);
  return true;
}

async function replaceText(file: string, text: string, env: Environment): Promise<void> {
  await parseSettings(text, file, env);
  try {
    await replaceFile(file, text);
  } catch (cause) {
    throw new AppError("settings.write", `${file} cannot be written.`, {
      hint: "Check the folder's permissions and the free space.",
      cause,
    });
  }
}

/** A link stays a link: people keep their settings in repositories of dotfiles. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const target = await realpath(file).catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT")) return file;
    throw error;
  });
  const before = await stat(target).catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT")) return null;
    throw error;
  });
  await writeFileAtomic(target, new TextEncoder().encode(text), before ? before.mode & 0o777 : 0o600);
}
