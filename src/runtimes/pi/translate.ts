// One turn of pi in the words all agents share. Pure.
import { wordsOf } from "../../lib/field-of.ts";
import type { AgentUpdate, CallUpdate, ToolNaming } from "../external/connection.ts";
import { detailsOf, editDiffs, nameTool, outputOf } from "./tool-view.ts";
import {
  type AskedCall,
  contentText,
  Delta,
  type PiMessage,
  PiMessage as PiMessageSchema,
  type PiPart,
  partsOf,
  Retry,
  readUsage,
  ToolExecution,
} from "./wire.ts";

type PiEvent = Record<string, unknown>;

/** How the newest answer ended: a turn that failed ends like a good one but for this. */
export type PiEnd = { reason: string; error: string };

export class PiTurn {
  readonly #cwd: string;
  readonly #steers: { id: string; text: string }[] = [];
  /** Calls of this turn by pi's id. */
  readonly #calls = new Map<string, ToolNaming>();
  /** Of the message that streams: its number, the calls it announced, its texts so far by their place. */
  #message = 0;
  #announced = new Set<string>();
  #texts = new Map<number, string>();
  #prompted = false;
  /** The newest length of pi's own queue of steers. */
  #queued = 0;
  end: PiEnd = { reason: "stop", error: "" };
  /** The call that is about to run, as pi has it. */
  pending: AskedCall | null = null;

  /** `cwd`: paths inside it are told relative to it. */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  get waitingSteers(): number {
    return this.#steers.length;
  }

  /** A message was handed to pi, which tells when its model is shown it. */
  steer(id: string, text: string): void {
    this.#steers.push({ id, text });
  }

  dropSteer(id: string): void {
    const at = this.#steers.findIndex((steer) => steer.id === id);
    if (at >= 0) this.#steers.splice(at, 1);
  }

  take(event: PiEvent): AgentUpdate[] {
    switch (event.type) {
      case "message_start":
        return this.#begin(PiMessageSchema.safeParse(event.message).data);
      case "message_update":
        return this.#stream(event.assistantMessageEvent);
      case "message_end":
        return this.#finish(PiMessageSchema.safeParse(event.message).data);
      case "tool_execution_start":
      case "tool_execution_update":
      case "tool_execution_end":
        return this.#execute(event);
      case "queue_update":
        this.#queued = Array.isArray(event.steering) ? event.steering.length : 0;
        return [];
      case "auto_retry_start": {
        const retry = Retry.safeParse(event).data;
        if (!retry) return [];
        const { errorMessage, ...rest } = retry;
        return [{ type: "retry", ...rest, reason: plainError(errorMessage) }];
      }
      case "compaction_end":
        return compactionNotice(event);
      case "extension_error":
        return [warning("runtime.extension", `An extension of pi failed: ${wordsOf(event.error)}`)];
      default:
        return [];
    }
  }

