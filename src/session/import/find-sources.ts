// Which sessions of a foreign agent are meant: those in a file or folder that was named, or those that the agent keeps
// of this project in its own folder. Looks only.
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import { claudeProject } from "../claude-project.ts";
import { fieldsOf, inner, textIn } from "./fields.ts";
import { type ForeignSource, fileSource } from "./foreign-source.ts";
import type { ForeignAgent } from "./import-item.ts";
import {
  databaseSources,
  isStoredPart,
  isStoredSession,
  type OpencodeSession,
  type OpenDatabase,
  storedSource,
} from "./opencode-source.ts";

/** The agents' own folders: `home`, and what their variables say (CLAUDE_CONFIG_DIR, CODEX_HOME, XDG_DATA_HOME, ...). */
export type AgentHomes = Readonly<Record<Exclude<ForeignAgent, "hearth">, string>>;

export function agentHomes(home: string, variable: (name: string) => string | undefined): AgentHomes {
  return {
    "claude-code": join(variable("CLAUDE_CONFIG_DIR") ?? join(home, ".claude"), "projects"),
    codex: variable("CODEX_HOME") ?? join(home, ".codex"),
    gemini: join(variable("GEMINI_CLI_HOME") ?? home, ".gemini", "tmp"),
    opencode: join(variable("XDG_DATA_HOME") ?? join(home, ".local", "share"), "opencode"),
    pi: join(variable("PI_CODING_AGENT_DIR") ?? join(home, ".pi", "agent"), "sessions"),
  };
}

export type FindOptions = { agent: ForeignAgent; cwd: string; homes: AgentHomes; open: OpenDatabase };

/** Folders deeper than this hold no sessions. */
const DEEPEST = 8;

/** The sessions in a file or folder. Throws `import.not_found`, also for a folder without any file that may be one. */
export async function sourcesAt(path: string, options: FindOptions): Promise<ForeignSource[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError("import.not_found", `There is no file or folder ${path}.`, { cause });
  });
  const files = found.isDirectory() ? await filesUnder(path, DEEPEST) : [path];
  const sources: ForeignSource[] = [];
  for (const file of files) {
    if (found.isDirectory() && !mayBeSession(file, options.agent)) continue;
    sources.push(...(await sourcesOf(file, options)));
  }
  if (sources.length === 0) throw new AppError("import.not_found", `There are no session files in ${path}.`);
  return sources;
}

/** The agent's own sessions of the project at `cwd`, in no order. Throws `import.not_found` where there are none. */
export async function ownSources(options: FindOptions): Promise<ForeignSource[]> {
  const sources = await (OWN[options.agent]?.(options) ?? []);
  if (sources.length > 0) return sources;
  const place = options.agent === "hearth" ? "" : ` in ${options.homes[options.agent]}`;
  throw new AppError("import.not_found", `There are no sessions of ${options.cwd}${place}.`, {
    hint: "Name the file or the folder to import.",
  });
}

type Finder = (options: FindOptions) => Promise<ForeignSource[]>;

const OWN: Readonly<Record<ForeignAgent, Finder | undefined>> = {
  "claude-code": async ({ homes, cwd }) => {
    const projects = await claudeProjects(homes["claude-code"], cwd);
    return (await Promise.all(projects.map((project) => sourcesIn(project, 0)))).flat();
  },
  codex: async ({ homes, cwd }) => {
    const folders = [join(homes.codex, "sessions"), join(homes.codex, "archived_sessions")];
    const files = (await Promise.all(folders.map((folder) => filesUnder(folder, 4)))).flat();
    const own: ForeignSource[] = [];
    for (const file of files) if (await isRolloutOf(file, cwd)) own.push(fileSource(file));
    return own;
  },
  gemini: async ({ homes, cwd }) => {
    const sources: ForeignSource[] = [];
    for (const project of await geminiProjects(homes.gemini, cwd)) {
      sources.push(...(await sourcesIn(join(project, "chats"), 0)));
    }
    return sources;
  },
  opencode: async ({ homes, cwd, open }) => {
    const sources = (await databases(homes.opencode, open)).filter((session) => session.cwd === cwd);
    const stored = await filesUnder(join(homes.opencode, "storage", "session"), 2);
    const own = await Promise.all(
      stored.map(async (file) => ((await isStoredOf(file, cwd)) ? storedSource(file) : null)),
    );
    return [...sources.map(({ source }) => source), ...own.filter((source) => source !== null)];
  },
  pi: async ({ homes, cwd }) => sourcesIn(join(homes.pi, piProject(cwd)), 0),
  hearth: undefined,
};

