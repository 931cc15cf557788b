// Items for the events that say something once and are done: notices, ends of runs, changes of runtime. Pure.
import { formatTokens } from "../../app/format.ts";
import { shownPrompt } from "../../app/shown-prompt.ts";
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import type { UserMessage } from "../../protocol/message.ts";
import { picturesOf } from "../images/picture.ts";

/** None for events that leave no trace in the transcript. */
export function remarkOf(event: AgentEvent): TranscriptItem[] {
  switch (event.type) {
    case "notice": {
      const { level, message, hint } = event;
      return [{ kind: "notice", id: message, level, message, ...(hint === undefined ? {} : { hint }) }];
    }
    case "retry_start":
      return [retryItem(event)];
    case "compaction_end":
      return compactionItems(event);
    case "results_dropped":
      return [droppedItem(event)];
    case "plan_update":
      return [{ kind: "plan", id: "plan", entries: event.entries }];
    case "runtime_changed":
      // Told by a runtime that has taken over before: it only names its session.
      if (event.externalSessionId !== undefined) return [];
      return [{ kind: "runtime", id: event.runtime, runtime: event.runtime, detail: event.detail ?? "" }];
    case "run_end":
      return runEndItems(event);
    default:
      return [];
  }
}

export function userItem(id: string, message: UserMessage): TranscriptItem {
  const text = message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  if (message.source === "notice") return { kind: "notice", id, level: "info", message: text };
  const shell = message.source === "shell" ? readShell(message.details) : null;
  if (shell) return { kind: "shell", id, ...shell };
  const pictures = picturesOf(message.content);
  const shown = shownPrompt(text);
  return {
    kind: "user",
    id,
    text: shown.text,
    images: pictures.length,
    ...(shown.attached.length === 0 ? {} : { attached: shown.attached }),
    ...(pictures.length === 0 ? {} : { pictures }),
  };
}

/** A notice to the model of something that the person was told when it happened. */
export function wasShown({ source, details }: UserMessage): boolean {
  return source === "notice" && typeof details === "object" && details !== null && "shown" in details;
}

function retryItem({
  error,
  delayMs,
  attempt,
  maxAttempts,
}: Extract<AgentEvent, { type: "retry_start" }>): TranscriptItem {
  const seconds = (delayMs / 1_000).toFixed(delayMs < 10_000 ? 1 : 0);
  const message = `${error.message} Trying again in ${seconds} s (request ${attempt} of ${maxAttempts}).`;
  return { kind: "notice", id: `retry-${attempt}`, level: "warning", message };
}

function compactionItems(event: Extract<AgentEvent, { type: "compaction_end" }>): TranscriptItem[] {
  if (event.summary === null) return [];
  const message = `Context compacted: ${formatTokens(event.tokensBefore)} tokens before, ${formatTokens(event.tokensAfter)} after.`;
  return [{ kind: "notice", id: "compaction", level: "info", message }];
}

function droppedItem(event: Extract<AgentEvent, { type: "results_dropped" }>): TranscriptItem {
  const { length } = event.toolCallIds;
  const results =
    length === 1
      ? "1 tool result that a later one replaces"
      : `${length} tool results that later ones replace`;
  const message = `Left ${results} out of the context: ${formatTokens(event.tokensBefore)} tokens before, ${formatTokens(event.tokensAfter)} after.`;
  return { kind: "notice", id: "dropped", level: "info", message };
}

function runEndItems(event: Extract<AgentEvent, { type: "run_end" }>): TranscriptItem[] {
  const { runId: id, outcome, steps, durationMs, usage, error } = event;
  const failure = error ? [{ kind: "error" as const, id: `${id}-error`, failure: error }] : [];
  return [...failure, { kind: "run_end", id, outcome, steps, durationMs, usage }];
}

/** What Conversation.shell put there; null for anything else. */
function readShell(details: unknown): { command: string; output: string; exitCode: number | null } | null {
  if (typeof details !== "object" || details === null) return null;
  if (!("command" in details && "output" in details && "exitCode" in details)) return null;
  const { command, output, exitCode } = details;
  if (typeof command !== "string" || typeof output !== "string") return null;
  return { command, output, exitCode: typeof exitCode === "number" ? exitCode : null };
}