  #begin(message: PiMessage | undefined): AgentUpdate[] {
    if (message?.role === "assistant") {
      this.#message += 1;
      this.#announced = new Set();
      this.#texts = new Map();
    }
    return message?.role === "user" ? this.#heard(contentText(message.content)) : [];
  }

  /** What a person said reached the model: the prompt first, then what was steered. Templates may have changed it. */
  #heard(text: string): AgentUpdate[] {
    if (!this.#prompted) {
      this.#prompted = true;
      return [];
    }
    const same = this.#steers.findIndex((steer) => steer.text === text);
    const taken = this.#steers.length > this.#queued;
    const at = same >= 0 ? same : taken ? 0 : -1;
    const [steer] = at < 0 ? [] : this.#steers.splice(at, 1);
    return steer ? [{ type: "steered", id: steer.id }] : [];
  }

  #stream(value: unknown): AgentUpdate[] {
    const event = Delta.safeParse(value).data;
    switch (event?.type) {
      case "text_delta":
        return this.#say("text", event.contentIndex, event.delta);
      case "thinking_delta":
        return this.#say("thinking", event.contentIndex, event.delta);
      case "toolcall_start":
        return event.id === "" ? [] : this.#announce(event.id, event.toolName);
      default:
        return [];
    }
  }

  #say(type: "text" | "thinking", index: number, text: string): AgentUpdate[] {
    if (text === "") return [];
    this.#texts.set(index, (this.#texts.get(index) ?? "") + text);
    return [{ type, text, messageId: `${this.#message}` }];
  }

  /** Without its arguments: what has them is taken to be at work once the response ended, and this one is asked about. */
  #announce(id: string, name: string): AgentUpdate[] {
    if (this.#announced.has(id)) return [];
    this.#announced.add(id);
    const naming = nameTool(name, {}, this.#cwd);
    this.#calls.set(id, naming);
    return [{ type: "call", call: { id, naming }, begins: true }];
  }

  /** The message as it is in the end: what did not stream is told now. */
  #finish(message: PiMessage | undefined): AgentUpdate[] {
    if (message?.role !== "assistant") return [];
    this.end = { reason: message.stopReason, error: message.errorMessage };
    const parts = partsOf(message);
    const told = parts.flatMap((part) => this.#complete(part));
    const usage = readUsage(message.usage);
    const broken = message.stopReason === "error" || message.stopReason === "aborted";
    const calls = parts.flatMap((part) => (part.type === "call" ? this.#call(part.call) : []));
    return [...told, { type: "response_end", usage }, ...calls, ...(broken ? this.#abandon() : [])];
  }

  #complete(part: PiPart): AgentUpdate[] {
    if (part.type === "call") return this.#announce(part.call.id, part.call.name);
    const said = this.#texts.get(part.index) ?? "";
    return part.text.startsWith(said) ? this.#say(part.type, part.index, part.text.slice(said.length)) : [];
  }

  #call({ id, name, arguments: args }: { id: string; name: string; arguments: ToolNaming["arguments"] }) {
    const naming = nameTool(name, args, this.#cwd);
    this.#calls.set(id, naming);
    const call: CallUpdate = { id, naming, diffs: editDiffs(naming) };
    return [{ type: "call" as const, call, begins: false }];
  }

  /** Calls of a response that broke off are never run. */
  #abandon(): AgentUpdate[] {
    return [...this.#announced].map((id) => {
      const naming = this.#calls.get(id) ?? { name: "tool", arguments: {} };
      const output = "not run: the response broke off";
      return { type: "call", call: { id, naming, status: "failed", output }, begins: false };
    });
  }

  /** That it begins is not told: it is asked about then, and runs once it was allowed. */
  #execute(event: PiEvent): AgentUpdate[] {
    const found = ToolExecution.safeParse(event).data;
    if (!found) return [];
    const { toolCallId: id, toolName, args, isError } = found;
    const begins = !this.#calls.has(id);
    const known = this.#calls.get(id);
    const naming = Object.keys(args).length > 0 || !known ? nameTool(toolName, args, this.#cwd) : known;
    this.#calls.set(id, naming);
    const call: CallUpdate = { id, naming };
    const isStart = event.type === "tool_execution_start";
    this.pending = isStart ? { toolCallId: id, toolName, input: args } : null;
    if (event.type === "tool_execution_update") {
      const output = outputOf(naming, found.partialResult);
      return [{ type: "call", call: { ...call, status: "running", output }, begins }];
    }
    if (isStart) return [{ type: "call", call, begins }];
    const ended: CallUpdate = {
      ...call,
      status: isError ? "failed" : "completed",
      output: outputOf(naming, found.result),
      details: detailsOf(naming, found.result, isError),
    };
    return [{ type: "call", call: ended, begins }];
  }
}

function compactionNotice({ errorMessage, aborted }: PiEvent): AgentUpdate[] {
  if (aborted === true) return [];
  const failed = typeof errorMessage === "string" && errorMessage !== "";
  if (failed)
    return [
      warning("runtime.compaction", `pi could not sum up its conversation: ${plainError(errorMessage)}`),
    ];
  const message = "pi summed up the older part of its conversation.";
  return [{ type: "notice", level: "info", code: "runtime.compaction", message }];
}

function warning(code: string, message: string): AgentUpdate {
  return { type: "notice", level: "warning", code, message };
}

/** pi puts a service's status before its JSON: `401: {"message":"..."}`. */
export function plainError(text: string): string {
  const [, status = "", json = ""] = /^(?:(\d{3}):? ?)?\s*(\{[\s\S]*\})\s*$/.exec(text) ?? [];
  if (json === "") return text;
  try {
    const said: unknown = JSON.parse(json);
    const message = messageIn(said);
    return message === null ? text : status === "" ? message : `${message} (${status})`;
  } catch {
    // Half of a JSON: the text itself is what was said.
    return text;
  }
}

function messageIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const { message, error } = value as { message?: unknown; error?: unknown };
  return typeof message === "string" ? message : messageIn(error);
}
