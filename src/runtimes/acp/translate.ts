// Translates one turn of an ACP agent into our events: session updates in, messages and tool events out. Knows no
// process and no protocol connection.

import { post } from "../../agent/post.ts";
import type { Activity } from "../../agent/run-control.ts";
import type { OutputContent } from "../../protocol/content.ts";
import type { EmitEvent } from "../../protocol/event.ts";
import type { Failure } from "../../protocol/failure.ts";
import type { StopReason, ToolResultMessage } from "../../protocol/message.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import { NO_USAGE } from "../../protocol/usage-sum.ts";
import { diffDetails } from "./diff-details.ts";
import {
  diffsOf,
  exitCodeOf,
  mergeTool,
  nameTool,
  outputOf,
  type TextDiff,
  type ToolNaming,
  terminalText,
} from "./tool-view.ts";
import type { AgentUpdate, ToolUpdate } from "./wire.ts";

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
  newId: () => string;
  now: () => number;
};

/** How a turn ended, for its last message and for what it left open. */
export type TurnClose = { stopReason: StopReason; usage: Usage | null; error?: Failure; openCalls: string };

/** A tool call of this turn. `naming` no longer changes once the message that holds it is closed. */
type Call = {
  /** Ours: the agent's own, but for one that it used before in this session. */
  id: string;
  tool: ToolUpdate;
  naming: ToolNaming;
  step: Step;
  part: number;
  terminal: string;
  /** The fullest it gave: some agents give whole files with the question and regions with the result. */
  diffs: TextDiff[];
  /** The output as shown so far. */
  output: string;
  startedMs: number | null;
  ended: boolean;
  result: ToolResultMessage | null;
};

/**
 * One assistant message and the results of its calls. They are recorded in the order in which models know them
 * (message, results, next message), even where the agent's calls overlap.
 */
type Step = {
  number: number;
  messageId: string;
  content: OutputContent[];
  calls: Call[];
  /** Its content is complete. */
  closed: boolean;
  recorded: boolean;
  close: TurnClose | null;
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
      case "tool":
        await this.#takeTool(update.tool, update.begins);
        break;
      case "plan":
        post(this.#options.emit, { type: "plan_update", entries: update.entries });
        break;
      case "usage":
        // Comes when a response of the agent's model ended: calls it announced are at work.
        for (const call of this.#calls.values()) if (hasInput(call)) await this.#start(call);
        break;
      case "options":
      case "broken":
        break;
    }
  }

  /** The call a permission is asked for, with everything before it on record; null when it is over already. */
  async announce(tool: ToolUpdate): Promise<Pick<Call, "id" | "naming"> | null> {
    const call = this.#upsert(tool, true);
    if (!call || call.ended) return null;
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
    if (call) await this.#end(call, { isError: true, text, details });
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

  async #takeTool(tool: ToolUpdate, begins: boolean): Promise<void> {
    const call = this.#upsert(tool, begins);
    if (!call || call.ended) return;
    if (tool.status === "in_progress") await this.#start(call);
    this.#showOutput(call);
    if (tool.status === "completed" || tool.status === "failed") {
      const exitCode = exitCodeOf(call.tool);
      const diff = await diffDetails(call.diffs, this.#options.cwd);
      const details = { ...diff, ...(exitCode === undefined ? {} : { exitCode }) };
      await this.#end(call, { isError: tool.status === "failed", text: call.output, details });
    }
  }

  #upsert(tool: ToolUpdate, begins: boolean): Call | null {
    const { toolCallId } = tool;
    const known = this.#calls.get(toolCallId);
    if (!known) return !begins && this.#options.closedCalls.has(toolCallId) ? null : this.#add(tool);
    known.tool = mergeTool(known.tool, tool);
    known.terminal = terminalText(tool, known.terminal);
    known.diffs = fullerDiffs(known.diffs, diffsOf(tool));
    if (!known.step.closed) this.#rename(known);
    return known;
  }

  #add(tool: ToolUpdate): Call {
    const step = this.#current ?? this.#begin();
    const naming = nameTool(tool, this.#options.cwd);
    const part = step.content.length;
    const terminal = terminalText(tool, "");
    const { closedCalls, newId, emit } = this.#options;
    const id = closedCalls.has(tool.toolCallId) ? newId() : tool.toolCallId;
    const call: Call = {
      id,
      tool,
      naming,
      step,
      part,
      terminal,
      diffs: diffsOf(tool),
      output: "",
      startedMs: null,
      ended: false,
      result: null,
    };
    this.#calls.set(tool.toolCallId, call);
    closedCalls.add(tool.toolCallId);
    step.calls.push(call);
    step.content.push({ type: "tool_call", id, ...naming });
    const delta = { type: "tool_call" as const, index: part, id, name: naming.name };
    post(emit, { type: "message_update", messageId: step.messageId, delta });
    return call;
  }

  #rename(call: Call): void {
    call.naming = nameTool(call.tool, this.#options.cwd);
    call.step.content[call.part] = { type: "tool_call", id: call.id, ...call.naming };
  }

  #showOutput(call: Call): void {
    const output = outputOf(call.tool, call.terminal);
    const more = output.startsWith(call.output) ? output.slice(call.output.length) : output;
    call.output = output;
    if (call.startedMs === null || more === "") return;
    post(this.#options.emit, { type: "tool_update", toolCallId: call.id, text: more });
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
    }
  }

  async #recordMessage(step: Step): Promise<void> {
    step.recorded = true;
    const { runtime, model, emit } = this.#options;
    const { stopReason = "stop", usage, error } = step.close ?? {};
    await emit({
      type: "message_end",
      messageId: step.messageId,
      message: {
        role: "assistant",
        content: step.content,
        stopReason: step.calls.length > 0 ? "tool_use" : stopReason,
        usage: usage ?? NO_USAGE,
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

/** Results are recorded in call order, so only the finished ones at the front count. */
function doneCalls(step: Step): number {
  const open = step.calls.findIndex((call) => call.result === null);
  return open < 0 ? step.calls.length : open;
}

/** An agent announces a call before its arguments are there. */
function hasInput({ naming, ended }: Call): boolean {
  return !ended && Object.keys(naming.arguments).length > 0;
}

function fullerDiffs(before: TextDiff[], given: TextDiff[]): TextDiff[] {
  const size = (diffs: TextDiff[]) => JSON.stringify(diffs).length;
  return given.length > 0 && size(given) >= size(before) ? given : before;
}
