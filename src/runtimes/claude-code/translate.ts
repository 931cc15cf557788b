// One turn of Claude Code in the words all agents share. Pure.
import { type Fields, inner, textIn } from "../../session/import/fields.ts";
import type { AgentUpdate, CallUpdate, PermissionRequest } from "../external/connection.ts";
import { callEnd } from "./call-result.ts";
import type { TaskList } from "./tasks.ts";
import { gateTool, nameTool } from "./tool-view.ts";
import { responseUsage, type SessionUsage } from "./usage.ts";
import type { Block, StreamEvent, ToolRequest, WireMessage, WireResult } from "./wire.ts";

type Call = { name: string; input: Fields; parent: string | null };

export type ClaudeTurnOptions = {
  /** As the person calls it. */
  name: string;
  /** Paths inside it are told relative to it. */
  cwd: string;
  tasks: TaskList;
  usage: SessionUsage;
};

export class ClaudeTurn {
  readonly #options: ClaudeTurnOptions;
  readonly #calls = new Map<string, Call>();
  /** Answers that came piece by piece: their texts are known when they come as a whole. */
  readonly #streamed = new Set<string>();
  #messageId = "";
  #usage: Fields = {};
  #error: string | null = null;
  /** True while a response of its model is coming. */
  streaming = false;

  constructor(options: ClaudeTurnOptions) {
    this.#options = options;
  }

  /** The kind of the newest failure that it told as an answer, with its words. */
  get error(): string | null {
    return this.#error;
  }

  take(message: WireMessage): AgentUpdate[] {
    switch (message.type) {
      case "stream":
        return message.parent === null ? this.#takeEvent(message.event) : [];
      case "answer":
        return this.#takeAnswer(message);
      case "results":
        return message.results.flatMap((result) => this.#takeResult(result));
      case "retry":
        return [message];
      case "compacted":
        return [this.#compacted(message.tokensBefore)];
      case "said":
        return [{ type: "text", text: message.text }];
      default:
        return [];
    }
  }

  /** The call as it is asked for: with the arguments that it would run with. */
  asked({ name, input, callId, agentId }: ToolRequest): Pick<PermissionRequest, "call" | "tool"> {
    const known = this.#calls.get(callId);
    this.#calls.set(callId, { name, input, parent: known?.parent ?? agentId });
    return { call: this.#view(callId), tool: gateTool(name) };
  }

  #takeEvent(event: StreamEvent): AgentUpdate[] {
    switch (event.type) {
      case "begin":
        this.#messageId = event.messageId;
        this.#streamed.add(event.messageId);
        this.#usage = event.usage;
        this.streaming = true;
        return [];
      case "block":
        return event.block.type === "call" ? [this.#begin(event.block, null)] : this.#say(event.block);
      case "delta":
        return this.#say({ type: event.kind, text: event.text });
      case "usage":
        this.#usage = { ...this.#usage, ...event.usage };
        return [];
      case "end":
        this.streaming = false;
        return [this.#endResponse()];
    }
  }

  #endResponse(): AgentUpdate {
    const usage = responseUsage(this.#usage);
    if (usage) this.#options.usage.tell(usage);
    return { type: "response_end", ...(usage ? { usage } : {}) };
  }

  #say({ type, text }: { type: "text" | "thinking"; text: string }): AgentUpdate[] {
    return text === "" ? [] : [{ type, text, messageId: this.#messageId }];
  }

  /** Comes block by block, beside the pieces; without them where the agent does not stream. */
  #takeAnswer({ parent, message, blocks, error }: Extract<WireMessage, { type: "answer" }>): AgentUpdate[] {
    const id = textIn(message, "id");
    if (error !== null) {
      // The words of the failure come again with the end of the turn.
      this.#error = error;
      return [];
    }
    if (parent === null && this.streaming) this.#usage = { ...this.#usage, ...inner(message, "usage") };
    return blocks.flatMap((block) => {
      if (block.type === "call") return [this.#begin(block, parent)];
      if (parent !== null || this.#streamed.has(id)) return [];
      this.#messageId = id;
      return this.#say(block);
    });
  }

  #begin({ id, name, input }: Extract<Block, { type: "call" }>, parent: string | null): AgentUpdate {
    const begins = !this.#calls.has(id);
    const before = this.#calls.get(id)?.input ?? {};
    const fuller = Object.keys(input).length > 0 ? input : before;
    this.#calls.set(id, { name, input: fuller, parent });
    return { type: "call", call: this.#view(id), begins };
  }

  #takeResult(result: WireResult): AgentUpdate[] {
    const known = this.#calls.get(result.id);
    if (!known) return [];
    const { cwd, tasks } = this.#options;
    const call = this.#view(result.id);
    const end = callEnd(call.naming.name, result, cwd);
    const plan = result.isError ? null : tasks.after(known.name, known.input, result.structured ?? {});
    const details = { ...end.details, ...(plan ? { plan } : {}) };
    const ended: AgentUpdate = { type: "call", call: { ...call, ...end, details }, begins: false };
    return plan && known.parent === null ? [{ type: "plan", entries: plan }, ended] : [ended];
  }

  #view(id: string): CallUpdate {
    const { name, input, parent } = this.#calls.get(id) ?? { name: "tool", input: {}, parent: null };
    const naming = nameTool(name, input, this.#options.cwd);
    return { id, naming, ...(parent === null ? {} : { parentId: parent }) };
  }

  #compacted(tokensBefore: number): AgentUpdate {
    const size = tokensBefore > 0 ? ` of ${tokensBefore.toLocaleString("en")} tokens` : "";
    const message = `${this.#options.name} has summed up its talk${size}, and goes on with the summary.`;
    return { type: "notice", level: "info", code: "runtime.compacted", message };
  }
}
