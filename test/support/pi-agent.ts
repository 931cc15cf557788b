// A scripted pi: a real program that speaks pi's RPC mode over stdio, with our extension at work in it. Run by node with
// the script's file as its argument; it writes what it was told to the script's log, one JSON object a line.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Recorded } from "./acp-transcript.ts";
import { scriptedProgram } from "./scripted-program.ts";

/** One thing it does in a turn. */
export type PiAct =
  | { do: "say"; text: string; thinking?: string }
  /** Says `text` and calls a tool; our extension asks first. */
  | {
      do: "call";
      text?: string;
      tool: string;
      args: Recorded;
      output?: string;
      details?: Recorded;
      fails?: boolean;
    }
  /** A question of another extension in the middle of a call. */
  | { do: "dialog"; request: Recorded }
  /** Until it is told this, or to stop. */
  | { do: "until"; command: "abort" | "steer" }
  /** Any event as it is. */
  | { do: "event"; event: Recorded }
  /** What was steered is taken in. */
  | { do: "take_steers" }
  | { do: "fail"; message: string }
  | { do: "refuse"; message: string }
  | { do: "crash"; code: number }
  | { do: "hang" };

export type PiScript = {
  /** One entry a prompt; further prompts are answered with "done". */
  turns: PiAct[][];
  /** Over what get_state answers; `messageCount` is for a session that it was started with or switched to. */
  state?: Recorded;
  models?: Recorded[];
  levels?: string[];
  /** Before anything: end with this code. */
  start?: { exit: number; say: string };
  /** False: it loads no extension. */
  extension?: boolean;
  /** What comes after an abort is played all the same. */
  replay?: boolean;
  /** Sessions that it has. */
  knows?: string[];
};

export type Told = { type: string; pid: number } & Recorded;

/** The command line that runs a script in `folder`, and what it was told so far. */
export function piAgent(folder: string, script: PiScript) {
  return scriptedProgram<PiScript, Told>(fileURLToPath(import.meta.url), {
    folder,
    script,
    kindOf: ({ type }) => type,
  });
}

const USAGE = {
  input: 400,
  output: 34,
  cacheRead: 800,
  cacheWrite: 0,
  reasoning: 10,
  totalTokens: 1_234,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0.000548 },
};

const emit = (line: Recorded): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

class ScriptedPi {
  readonly #script: PiScript & { log: string; folder: string };
  #commands = new Map<string, () => void>();
  #dialogs = new Map<string, (answer: Recorded) => void>();
  #steers: string[] = [];
  #aborted = false;
  #aborts: Recorded[] = [];
  #busy = false;
  #session: Recorded;
  #count = 0;

  constructor(script: PiScript & { log: string; folder: string }) {
    this.#script = script;
    const at = process.argv.indexOf("--session-id");
    const id = at < 0 ? "pi-new" : process.argv[at + 1];
    this.#session = { sessionId: id, messageCount: script.knows?.includes(id ?? "") ? 4 : 0 };
  }

  start(): void {
    this.note({ type: "start", argv: process.argv.slice(3) });
    const extension = process.argv[process.argv.indexOf("-e") + 1] ?? "";
    const loads = this.#script.extension !== false && existsSync(extension);
    if (loads) emit({ type: "extension_ui_request", id: "s", method: "setStatus", statusKey: "hearth-gate" });
  }

