// Changing one setting as a person asks for it: checked, written to a file, in force now where that can be, and said
// in one line what came of it. A file that cannot be written leaves everything as it was.

import { AppError, toFailure } from "../lib/app-error.ts";
import { PermissionMode } from "../protocol/approval.ts";
import { ThinkingLevel } from "../protocol/model.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import type { App } from "./app.ts";
import type { SettingsFile } from "./settings-choice.ts";
import { type SettingRow, type SettingSource, showSetting } from "./settings-list.ts";

export type WantedChange = { row: SettingRow; value: unknown; to: SettingsFile };

/** `text`: one line for the person; `theme`: the frontend paints with it from now on. */
export type ChangeOutcome = { row: SettingRow; text: string; theme?: string };

const SOURCE_WORDS: Readonly<Record<SettingSource, string>> = {
  default: "default",
  user: "your file",
  choice: "by command",
  project: "project file",
  env: "environment",
  flag: "command line",
};

/** Where a value is from, for a list. */
export function sourceWords(source: SettingSource): string {
  return SOURCE_WORDS[source];
}

/**
 * What a person wrote as a value of that setting; nothing written takes it out. A text that is no value of the kind
 * stays a text, which the schema refuses. Throws `settings.list` for what is edited in its file.
 */
export function readSettingText({ path, kind }: SettingRow, written: string): unknown {
  const text = written.trim();
  if (text === "") return undefined;
  switch (kind.type) {
    case "switch":
      return text === "true" ? true : text === "false" ? false : text;
    case "number":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "choice":
    case "text":
      return text;
    case "list":
    case "table":
      throw new AppError("settings.list", `${path} holds several values and is edited in the file.`, {
        hint: "/settings opens the file when it is chosen.",
      });
  }
}

/** Throws `settings.*`, `model.unknown` and what else says that the value cannot be; nothing was changed then. */
export async function changeSetting(app: App, wanted: WantedChange): Promise<ChangeOutcome> {
  const { checkSetting } = await import("../config/write-setting.ts");
  checkSetting(wanted.row.path, wanted.value);
  // What a variable stands for is known when the file is read.
  const isLiteral = wanted.value !== undefined && !String(wanted.value).includes("${");
  if (wanted.row.path === "model" && isLiteral) await app.models.check(String(wanted.value));
  const { row, hiddenBy } = await app.settingsChoice.set(wanted.row.path, wanted.value, wanted.to);
  const began = isLiteral && !isHeldAbove(wanted) ? await tryNow(app, wanted) : LATER;
  const isNow = began.isNow || row.path === "enterWhileBusy" || row.path === "theme";
  return {
    row,
    text: outcomeText({ ...wanted, row }, { ...began, hiddenBy, isNow }),
    ...(row.path === "theme" && hiddenBy === null ? { theme: String(row.value) } : {}),
  };
}

/** Whether a stronger layer than the file holds against it; a choice by command gives way. */
export function isHeldAbove({ row, to }: WantedChange): boolean {
  const stronger: readonly SettingSource[] = to === "user" ? ["project", "env", "flag"] : ["env", "flag"];
  return row.kind.type !== "table" && stronger.includes(row.source);
}

type Beginning = {
  isNow: boolean;
  /** Why what stands in the file by now does not hold yet; "" where that is as it should be. */
  problem: string;
};

const LATER: Beginning = { isNow: false, problem: "" };

async function tryNow(app: App, wanted: WantedChange): Promise<Beginning> {
  try {
    return { isNow: await beginNow(app, wanted), problem: "" };
  } catch (error) {
    return { isNow: false, problem: toFailure(error).message };
  }
}

/** False for what holds from the next start. The file keeps it: it is no choice by command. */
async function beginNow(app: App, { row, value }: WantedChange): Promise<boolean> {
  const isNative = app.conversation.state().runtime === NATIVE;
  switch (row.path) {
    case "permissionMode": {
      const mode = PermissionMode.safeParse(value);
      if (mode.success) await app.permissions.setMode(mode.data);
      return mode.success;
    }
    case "thinking": {
      const level = ThinkingLevel.safeParse(value);
      return level.success && isNative ? app.models.setThinking(level.data, { keep: false }) : false;
    }
    case "model":
      return typeof value === "string" && isNative
        ? (await app.models.choose(value, { keep: false })) !== null
        : false;
    default:
      return false;
  }
}

type Effect = Beginning & { hiddenBy: SettingSource | null };

function outcomeText({ row, value, to }: WantedChange, { hiddenBy, isNow, problem }: Effect): string {
  const file = to === "user" ? "your file" : "the project's file";
  if (hiddenBy !== null)
    return `${row.path} = ${showSetting(value, row.kind)} stands in ${file}; ${hiderWords(row, hiddenBy)} says ${row.shown}, which holds.`;
  const when = isNow ? "in force now" : "from the next start";
  if (value === undefined)
    return `${row.path} is taken out of ${file}: ${row.shown} (${SOURCE_WORDS[row.source]}), ${when}.`;
  return `${row.path} = ${row.shown}, ${when}; written to ${file}. ${problem}`.trim();
}

/** Variables of the environment that are settings. */
const VARIABLES: Readonly<Record<string, string>> = { model: "HEARTH_MODEL", theme: "HEARTH_THEME" };

function hiderWords({ path }: SettingRow, source: SettingSource): string {
  if (source === "env") return VARIABLES[path] ?? "the environment";
  if (source === "choice") return `your choice with /${path}`;
  return source === "project" ? "the project's file" : "the command line";
}
