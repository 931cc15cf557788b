// Writes the talk so far as a session of Claude Code's own, so that it goes on with it as its own history.
import { randomBytes } from "node:crypto";
import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Message } from "../../protocol/message.ts";
import { claudeProject } from "../../session/claude-project.ts";
import { claudeLines } from "../../session/export/claude-code.ts";
import { talkOfHistory } from "../../session/export/talk.ts";
import { writeExport } from "../../session/export/write-export.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { HistoryEntry } from "../runtime.ts";

/** "hearth" in hexadecimal: sessions that we began are known by it among the person's own. */
const OURS = "68656172-7468";
const LONGEST_TITLE = 60;

export type Seed = { sessionId: string; file: string };

/** A UUID (version 4) that nobody has. */
export function newSessionId(): string {
  const random = randomBytes(10).toString("hex");
  return `${OURS}-4${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

/** Where it keeps its settings and sessions. */
export function configFolder(env: AgentProgram["env"]): string {
  return env.CLAUDE_CONFIG_DIR || join(env.HOME ?? homedir(), ".claude");
}

/** Null where there is no talk. Throws where it cannot be written. */
export async function writeSeed(
  history: readonly HistoryEntry[],
  cwd: string,
  env: AgentProgram["env"],
): Promise<Seed | null> {
  const time = new Date().toISOString();
  const talk = talkOfHistory(history, time);
  if (talk.length === 0) return null;
  const sessionId = newSessionId();
  const place = await realpath(cwd);
  const file = join(configFolder(env), "projects", claudeProject(place), `${sessionId}.jsonl`);
  await writeExport(file, claudeLines(talk, { sessionId, cwd: place, title: titleOf(history) }));
  return { sessionId, file };
}

/** Shown where it lists its sessions. */
function titleOf(history: readonly HistoryEntry[]): string {
  const first = history.map(({ message }) => promptText(message)).find((text) => text !== "") ?? "";
  return `Hearth: ${first.replaceAll(/\s+/g, " ").slice(0, LONGEST_TITLE)}`.trim();
}

function promptText(message: Message): string {
  if (message.role !== "user") return "";
  return message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(" ");
}
