// A Claude Code that plays acts: its turns, messages that come meanwhile, questions and interrupts.
import { writeFileSync } from "node:fs";
import type { Recorded } from "./acp-transcript.ts";
import { AnsweringAgent, type Outside } from "./claude-agent-parts.ts";

/** One thing the agent does in a turn. */
export type ClaudeAct =
  | { do: "say" | "think"; text: string }
  /** Any line as the protocol has it. */
  | { do: "line"; line: Recorded }
  /** Makes a call; `parent`: as a sub-agent. */
  | { do: "call"; id: string; name: string; input: Recorded; parent?: string }
  | { do: "result"; id: string; text: string; isError?: boolean; structured?: Recorded; parent?: string }
  /** Asks for permission for a call, then goes on with `allowed` or `denied`, then with the turn. */
  | {
      do: "ask";
      id: string;
      name: string;
      input: Recorded;
      parent?: string;
      allowed?: ClaudeAct[];
      denied?: ClaudeAct[];
    }
  /** Takes in the messages that came meanwhile. */
  | { do: "take" }
  /** Until the turn is interrupted, or until a message waits, or for so many milliseconds. */
  | { do: "wait"; for?: "message"; ms?: number }
  /** Waits although it is told to stop. */
  | { do: "hang" }
  /** Changes a file without a word about it. */
  | { do: "write"; file: string; text: string }
  | { do: "complain"; text: string }
  | { do: "crash"; code: number }
  | { do: "fail"; status: number | null; message: string }
  | { do: "end"; result: Recorded };

const CAPABILITIES = ["interrupt_receipt_v1", "interrupt_cancel_queued_v1", "msg_lifecycle_v1"];
const USAGE = {
  input_tokens: 10,
  output_tokens: 1,
  cache_read_input_tokens: 5,
  cache_creation_input_tokens: 0,
};

/** An act's end of the turn, where it ends it. */
type ActEnd = Recorded | null;

export class ActingAgent extends AnsweringAgent {
  readonly #turns: ClaudeAct[][];
  readonly #init: Recorded;
  readonly #mute: boolean;
  readonly #answers = new Map<string, (answer: Recorded) => void>();
  #queue: Recorded[] = [];
  #working = false;
  #stop = Promise.withResolvers<void>();
  #stopped = false;
  #arrival = Promise.withResolvers<void>();
  #count = 0;
  /** Responses of its model so far: what its sums are made of. */
  #responses = 0;

  constructor(
    turns: ClaudeAct[][],
    script: { initialized?: Recorded; init?: Recorded; mute?: boolean },
    outside: Outside,
  ) {
    super(script, outside);
    this.#turns = turns;
    this.#init = script.init;
    this.#mute = script.mute ?? false;
  }

  protected hearMessage(line: Recorded): void {
    this.#tell(line.uuid, "queued");
    this.#queue.push(line);
    this.#arrival.resolve();
    if (!this.#working) void this.#work();
  }

  protected hearAnswer(requestId: string, answer: Recorded): void {
    this.#answers.get(requestId)?.(answer);
  }

  protected interrupt(requestId: string, request: Recorded): void {
    this.#stopped = true;
    for (const id of this.#answers.keys())
      this.outside.say({ type: "control_cancel_request", request_id: id });
    this.#answers.clear();
    const cancelled = request.cancel_queued ? this.#queue.splice(0) : [];
    for (const { uuid } of cancelled) this.#tell(uuid, "cancelled");
    const still = this.#queue.map(({ uuid }) => uuid);
    this.answer(requestId, { still_queued: still, cancelled: cancelled.map(({ uuid }) => uuid) });
    this.#stop.resolve();
  }

  #tell(uuid: string, state: string): void {
    if (!this.#mute) this.outside.say({ type: "command_lifecycle", command_uuid: uuid, state });
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let message = this.#queue.shift(); message; message = this.#queue.shift()) await this.#turn(message);
    this.#working = false;
  }

  async #turn(message: Recorded): Promise<void> {
    this.#stopped = false;
    this.#stop = Promise.withResolvers();
    const before = this.#responses;
    this.#tell(message.uuid, "started");
    const init = { model: "claude-opus-5-5", capabilities: CAPABILITIES, claude_code_version: "2.1.328" };
    this.outside.say({ type: "system", subtype: "init", ...init, ...this.#init });
    if (!this.#mute) this.outside.say({ ...message, isReplay: true });
    const acts: ClaudeAct[] = this.#turns.shift() ?? [{ do: "say", text: "done" }];
    const end = (await this.#play(acts)) ?? {
      subtype: "success",
      is_error: false,
      result: "",
      terminal_reason: "completed",
    };
    this.outside.say({ type: "result", ...this.#sums(before), ...end });
    this.#tell(message.uuid, "completed");
  }

  /** A cent for each response. */
  #sums(before: number): Recorded {
    const sum = (count: number) => ({
      "claude-opus-5-5": {
        inputTokens: 10 * count,
        outputTokens: 7 * count,
        cacheReadInputTokens: 5 * count,
        costUSD: count / 100,
      },
    });
    return {
      total_cost_usd: this.#responses / 100,
      modelUsage: sum(this.#responses),
      model_usage_since_last_result: sum(this.#responses - before),
    };
  }

  async #play(acts: readonly ClaudeAct[]): Promise<ActEnd> {
    for (const act of acts) {
      const end = await this.#act(act);
      if (end) return end;
    }
    return null;
  }

  async #act(act: ClaudeAct): Promise<ActEnd> {
    switch (act.do) {
      case "say":
      case "think":
        return this.#respond(act);
      case "line":
        this.outside.say(act.line);
        return null;
      case "call":
        return this.#call(act);
      case "result":
        return this.#result(act);
      case "ask":
        return this.#ask(act);
      case "take":
        for (const message of this.#queue.splice(0)) {
          this.outside.say({ ...message, isReplay: true });
          this.#tell(message.uuid, "started");
        }
        return null;
      case "wait":
        return this.#wait(act);
      case "hang":
        return new Promise(() => undefined);
      case "write":
        writeFileSync(act.file, act.text);
        return null;
      case "complain":
        process.stderr.write(act.text);
        return null;
      case "crash":
        return process.exit(act.code);
      case "fail":
        return this.#fail(act);
      case "end":
        return act.result;
    }
  }

  #stream(event: Recorded): void {
    this.outside.say({ type: "stream_event", parent_tool_use_id: null, event });
  }

  /** A response of its model with one block, piece by piece and then as a whole. */
  #respond({ do: kind, text }: { do: "say" | "think"; text: string }): null {
    const type = kind === "say" ? "text" : "thinking";
    this.#response({ type, [type]: "" }, { type: `${type}_delta`, [type]: text }, { type, [type]: text });
    return null;
  }

  #response(start: Recorded, delta: Recorded | null, block: Recorded): void {
    const id = `msg_${++this.#count}`;
    this.#responses += 1;
    const message = { id, type: "message", role: "assistant", model: "claude-opus-5-5", usage: USAGE };
    this.#stream({ type: "message_start", message: { ...message, content: [] } });
    this.#stream({ type: "content_block_start", index: 0, content_block: start });
    if (delta) this.#stream({ type: "content_block_delta", index: 0, delta });
    this.outside.say({
      type: "assistant",
      message: { ...message, content: [block] },
      parent_tool_use_id: null,
    });
    this.#stream({ type: "content_block_stop", index: 0 });
    this.#stream({ type: "message_delta", delta: {}, usage: { output_tokens: 7 } });
    this.#stream({ type: "message_stop" });
  }

  #call({ id, name, input, parent }: Extract<ClaudeAct, { do: "call" | "ask" }>): null {
    const block = { type: "tool_use", id, name, input };
    if (parent === undefined) this.#response({ ...block, input: {} }, null, block);
    else this.outside.say({ type: "assistant", message: { content: [block] }, parent_tool_use_id: parent });
    return null;
  }

  #result({ id, text, isError = false, structured, parent }: Extract<ClaudeAct, { do: "result" }>): null {
    const block = { type: "tool_result", tool_use_id: id, content: text, is_error: isError };
    this.outside.say({
      type: "user",
      message: { role: "user", content: [block] },
      parent_tool_use_id: parent ?? null,
      ...(structured === undefined ? {} : { tool_use_result: structured }),
    });
    return null;
  }

