// opencode runs its tools unasked unless its configuration says otherwise. What it is told here has the last word over
// its files (tried with 1.18.33), so what the person set themselves is read first and stays as it is.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fieldOf } from "../../lib/field-of.ts";
import type { AgentProgram } from "../external/start-agent.ts";

/** Its names for what our rules would judge; `edit` stands for every way to change a file. */
const ASKED = ["bash", "edit", "webfetch"] as const;
const FILES = ["opencode.jsonc", "opencode.json", "config.json"];

export function isOpencode({ command, args }: AgentProgram): boolean {
  return [command, args[0] ?? ""].some((part) => /^opencode(\.|$)/.test(basename(part)));
}

/** The environment in which it asks us, for a session in `cwd`. */
export async function askingEnv(env: AgentProgram["env"], cwd: string): Promise<Record<string, string>> {
  const given = (await parsed(env.OPENCODE_CONFIG_CONTENT ?? "")) ?? {};
  const own = [given, ...(await configs(personFiles(env)))].map((config) => fieldOf(config, "permission"));
  const project = (await configs(projectFiles(cwd))).map((config) => fieldOf(config, "permission"));
  const missing = ASKED.filter(
    (name) => !own.some((value) => decides(value, name)) && !project.some(stricter(name)),
  );
  if (missing.length === 0) return { ...env };
  const before = fieldOf(given, "permission");
  const permission = {
    ...(typeof before === "object" ? before : {}),
    ...Object.fromEntries(missing.map((name) => [name, "ask"])),
  };
  return { ...env, OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...given, permission }) };
}

/** A word for all tools, or one of its own. */
function decides(permission: unknown, name: string): boolean {
  return typeof permission === "string" || [name, "*"].some((key) => fieldOf(permission, key) !== undefined);
}

/** A project's files are not the person's: they may forbid more, but not allow what nobody was asked about. */
function stricter(name: string) {
  return (permission: unknown): boolean =>
    decides(permission, name) && !JSON.stringify(permission).includes('"allow"');
}

function personFiles({ HOME, XDG_CONFIG_HOME, OPENCODE_CONFIG, OPENCODE_CONFIG_DIR }: AgentProgram["env"]) {
  const folders = [
    join(XDG_CONFIG_HOME ?? join(HOME ?? homedir(), ".config"), "opencode"),
    ...(OPENCODE_CONFIG_DIR === undefined ? [] : [OPENCODE_CONFIG_DIR]),
  ];
  const named = OPENCODE_CONFIG === undefined ? [] : [OPENCODE_CONFIG];
  return [...folders.flatMap(inFolder), ...named];
}

function projectFiles(cwd: string): string[] {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder, join(folder, ".opencode"));
    if (dirname(folder) === folder) break;
  }
  return folders.flatMap(inFolder);
}

function inFolder(folder: string): string[] {
  return FILES.map((file) => join(folder, file));
}

async function configs(files: readonly string[]): Promise<unknown[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return Promise.all(texts.map(parsed));
}

/** With comments, as it reads its files. Null for what is no configuration: then it says nothing. */
async function parsed(text: string): Promise<Record<string, unknown> | null> {
  if (text.trim() === "") return null;
  const { parse } = await import("jsonc-parser");
  const value: unknown = parse(text, [], { allowTrailingComma: true });
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}