/** Claude Code cuts a longer name and puts a hash of its own behind it. */
const LONGEST_PROJECT = 200;

async function claudeProjects(folder: string, cwd: string): Promise<string[]> {
  const name = claudeProject(cwd);
  if (name.length <= LONGEST_PROJECT) return [join(folder, name)];
  const begin = `${name.slice(0, LONGEST_PROJECT)}-`;
  const entries = await entriesOf(folder);
  return entries.filter((entry) => entry.name.startsWith(begin)).map((entry) => join(folder, entry.name));
}

function piProject(cwd: string): string {
  return `--${cwd.replace(/^[/\\]/, "").replace(/[/\\:]/g, "-")}--`;
}

/** By the hash of the project's path, or by a name of which a file beside the chats says whose it is. */
async function geminiProjects(folder: string, cwd: string): Promise<string[]> {
  const hash = createHash("sha256").update(cwd).digest("hex");
  const projects: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (!entry.isDirectory()) continue;
    const project = join(folder, entry.name);
    const root = await readFile(join(project, ".project_root"), "utf8").catch(() => ""); // Older ones have none.
    if (entry.name === hash || root.trim() === cwd) projects.push(project);
  }
  return projects;
}

async function isRolloutOf(file: string, cwd: string): Promise<boolean> {
  if (!/rollout-.*\.jsonl?$/.test(basename(file))) return false;
  const first = fieldsOf(await firstValue(file));
  return first !== null && (textIn(inner(first, "payload"), "cwd") || textIn(first, "cwd")) === cwd;
}

async function isStoredOf(file: string, cwd: string): Promise<boolean> {
  const session = fieldsOf(await firstValue(file));
  return session !== null && textIn(session, "directory") === cwd && textIn(session, "parentID") === "";
}

async function firstValue(file: string): Promise<unknown> {
  for await (const { values } of fileSource(file).values({ update: () => undefined })) {
    if (values.length > 0) return values[0];
  }
  return null;
}

async function databases(folder: string, open: OpenDatabase): Promise<OpencodeSession[]> {
  const names = (await entriesOf(folder)).filter(
    (entry) => entry.isFile() && /^opencode.*\.db$/.test(entry.name),
  );
  const all = await Promise.all(names.map(({ name }) => databaseSources(join(folder, name), open)));
  return all.flat();
}

async function sourcesOf(file: string, { agent, open }: FindOptions): Promise<ForeignSource[]> {
  if (agent !== "opencode") return [fileSource(file)];
  if (/\.(?:db|sqlite3?)$/.test(file)) return (await databaseSources(file, open)).map(({ source }) => source);
  return [isStoredSession(file) ? storedSource(file) : fileSource(file)];
}

async function sourcesIn(folder: string, depth: number): Promise<ForeignSource[]> {
  const files = await filesUnder(folder, depth);
  return files.filter((file) => /\.jsonl?$/.test(file) && !isSubagentFile(file)).map(fileSource);
}

/** Whether a file of a folder may be a session: by its name alone. */
function mayBeSession(file: string, agent: ForeignAgent): boolean {
  if (agent === "opencode") return /\.(?:db|json)$/.test(file) && !isStoredPart(file);
  if (agent === "gemini") return /\.jsonl?$/.test(file) && basename(file) !== "logs.json";
  return file.endsWith(".jsonl") && !(agent === "claude-code" && isSubagentFile(file));
}

/** Claude Code keeps its subagents' talk in files of their own. */
function isSubagentFile(file: string): boolean {
  return /[/\\]subagents[/\\]|[/\\]agent-[^/\\]+\.jsonl$/.test(file);
}

/** Sorted by path. Links are not followed: a folder of sessions is a tree. */
async function filesUnder(folder: string, depth: number): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && depth > 0) files.push(...(await filesUnder(path, depth - 1)));
  }
  return files.toSorted();
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return [];
    throw new AppError("import.read", `${folder} cannot be read: ${String(error)}.`, { cause: error });
  }
}
