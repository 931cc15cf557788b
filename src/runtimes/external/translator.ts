// Translates one turn of an external agent into our events: its updates in, messages and tool events out. Knows no
// process and no protocol.

import { post } from "../../agent/post.ts";
import type { Activity } from "../../agent/run-control.ts";
import { keepTail } from "../../lib/truncate.ts";
import type { EmitEvent } from "../../protocol/event.ts";
import type { ToolResultMessage } from "../../protocol/message.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import { addUsage, NO_USAGE } from "../../protocol/usage-sum.ts";
import { bounded, unseen } from "./call-output.ts";
import type { AgentUpdate, CallUpdate, ToolNaming } from "./connection.ts";
import { diffDetails } from "./diff-details.ts";
import {
  type Call,
  doneCalls,
  fullerDiffs,
  hasInput,
  type Step,
  type TurnClose,
  type UnaskedCall,
} from "./turn-steps.ts";

export type TranslatorOptions = {
  runtime: string;
  cwd: string;
  /** NAME/MODEL for the messages. */
  model: () => string;
  emit: EmitEvent;
  setState: (activity: Activity) => void;
  /** Steps of the run so far. */
  steps: () => number;
  /**
   * The agent's ids of calls of earlier turns: what still comes of them is ignored, unless it begins a call anew.
   * Extended by the calls of this turn.
   */
  closedCalls: Set<string>;
  /** Told of each call that the agent ran without asking, once it ended. */
  onUnasked?: (call: UnaskedCall) => void;
  newId: () => string;
  now: () => number;
};

/** Model services refuse empty texts. */
const NO_OUTPUT = "(no output)";

/** Calls of its methods must not overlap: the turn makes them one after another. */
export class Translator {
  readonly #options: TranslatorOptions;
  readonly #calls = new Map<string, Call>();
  /** Steps that are not wholly recorded yet, oldest first. */
  #steps: Step[] = [];
  #current: Step | null = null;
  #messageId: string | undefined;
  #said = false;

  constructor(options: TranslatorOptions) {
    this.#options = options;
  }

  /** True once the agent said or did anything in this turn. */
  get saidAnything(): boolean {
    return this.#said;
  }

  /** Text of the newest message, for a turn whose failure the agent tells as an answer. */
  get lastText(): string {
    const step = this.#current;
    return (step?.content ?? [])
      .flatMap((part) => (part.type === "text" ? [part.text] : []))
      .join("")
      .trim();
  }

