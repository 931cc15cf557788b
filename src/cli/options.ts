// The flags of `hearth [prompt]` and what they mean as settings.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Settings } from "../config/settings.ts";
import { AppError } from "../lib/app-error.ts";
import { PermissionMode } from "../protocol/approval.ts";
import { ThinkingLevel } from "../protocol/model.ts";

/** As commander parses them. Repeatable flags are lists. */
export type ChatOptions = {
  print?: string | boolean;
  outputFormat?: "text" | "json" | "stream-json";
  inputFormat?: "text" | "stream-json";
  continue?: boolean;
  resume?: string | boolean;
  fork?: string | boolean;
  session: boolean;
  name?: string;
  model?: string;
  thinking?: ThinkingLevel;
  runtime?: string;
  placement?: string;
  permissionMode?: PermissionMode;
  allow?: string[];
  deny?: string[];
  tools?: string[];
  readOnly?: boolean;
  maxSteps?: number;
  maxCost?: number;
  timeout?: number;
  systemPrompt?: string;
  appendSystemPrompt?: string;
  role?: string;
  image?: string[];
  addDir?: string[];
  cwd?: string;
  config?: string;
  try?: boolean;
  /** The try that was entered, by its id; no flag. */
  trial?: string;
  /** The session was chosen on the screen; no flag. */
  chosen?: boolean;
  demo?: boolean;
  plain?: boolean;
  screenReader?: boolean;
  debug?: boolean;
};

/** Adds every flag of the default command. */
export function addChatOptions(command: Command): Command {
  return command
    .option("-p, --print [prompt]", "answer once on stdout and leave")
    .addOption(choice("-o, --output-format <format>", "one-shot output", ["text", "json", "stream-json"]))
    .addOption(choice("--input-format <format>", "one-shot input", ["text", "stream-json"]))
    .option("-c, --continue", "go on with the newest session of this directory")
    .option("-r, --resume [session]", "go on with a session: id, its beginning, or a path; none: a picker")
    .option("--fork [session]", "go on in a copy of a session, the original stays as it is")
    .option("--no-session", "store nothing")
    .option("-n, --name <text>", "name of the session")
    .option("-m, --model <vendor/model[:thinking]>", "model to use")
    .addOption(choice("--thinking <level>", "how much the model thinks", ThinkingLevel.options))
    .option("--runtime <name>", "agent to use, for this process only")
    .option("--placement <where>", "where the agent works: local")
    .addOption(choice("--permission-mode <mode>", "what may run without asking", PermissionMode.options))
    .option("--allow <rule>", "allow what the rule covers, e.g. 'bash(npm test)'; repeatable", collect)
    .option("--deny <rule>", "deny what the rule covers; repeatable", collect)
    .option("--tools <list>", "offer only these tools, comma-separated", splitList)
    .option("--read-only", "offer only tools that change nothing")
    .option("--max-steps <n>", "model requests in a run (100, one-shot 50)", positiveInteger)
    .option("--max-cost <usd>", "US dollars in a run", positiveNumber)
    .option("--timeout <duration>", "time for the whole one-shot run: 90, 30s, 5m, 1h", duration)
    .option("--system-prompt <text>", "replace the system prompt")
    .option("--append-system-prompt <text>", "add to the system prompt")
    .option("--role <name>", "a way to work: roles/NAME.md of yours, or of a project you trust")
    .option("--image <file>", "attach an image; repeatable", collect)
    .option("--add-dir <dir>", "let tools work in this directory too; repeatable", collect)
    .option("--try", "work in an overlay: your files stay as they are until /apply")
    .option("-C, --cwd <dir>", "work in this directory")
    .option("--config <file>", "settings file in place of the user's own")
    .option("--demo", "the built-in model on a small example project: no key, no network")
    .option("--plain", "no colours, no cursor movement")
    .option("--screen-reader", "plain lines in words, each said once")
    .option("--debug", "details of internal errors");
}

/** The strongest layer of settings. Throws `cli.timeout`-like AppErrors for values commander cannot check. */
export function settingsOfFlags(options: ChatOptions): Settings {
  const settings: Settings = {};
  if (options.model !== undefined) settings.model = options.model;
  if (options.thinking !== undefined) settings.thinking = options.thinking;
  if (options.permissionMode !== undefined) settings.permissionMode = options.permissionMode;
  if (options.allow !== undefined) settings.allow = options.allow;
  if (options.deny !== undefined) settings.deny = options.deny;
  if (options.tools !== undefined) settings.tools = options.tools;
  if (options.readOnly !== undefined) settings.readOnly = options.readOnly;
  if (options.maxSteps !== undefined) settings.maxSteps = options.maxSteps;
  if (options.maxCost !== undefined) settings.maxCost = options.maxCost;
  if (options.systemPrompt !== undefined) settings.systemPrompt = options.systemPrompt;
  if (options.appendSystemPrompt !== undefined) settings.appendSystemPrompt = options.appendSystemPrompt;
  if (options.screenReader !== undefined) settings.screenReader = options.screenReader;
  if (options.addDir !== undefined) settings.addDirs = options.addDir;
  return settings;
}

/** Only one way to choose a session at a time. */
export function checkSessionFlags(options: ChatOptions): void {
  const chosen = [
    options.continue === true ? "--continue" : "",
    options.resume !== undefined ? "--resume" : "",
    options.fork !== undefined ? "--fork" : "",
  ].filter((flag) => flag !== "");
  if (chosen.length > 1) {
    throw new AppError("cli.conflict", `${chosen.join(" and ")} cannot be used together.`, {
      hint: "Choose one of them.",
    });
  }
}

/**
 * Where an agent works beside its own place is for backends that can be placed; all of today work where Hearth runs.
 * Throws `cli.placement`.
 */
export function checkPlacement({ placement = "local", runtime }: ChatOptions): void {
  if (placement === "local") return;
  const who = runtime === undefined || runtime === "native" ? "the native loop" : runtime;
  throw new AppError("cli.placement", `--placement ${placement} does not go with ${who}.`, {
    hint: "Valid combinations: local with native, local with any agent of `hearth runtime status`.",
  });
}

function choice(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values);
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function splitList(value: string): string[] {
  return value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number <= 0)
    throw new InvalidArgumentError("Expected a whole number above 0.");
  return number;
}

function positiveNumber(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("Expected a number above 0.");
  return number;
}

/** Seconds, or a number with s, m or h; gives milliseconds. */
function duration(value: string): number {
  return milliseconds(value, { "": 1_000, ms: 1, ...CLOCK }, "a duration such as 90, 30s, 5m or 1h");
}

/** How far back: a number with m, h or d; gives milliseconds. */
export function period(value: string): number {
  return milliseconds(value, { ...CLOCK, d: 86_400_000 }, "a period such as 30m, 12h or 7d");
}

const CLOCK = { s: 1_000, m: 60_000, h: 3_600_000 };

function milliseconds(value: string, units: Readonly<Record<string, number>>, expected: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(value.trim()) ?? [];
  const factor = units[unit];
  if (number === "" || factor === undefined) throw new InvalidArgumentError(`Expected ${expected}.`);
  return Number(number) * factor;
}