  async #ask(act: Extract<ClaudeAct, { do: "ask" }>): Promise<ActEnd> {
    const { id, name, input, parent, allowed = [], denied = [] } = act;
    this.#call(act);
    const hook = {
      subtype: "hook_callback",
      callback_id: "ask",
      input: { tool_name: name, tool_input: input },
    };
    const agent = parent === undefined ? {} : { agent_id: `agent of ${parent}` };
    await this.#request(hook);
    const asked = { subtype: "can_use_tool", tool_name: name, input, tool_use_id: id, ...agent };
    const answer = await this.#request(asked);
    if (answer === null || answer.interrupt) return this.#aborted("aborted_tools", id);
    if (answer.behavior === "allow") return this.#play(allowed);
    this.#result({ do: "result", id, text: answer.message, isError: true, ...(parent ? { parent } : {}) });
    return this.#play(denied);
  }

  /** Null when the turn was interrupted before the answer came. */
  async #request(request: Recorded): Promise<Recorded> {
    const requestId = `theirs-${++this.#count}`;
    const answer = new Promise((resolve) => this.#answers.set(requestId, resolve));
    this.outside.say({ type: "control_request", request_id: requestId, request });
    const said = await Promise.race([answer, this.#stop.promise.then(() => null)]);
    this.#answers.delete(requestId);
    return said;
  }

  async #wait({ for: what, ms = 60_000 }: Extract<ClaudeAct, { do: "wait" }>): Promise<ActEnd> {
    const late = new Promise<void>((done) => setTimeout(done, ms).unref());
    if (this.#queue.length === 0) this.#arrival = Promise.withResolvers();
    const arrival = what === "message" ? [this.#arrival.promise] : [];
    await Promise.race([this.#stop.promise, late, ...arrival]);
    return this.#stopped ? this.#aborted("aborted_streaming") : null;
  }

  #aborted(reason: string, callId?: string): Recorded {
    if (callId !== undefined) {
      const text = "The user doesn't want to proceed with this tool use.";
      const block = { type: "tool_result", tool_use_id: callId, content: text, is_error: true };
      const message = { role: "user", content: [block] };
      this.outside.say({
        type: "user",
        message,
        parent_tool_use_id: null,
        tool_use_result: "User rejected tool use",
      });
    }
    return { subtype: "error_during_execution", is_error: true, terminal_reason: reason };
  }

  /** As it tells a failure: an answer of nobody's, and a "success" that is an error. */
  #fail({ status, message }: Extract<ClaudeAct, { do: "fail" }>): Recorded {
    const error = status === 401 ? "authentication_failed" : "server_error";
    const content = [{ type: "text", text: message }];
    this.outside.say({
      type: "assistant",
      message: { id: `synthetic_${++this.#count}`, model: "<synthetic>", role: "assistant", content },
      parent_tool_use_id: null,
      error,
      is_api_error_message: true,
    });
    return {
      subtype: "success",
      is_error: true,
      result: message,
      terminal_reason: "api_error",
      api_error_status: status,
    };
  }
}