  async take(update: AgentUpdate): Promise<void> {
    switch (update.type) {
      case "text":
      case "thinking":
        this.#addText(update);
        await this.#record();
        break;
      case "call":
        await this.#takeCall(update.call, update.begins);
        break;
      case "plan":
        post(this.#options.emit, { type: "plan_update", entries: update.entries });
        break;
      case "response_end":
        if (update.usage) this.#meter(update.usage);
        // Calls that the response announced are at work.
        for (const call of this.#calls.values()) if (hasInput(call)) await this.#start(call);
        break;
      case "retry":
        this.#retry(update);
        break;
      case "notice":
        post(this.#options.emit, update);
        break;
      case "steered":
      case "broken":
      case "alive":
        break;
    }
  }

  /** Records what a person said at this place in the talk: after what was said so far, with all its results. */
  async insert(record: () => Promise<unknown>): Promise<void> {
    if (this.#current) this.#current.closed = true;
    this.#current = null;
    const last = this.#steps.at(-1);
    if (last) last.after.push(record);
    await this.#record();
    if (!last) await record();
  }

  /** The call a permission is asked for, with everything before it on record; null when it is over already. */
  async announce(update: CallUpdate): Promise<Pick<Call, "id" | "naming"> | null> {
    const call = this.#upsert(update, true);
    if (!call || call.ended) return null;
    call.judged = true;
    await this.#close(call.step);
    return call;
  }

  /** The call may run now: the time before, in which a person was asked, is none of its own. */
  async startCall(toolCallId: string): Promise<void> {
    const call = this.#calls.get(toolCallId);
    if (!call) return;
    await this.#start(call);
    call.startedMs = this.#options.now();
  }

  /** Ends a call that we did not allow; what the agent says of it later is ignored. */
  async refuseCall(toolCallId: string, text: string, details: ToolDetails): Promise<void> {
    const call = this.#calls.get(toolCallId);
    if (!call || call.ended) return;
    call.refused = true;
    await this.#end(call, { isError: true, text, details });
  }

  /** Closes what is open. Everything is recorded when this resolves. */
  async finish(close: TurnClose): Promise<void> {
    for (const call of this.#calls.values()) {
      if (call.ended) continue;
      const text = [call.output, close.openCalls].filter((part) => part !== "").join("\n");
      await this.#end(call, { isError: true, text, details: {} });
    }
    const open = this.#current ?? (close.usage && this.#begin());
    if (open) {
      open.close = close;
      await this.#close(open);
    }
  }

  /** Usage belongs to the newest step that is not on record yet. */
  #meter(usage: Usage): void {
    const step = this.#current ?? this.#steps.findLast(({ recorded }) => !recorded);
    if (step) step.usage = addUsage(step.usage ?? NO_USAGE, usage);
  }

  #retry({ attempt, maxAttempts, delayMs, reason }: Extract<AgentUpdate, { type: "retry" }>): void {
    const error = { code: "runtime.retry", message: reason };
    post(this.#options.emit, { type: "retry_start", attempt, maxAttempts, delayMs, error });
    this.#options.setState("retrying");
  }

  #addText({ type, text, messageId }: Extract<AgentUpdate, { type: "text" | "thinking" }>): void {
    const step = this.#current && this.#current.calls.length === 0 ? this.#current : this.#next();
    const last = step.content.at(-1);
    const joined = last?.type === type;
    const newMessage =
      joined && messageId !== undefined && this.#messageId !== undefined && messageId !== this.#messageId;
    const added = newMessage && !last.text.endsWith("\n") ? `\n\n${text}` : text;
    this.#messageId = messageId ?? this.#messageId;
    if (joined) last.text += added;
    else step.content.push({ type, text });
    const index = step.content.length - 1;
    const delta = { type, index, text: joined ? added : text };
    post(this.#options.emit, { type: "message_update", messageId: step.messageId, delta });
    if (!this.#anyRunning()) this.#options.setState("streaming");
  }

  async #takeCall(update: CallUpdate, begins: boolean): Promise<void> {
    const call = this.#upsert(update, begins);
    if (!call || call.ended) return;
    if (update.status === "running") await this.#start(call);
    this.#showOutput(call, update);
    if (update.status === "completed" || update.status === "failed") {
      const diff = await diffDetails(call.diffs, this.#options.cwd);
      const details = { ...diff, ...update.details };
      await this.#end(call, {
        isError: update.status === "failed",
        text: keepTail(call.output).text,
        details,
      });
    }
  }

  #upsert(update: CallUpdate, begins: boolean): Call | null {
    const known = this.#calls.get(update.id);
    // An id that is used again is another call, but for one that was refused: that may be told once more.
    const isAnother = begins && known?.ended && !known.refused;
    if (!known || isAnother)
      return !begins && this.#options.closedCalls.has(update.id) ? null : this.#add(update);
    known.diffs = fullerDiffs(known.diffs, update.diffs ?? []);
    if (!known.step.closed) this.#rename(known, update.naming);
    return known;
  }

  #add({ id: agentsId, naming, diffs = [] }: CallUpdate): Call {
    const step = this.#current ?? this.#begin();
    const part = step.content.length;
    const { closedCalls, newId, emit } = this.#options;
    const id = closedCalls.has(agentsId) ? newId() : agentsId;
    const call: Call = {
      id,
      naming,
      step,
      part,
      diffs: [...diffs],
      output: "",
      startedMs: null,
      ended: false,
      result: null,
      judged: false,
      refused: false,
    };
    this.#calls.set(agentsId, call);
    closedCalls.add(agentsId);
    step.calls.push(call);
    step.content.push({ type: "tool_call", id, ...naming });
    const delta = { type: "tool_call" as const, index: part, id, name: naming.name };
    post(emit, { type: "message_update", messageId: step.messageId, delta });
    return call;
  }

