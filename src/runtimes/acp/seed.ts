// Our conversation as a session of the agent's own, where a way to make one is known: written where the agent looks, or
// taken in by the agent's own program.
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fieldOf } from "../../lib/field-of.ts";
import { runProcess } from "../../lib/subprocess.ts";
import { geminiFileName, geminiSessionLines } from "../../session/export/gemini.ts";
import { opencodeExport, opencodeSessionId } from "../../session/export/opencode.ts";
import { talkOfHistory, talkTitle } from "../../session/export/talk.ts";
import { writeExport } from "../../session/export/write-export.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { HistoryEntry } from "../runtime.ts";

export type SeedOptions = AgentProgram & {
  cwd: string;
  history: readonly HistoryEntry[];
  /** Opens an empty session first, for agents that learn of a folder only then. */
  openNew: () => Promise<void>;
  /** Milliseconds that it may take. */
  timeoutMs: number;
  signal: AbortSignal;
};

/**
 * Gemini CLI names its files by the minute, and would write over one of this minute when it loads it; opencode's new
 * messages come after those of an earlier time.
 */
const EARLIER_MS = 5 * 60_000;

/** The id of the session to load; null where none could be made. Never throws. */
export async function seedSession(kind: "gemini" | "opencode", options: SeedOptions): Promise<string | null> {
  try {
    return await (kind === "gemini" ? seedGemini(options) : seedOpencode(options));
  } catch {
    // It is told the conversation in words then.
    return null;
  }
}

async function seedGemini({ env, cwd, history, openNew }: SeedOptions): Promise<string | null> {
  const folder = join(env.GEMINI_CLI_HOME ?? env.HOME ?? homedir(), ".gemini");
  let project = await geminiProject(folder, cwd);
  if (project === null) {
    await openNew();
    project = await geminiProject(folder, cwd);
  }
  if (project === null) return null;
  const id = randomUUID();
  const time = new Date(Date.now() - EARLIER_MS).toISOString();
  const path = join(folder, "tmp", project, "chats", geminiFileName(time, id));
  await writeExport(path, geminiSessionLines(talkOfHistory(history, time), { id, cwd, time }));
  return id;
}

/** Its short name for a folder, a part of a path; null for a folder that it was never in. */
async function geminiProject(folder: string, cwd: string): Promise<string | null> {
  const text = await readFile(join(folder, "projects.json"), "utf8").catch(() => "{}");
  const name = fieldOf(fieldOf(JSON.parse(text), "projects"), resolve(cwd));
  return typeof name === "string" && /^[\w-][\w.-]*$/.test(name) ? name : null;
}

async function seedOpencode(options: SeedOptions): Promise<string | null> {
  const { command, args, env, cwd, history, timeoutMs, signal } = options;
  const time = new Date(Date.now() - EARLIER_MS).toISOString();
  const parts = talkOfHistory(history, time);
  const session = { cwd, time, title: `Hearth: ${talkTitle(parts)}`, seed: randomUUID() };
  const folder = await mkdtemp(join(tmpdir(), "hearth-seed-"));
  try {
    const file = join(folder, "session.json");
    await writeExport(file, [opencodeExport(parts, session)]);
    const importing = args.map((arg) => (arg === "acp" ? "import" : arg));
    if (!importing.includes("import")) return null;
    const limits = { cwd, env: { ...env }, signal, timeoutMs, watched: true };
    const { exitCode } = await runProcess(command, [...importing, file], limits);
    return exitCode === 0 ? opencodeSessionId(session) : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
