// A stored branch as the events that made it, so that a reducer over events shows a resumed session as it was.
import type { ToolCallContent } from "../protocol/content.ts";
import type { AgentEvent } from "../protocol/event.ts";
import type { Message, ToolResultMessage } from "../protocol/message.ts";
import type { Usage } from "../protocol/usage.ts";
import { addUsage, NO_USAGE } from "../protocol/usage-sum.ts";
import { mendBranch } from "./mend.ts";
import type { StoredEntry, StoredState } from "./state-entry.ts";

/**
 * The events of the branch, oldest first, without deltas; of its newest `runs` runs when that is given. Each
 * message comes as its start and end, each tool call with start and end, a run that has no end as interrupted.
 * The pending queue comes last. What the reducer should know from before comes from the branch's state. `goesOn`: the
 * entries are a part of a branch, and what follows them goes on with the run at their end.
 */
export function* replayEvents(
  branch: { entries: readonly StoredEntry[]; state: StoredState },
  options: { runs?: number; goesOn?: boolean } = {},
): Generator<AgentEvent> {
  const replay = new Replay();
  for (const entry of newestRuns(mendBranch(branch.entries), options.runs)) yield* replay.eventsOf(entry);
  if (!options.goesOn) yield* replay.endRun();
  if (branch.state.queue.length > 0) yield { type: "queue_changed", items: branch.state.queue };
}

function newestRuns(entries: readonly StoredEntry[], runs: number | undefined): readonly StoredEntry[] {
  const starts = entries.flatMap((entry, index) => (entry.type === "run_start" ? [index] : []));
  if (runs === undefined || runs >= starts.length) return entries;
  return runs > 0 ? entries.slice(starts.at(-runs)) : [];
}

/** Whose answers have no name. */
const NATIVE = "native";

class Replay {
  #run: { runId: string; steps: number; usage: Usage } | null = null;
  /** Who began the run. */
  #runtime = NATIVE;
  #calls = new Map<string, ToolCallContent>();

  *eventsOf(entry: StoredEntry): Generator<AgentEvent> {
    switch (entry.type) {
      case "message":
        yield* this.#message(entry.id, entry.message);
        break;
      case "run_start":
        yield* this.endRun();
        this.#run = { runId: entry.runId, steps: 0, usage: NO_USAGE };
        this.#runtime = entry.runtime;
        yield { type: "run_start", runId: entry.runId, prompt: entry.prompt, runtime: entry.runtime };
        break;
      case "run_end":
        this.#run = null;
        yield withoutPlace(entry);
        break;
      case "compaction":
        yield { ...withoutPlace(entry), type: "compaction_end" };
        break;
      case "model":
        yield { type: "model_changed", model: entry.model, thinking: entry.thinking };
        break;
      case "mode":
        yield { type: "mode_changed", mode: entry.mode };
        break;
      case "runtime":
        yield { ...withoutPlace(entry), type: "runtime_changed" };
        break;
      case "notice":
        yield withoutPlace(entry);
        break;
      case "results_dropped":
        yield withoutPlace(entry);
        break;
      case "role":
        yield { type: "role_changed", role: entry.role };
        break;
      case "system":
        yield { type: "system_changed", text: entry.text };
        break;
      case "plan":
        yield { type: "plan_update", entries: entry.entries };
        break;
      case "checkpoint":
      case "approval": // The call's result tells what came of it.
      case "partial":
      case "queue":
      case "leaf":
      case "name":
      case "label":
      case "state":
      case "unknown":
        break;
    }
  }

  /** Ends a run that the program did not live to end. */
  *endRun(): Generator<AgentEvent> {
    if (!this.#run) return;
    yield { type: "run_end", outcome: "interrupted", durationMs: 0, ...this.#run };
    this.#run = null;
  }

  *#message(messageId: string, message: Message): Generator<AgentEvent> {
    if (message.role === "assistant") {
      yield* this.#answer(messageId, message);
      return;
    }
    if (message.role === "tool_result") yield* this.#result(message);
    yield { type: "message_end", messageId, message };
  }

  *#answer(messageId: string, message: Extract<Message, { role: "assistant" }>): Generator<AgentEvent> {
    for (const part of message.content) if (part.type === "tool_call") this.#calls.set(part.id, part);
    if (this.#run) {
      const { runId, steps, usage } = this.#run;
      this.#run = { runId, steps: steps + 1, usage: addUsage(usage, message.usage) };
      yield { type: "step_start", step: steps + 1 };
    }
    const runtime = message.runtime ?? NATIVE;
    const speaker = runtime === this.#runtime ? {} : { runtime };
    yield { type: "message_start", messageId, role: "assistant", ...speaker };
    yield { type: "message_end", messageId, message };
  }

  *#result(message: ToolResultMessage): Generator<AgentEvent> {
    const { toolCallId, toolName: name, content, isError, details } = message;
    yield { type: "tool_start", toolCallId, name, arguments: this.#calls.get(toolCallId)?.arguments ?? {} };
    yield {
      type: "tool_end",
      toolCallId,
      name,
      isError,
      content,
      ...(details === undefined ? {} : { details }),
    };
  }
}

function withoutPlace<Entry extends StoredEntry>(entry: Entry): Omit<Entry, "id" | "parentId" | "time"> {
  const { id: _id, parentId: _parentId, time: _time, ...rest } = entry;
  return rest;
}