  #rename(call: Call, naming: ToolNaming): void {
    call.naming = naming;
    call.step.content[call.part] = { type: "tool_call", id: call.id, ...naming };
  }

  #showOutput(call: Call, { output, more = "" }: CallUpdate): void {
    const before = call.output;
    call.output = output ?? bounded(before + more);
    const added = output === undefined ? more : unseen(before, output);
    if (call.startedMs === null || added === "") return;
    post(this.#options.emit, { type: "tool_update", toolCallId: call.id, text: added });
  }

  async #start(call: Call): Promise<void> {
    if (call.startedMs !== null) return;
    call.startedMs = this.#options.now();
    await this.#close(call.step);
    post(this.#options.emit, { type: "tool_start", toolCallId: call.id, ...call.naming });
    this.#options.setState("running_tools");
  }

  async #end(call: Call, end: { isError: boolean; text: string; details: ToolDetails }): Promise<void> {
    await this.#start(call);
    call.ended = true;
    if (!call.judged) this.#options.onUnasked?.({ id: call.id, naming: call.naming });
    const { id: toolCallId } = call;
    const { name } = call.naming;
    const content = [{ type: "text" as const, text: end.text || NO_OUTPUT }];
    const durationMs = this.#options.now() - (call.startedMs ?? this.#options.now());
    const details: ToolDetails = { durationMs, ...end.details };
    const { isError } = end;
    post(this.#options.emit, { type: "tool_end", toolCallId, name, isError, content, details });
    call.result = { role: "tool_result", toolCallId, toolName: name, content, isError, details };
    if (!this.#anyRunning()) this.#options.setState("streaming");
    await this.#record();
  }

  #anyRunning(): boolean {
    return [...this.#calls.values()].some((call) => call.startedMs !== null && !call.ended);
  }

  /** A new message; the one before is complete. */
  #next(): Step {
    if (this.#current) this.#current.closed = true;
    return this.#begin();
  }

  #begin(): Step {
    const { emit, newId, steps } = this.#options;
    const number = steps() + 1;
    const messageId = newId();
    const step: Step = {
      number,
      messageId,
      content: [],
      calls: [],
      closed: false,
      recorded: false,
      close: null,
      usage: null,
      after: [],
    };
    this.#steps.push(step);
    this.#current = step;
    this.#said = true;
    post(emit, { type: "step_start", step: number });
    post(emit, { type: "message_start", messageId, role: "assistant" });
    return step;
  }

  async #close(step: Step): Promise<void> {
    step.closed = true;
    if (this.#current === step) this.#current = null;
    await this.#record();
  }

  /** Records as far as the order allows: a message once the one before it has all its results. */
  async #record(): Promise<void> {
    for (let step = this.#steps[0]; step?.closed; step = this.#steps[0]) {
      if (!step.recorded) await this.#recordMessage(step);
      for (const { result } of step.calls.splice(0, doneCalls(step)))
        if (result) await this.#recordResult(result);
      if (step.calls.length > 0) return;
      post(this.#options.emit, { type: "step_end", step: step.number });
      this.#steps.shift();
      for (const record of step.after) await record();
    }
  }

  async #recordMessage(step: Step): Promise<void> {
    step.recorded = true;
    const { runtime, model, emit } = this.#options;
    const { stopReason = "stop", usage, error } = step.close ?? {};
    const spent = addUsage(step.usage ?? NO_USAGE, usage ?? NO_USAGE);
    await emit({
      type: "message_end",
      messageId: step.messageId,
      message: {
        role: "assistant",
        content: step.content,
        stopReason: step.calls.length > 0 ? "tool_use" : stopReason,
        usage: spent,
        model: model(),
        runtime,
        ...(error === undefined ? {} : { error }),
      },
    });
  }

  async #recordResult(message: ToolResultMessage): Promise<void> {
    await this.#options.emit({ type: "message_end", messageId: this.#options.newId(), message });
  }
}
