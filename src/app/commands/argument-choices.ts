// What may follow a command, for completion, where it is the same for several commands or takes some looking up.
import { ThinkingLevel } from "../../protocol/model.ts";
import type { App } from "../app.ts";
import { formatAge } from "../format.ts";
import type { SettingRow } from "../settings-list.ts";
import type { ArgumentChoice } from "./command.ts";

/** Saved sessions of this directory, the newest first. */
export async function sessionChoices(app: App): Promise<ArgumentChoice[]> {
  const sessions = await app.sessions.list({ all: false });
  return sessions.map(({ id, name, firstPrompt, modifiedMs }) => ({
    value: id,
    detail: `${name || firstPrompt}  ${formatAge(Date.now() - modifiedMs)} ago`,
  }));
}

/** Runs of this branch by their numbers, the newest first; 0 is the place before them. */
export async function runNumbers(app: App): Promise<ArgumentChoice[]> {
  const runs = await runsOfBranch(app);
  if (runs.length === 0) return [];
  const numbered = runs.map((detail, index) => ({ value: `${index + 1}`, detail }));
  return [...numbered.toReversed(), { value: "0", detail: "before the first prompt" }];
}

async function runsOfBranch(app: App): Promise<string[]> {
  const runs = (await app.sessions.runs()).filter(({ onBranch }) => onBranch);
  return runs.map(({ label, prompt, timeMs }) => {
    const title = label === "" ? prompt.trim() : `[${label}] ${prompt.trim()}`;
    return `${title}  ${formatAge(Date.now() - timeMs)} ago`;
  });
}

/** Runs of every branch, then the other sessions, each to go on from in a copy. */
export async function forkChoices(app: App): Promise<ArgumentChoice[]> {
  const [runs, sessions] = await Promise.all([app.sessions.runs(), sessionChoices(app)]);
  const here = runs.map(({ id, prompt }) => ({ value: `#${id}`, detail: prompt.trim() }));
  return [...here.toReversed(), ...sessions.filter(({ value }) => value !== app.conversation.sessionId)];
}

const LEVELS: Readonly<Record<ThinkingLevel, string>> = {
  off: "answers at once",
  minimal: "as little as there is",
  low: "a little, for plain work",
  medium: "for most work",
  high: "for hard problems; slower and dearer",
  max: "as much as the model can",
};

/** Levels with what is known of each: the one in force, and those that the model does not have. */
export function thinkingChoices(app: App): ArgumentChoice[] {
  const model = app.models.current();
  const { thinking } = app.conversation.state();
  return ThinkingLevel.options.map((value) => {
    const isKnown = value === "off" || model === null || model.thinking.includes(value);
    const words = isKnown ? LEVELS[value] : `${model.name} does not know it`;
    return { value, detail: value === thinking ? `${words}  (now)` : words };
  });
}

/** Every setting with its value, then the values of those that have few. */
export function settingChoices(rows: readonly SettingRow[]): ArgumentChoice[] {
  const names = rows.map(({ path, shown, description }) => ({
    value: path,
    detail: `${shown}  ${description}`,
  }));
  const values = rows.flatMap((row) =>
    valuesOf(row).map((value) => ({ value: `${row.path} ${value}`, detail: row.description })),
  );
  return [...names, ...values];
}

function valuesOf({ kind }: SettingRow): readonly string[] {
  if (kind.type === "switch") return ["true", "false"];
  return kind.type === "choice" ? kind.values : [];
}
