// Background processes of an earlier sitting that the conversation still takes for running. Pure.
import type { Message } from "../protocol/message.ts";
import { processLost, toldEnd } from "./process-news.prompt.ts";
import type { HistoryEntry } from "./runtime.ts";

type Started = { id: string; command: string; logPath: string | null };

/** `isOurs`: it was started by this program, which tells of its end itself. */
export type KnownProcess = (process: Started) => boolean;

/** What the model should be told of them, one text each, in the order they were started. */
export function lostProcesses(history: readonly HistoryEntry[], isOurs: KnownProcess): string[] {
  const running = new Map<string, Started>();
  const commands = new Map<string, string>();
  for (const { message } of history) {
    for (const [id, command] of commandsIn(message)) commands.set(id, command);
    const started = startedBy(message, commands);
    if (started) running.set(started.id, started);
    const ended = endedIn(message);
    if (ended !== null) running.delete(ended);
  }
  return [...running.values()].filter((process) => !isOurs(process)).map(processLost);
}

function commandsIn(message: Message): [id: string, command: string][] {
  if (message.role !== "assistant") return [];
  return message.content.flatMap((part): [string, string][] =>
    part.type === "tool_call" && typeof part.arguments.command === "string"
      ? [[part.id, part.arguments.command]]
      : [],
  );
}

/** A call or a shell line that left a process running: its details say so. */
function startedBy(message: Message, commands: ReadonlyMap<string, string>): Started | null {
  if (message.role !== "tool_result" && message.role !== "user") return null;
  const { details } = message;
  if (typeof details !== "object" || details === null || !("background" in details)) return null;
  const { background: id } = details;
  if (typeof id !== "string") return null;
  const own = "command" in details ? details.command : undefined;
  const command = message.role === "tool_result" ? commands.get(message.toolCallId) : own;
  const logPath = "backgroundLog" in details ? details.backgroundLog : null;
  return {
    id,
    command: typeof command === "string" ? command : "",
    logPath: typeof logPath === "string" ? logPath : null,
  };
}

function endedIn(message: Message): string | null {
  if (message.role !== "user" || message.source !== "notice") return null;
  const [first] = message.content;
  return first?.type === "text" ? toldEnd(first.text) : null;
}