  note(line: Recorded): void {
    appendFileSync(this.#script.log, `${JSON.stringify({ ...line, pid: process.pid })}\n`);
  }

  take(command: Recorded): void {
    this.note(command);
    const answer = (data?: Recorded, error?: string) =>
      emit({
        id: command.id,
        type: "response",
        command: command.type,
        success: error === undefined,
        data,
        error,
      });
    switch (command.type) {
      case "extension_ui_response":
        this.#dialogs.get(command.id)?.(command);
        return;
      case "prompt":
        void this.#prompt(command, answer);
        return;
      case "abort":
        this.#aborted = true;
        if (this.#busy) this.#aborts.push(answer);
        else answer();
        break;
      case "steer":
        this.#steers.push(command.message);
        emit({ type: "queue_update", steering: this.#steers, followUp: [] });
        answer();
        break;
      case "clear_queue":
        this.#steers = [];
        answer({ steering: [], followUp: [] });
        break;
      default:
        this.#setting(command, answer);
    }
    this.#commands.get(command.type)?.();
  }

  #setting(command: Recorded, answer: (data?: Recorded, error?: string) => void): void {
    const { state, models, levels = ["off", "high"], folder } = this.#script;
    const listed = models ?? [{ provider: "stub", id: "small", input: ["text"] }];
    const sessionFile = join(folder, "sessions", "now.jsonl");
    if (command.type === "switch_session") this.#switch(command.sessionPath);
    if (command.type === "set_model")
      this.#session.model = { provider: command.provider, id: command.modelId };
    const answers: Recorded = {
      get_state: { model: listed[0], thinkingLevel: "off", sessionFile, ...this.#session, ...state },
      get_available_models: { models: listed },
      get_available_thinking_levels: { levels },
      switch_session: { cancelled: false },
    };
    answer(answers[command.type]);
  }

  #switch(path: string): void {
    const lines: Recorded[] = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const messageCount = lines.filter(({ type }) => type === "message").length;
    this.#session = { ...this.#session, sessionId: lines[0].id, messageCount };
  }

  async #prompt({ message }: Recorded, answer: (data?: Recorded, error?: string) => void): Promise<void> {
    const acts: PiAct[] = this.#script.turns.shift() ?? [{ do: "say", text: "done" }];
    const [first] = acts;
    if (first?.do === "refuse") return answer(undefined, first.message);
    this.#busy = true;
    this.#aborted = false;
    answer();
    emit({ type: "agent_start" });
    this.#user(message);
    for (const act of acts) {
      await this.#act(act);
      if (!this.#aborted || this.#script.replay) continue;
      this.#message([], { stopReason: "aborted" });
      break;
    }
    emit({ type: "agent_settled" });
    this.#busy = false;
    for (const done of this.#aborts.splice(0)) done();
  }

  #user(text: string): void {
    const message = { role: "user", content: [{ type: "text", text }] };
    emit({ type: "message_start", message });
    emit({ type: "message_end", message });
  }

  async #act(act: PiAct): Promise<void> {
    switch (act.do) {
      case "say":
        return this.#say(act);
      case "call":
        return this.#call(act);
      case "dialog":
        emit({ type: "extension_ui_request", ...act.request });
        await new Promise<Recorded>((done) => this.#dialogs.set(act.request.id, done));
        return;
      case "until":
        await new Promise<void>((done) => {
          if (this.#aborted || (act.command === "steer" && this.#steers.length > 0)) done();
          this.#commands.set(act.command, done);
          this.#commands.set("abort", done);
        });
        return;
      case "event":
        emit(act.event);
        return;
      case "take_steers":
        for (const text of this.#steers.splice(0)) this.#user(text);
        return;
      case "fail":
        this.#message([], { stopReason: "error", errorMessage: act.message });
        return;
      case "crash":
        process.stderr.write("it broke\n");
        process.exit(act.code);
        return;
      case "hang":
        return new Promise(() => undefined);
      case "refuse":
        return;
    }
  }

  #update(event: Recorded): void {
    emit({ type: "message_update", usage: USAGE, assistantMessageEvent: event });
  }

  #say({ text, thinking }: Recorded): void {
    const content: Recorded[] = [];
    emit({ type: "message_start", message: { role: "assistant", content: [] } });
    if (thinking !== undefined) {
      this.#update({ type: "thinking_delta", contentIndex: 0, delta: thinking });
      content.push({ type: "thinking", thinking });
    }
    const contentIndex = content.length;
    for (const delta of text.match(/[\s\S]{1,6}/g) ?? [])
      this.#update({ type: "text_delta", contentIndex, delta });
    content.push({ type: "text", text });
    emit({ type: "message_end", message: this.#whole(content, {}) });
  }

  #whole(content: Recorded[], rest: Recorded): Recorded {
    return { role: "assistant", content, usage: USAGE, stopReason: "stop", ...rest };
  }

  #message(content: Recorded[], rest: Recorded): void {
    emit({ type: "message_start", message: this.#whole(content, rest) });
    emit({ type: "message_end", message: this.#whole(content, rest) });
  }

  async #call({ text, tool: toolName, args, output = "", details, fails = false }: Recorded): Promise<void> {
    const id = `call_${++this.#count}`;
    const said = text === undefined ? [] : [{ type: "text", text }];
    emit({ type: "message_start", message: { role: "assistant", content: [] } });
    if (text !== undefined) this.#update({ type: "text_delta", contentIndex: 0, delta: text });
    this.#update({ type: "toolcall_start", contentIndex: said.length, id, toolName });
    const call = { type: "toolCall", id, name: toolName, arguments: args };
    emit({ type: "message_end", message: this.#whole([...said, call], { stopReason: "toolUse" }) });
    emit({ type: "tool_execution_start", toolCallId: id, toolName, args });
    const verdict = await this.#gate(id, toolName, args);
    const run = verdict.allow ? (verdict.input ?? args) : args;
    this.note({ type: "ran", toolName, args: run, allowed: verdict.allow });
    const content = [{ type: "text", text: verdict.allow ? output : verdict.message }];
    if (verdict.allow) {
      const partialResult = { content };
      emit({ type: "tool_execution_update", toolCallId: id, toolName, args: run, partialResult });
    }
    const isError = fails || !verdict.allow;
    emit({ type: "tool_execution_end", toolCallId: id, toolName, result: { content, details }, isError });
  }

  /** As pi-gate.js asks. */
  async #gate(toolCallId: string, toolName: string, input: Recorded): Promise<Recorded> {
    const id = `ask-${toolCallId}`;
    const placeholder = JSON.stringify({ toolCallId, toolName, input });
    emit({ type: "extension_ui_request", id, method: "input", title: "hearth:permission", placeholder });
    const answer = await new Promise<Recorded>((done) => this.#dialogs.set(id, done));
    return answer.cancelled ? { allow: false, message: "not run: stopped" } : JSON.parse(answer.value);
  }
}

const [, program, scriptFile] = process.argv;
if (program === fileURLToPath(import.meta.url) && scriptFile) {
  const script = JSON.parse(readFileSync(scriptFile, "utf8"));
  if (script.start) {
    process.stderr.write(`${script.start.say}\n`);
    process.exit(script.start.exit);
  }
  const pi = new ScriptedPi(script);
  pi.start();
  createInterface({ input: process.stdin }).on("line", (line) => pi.take(JSON.parse(line)));
  process.stdin.on("end", () => process.exit(0));
}
