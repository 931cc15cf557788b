// A scripted ACP agent: a real program over stdio on the SDK's agent side. Run by node with the script's file as its
// argument; it writes what it was told to the script's log, one JSON object a line.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Recorded } from "./acp-transcript.ts";
import { scriptedProgram } from "./scripted-program.ts";

/** One thing the agent does in a turn. */
export type AgentAct =
  | { do: "say"; text: string; messageId?: string }
  | { do: "think"; text: string }
  /** Any session update as the protocol has it. */
  | { do: "update"; update: Recorded }
  /** Asks for permission and goes on with `allowed` or `denied`, then with the turn; "cancelled" ends the turn. */
  | { do: "ask"; toolCall: Recorded; options?: Recorded[]; allowed?: AgentAct[]; denied?: AgentAct[] }
  /** Until the turn is cancelled, which then ends it; or for so many milliseconds. */
  | { do: "wait"; ms?: number }
  /** Until something was handed into the turn, or it is cancelled. */
  | { do: "until_steered" }
  /** Asks the client for something else than a permission; the answer is noted. */
  | { do: "request"; method: string; params: Recorded }
  /** Waits although it is told to stop. */
  | { do: "hang" }
  /** Changes a file without a word about it. */
  | { do: "write"; file: string; text: string }
  | { do: "complain"; text: string }
  | { do: "crash"; code: number }
  | { do: "fail"; code: number; message: string; data?: unknown }
  | { do: "end"; answer: Recorded };

export type AgentScript = {
  /** One entry a prompt; further prompts are answered with "done". */
  turns: AgentAct[][];
  /** Over the answer to initialize. */
  initialized?: Recorded;
  /** Over the answer to session/new, load and resume. */
  opened?: Recorded;
  /** Sessions that can be loaded or resumed; each replays this text when loaded. */
  knows?: Record<string, string>;
  /** Before anything: end with this code, or never answer. */
  start?: { exit: number; say?: string } | "hang";
  sessionId?: string;
  /** Loads whatever session it is asked for. */
  loadsAll?: boolean;
  /** What `_session/steering` answers. */
  steering?: string;
};

export type Told = { method: string; params: Recorded; pid: number };

/** The command line that runs a script in `folder`, and what the agent was told so far. */
export function acpAgent(folder: string, script: AgentScript) {
  const program = scriptedProgram<AgentScript, Told>(fileURLToPath(import.meta.url), {
    folder,
    script,
    kindOf: ({ method }) => method,
  });
  const { told } = program;
  return {
    ...program,
    /** Of each prompt the texts of its blocks (the type of a block that has none). */
    prompts: (): string[][] =>
      told("session/prompt").map(({ params }) =>
        params.prompt.map((block: Recorded) => block.text ?? block.type),
      ),
  };
}

const OPTIONS = [
  { optionId: "always", kind: "allow_always", name: "Always" },
  { optionId: "once", kind: "allow_once", name: "Once" },
  { optionId: "no", kind: "reject_once", name: "No" },
];

/** An act's end of the turn, where it ends it. */
type ActEnd = Recorded | null;

class ScriptedAgent {
  readonly #script: AgentScript;
  readonly #log: string;
  readonly #RequestError: Recorded;
  #client: Recorded = null;
  #cancel = Promise.withResolvers<void>();
  #cancelled = false;
  #steered = Promise.withResolvers<void>();
  #turn: Promise<Recorded> | null = null;

  constructor({ log, ...script }: AgentScript & { log: string }, RequestError: Recorded) {
    this.#script = script;
    this.#log = log;
    this.#RequestError = RequestError;
  }

  note(method: string, params: unknown): void {
    appendFileSync(this.#log, `${JSON.stringify({ method, params, pid: process.pid })}\n`);
  }

  get #sessionId(): string {
    return this.#script.sessionId ?? "external-1";
  }

  async request(method: string, params: Recorded, client: Recorded): Promise<Recorded> {
    this.#client = client;
    this.note(method, params);
    switch (method) {
      case "initialize":
        return { protocolVersion: 1, agentCapabilities: {}, ...this.#script.initialized };
      case "session/new":
        return { ...this.#script.opened, sessionId: this.#sessionId };
      case "session/load":
      case "session/resume":
        return this.#reopen(method, params.sessionId);
      case "session/set_config_option":
        return { configOptions: this.#chosen(params) };
      case "session/prompt":
        return this.#turn === null ? this.#begin() : this.#fold();
      case "_session/steering":
        this.#steered.resolve();
        return { outcome: this.#script.steering ?? "failed" };
      default:
        return {};
    }
  }

  cancel(params: unknown): void {
    this.note("session/cancel", params);
    this.#cancelled = true;
    this.#cancel.resolve();
  }

  async #reopen(method: string, sessionId: string): Promise<Recorded> {
    const known = this.#script.loadsAll ? "" : this.#script.knows?.[sessionId];
    if (known === undefined) throw new this.#RequestError(-32002, "Session not found");
    this.#script.sessionId = sessionId;
    if (method === "session/load") await this.#say("agent_message_chunk", known);
    return { ...this.#script.opened };
  }

  #chosen({ configId, value }: Recorded): Recorded[] {
    const options: Recorded[] = this.#script.opened?.configOptions ?? [];
    return options.map((option) => (option.id === configId ? { ...option, currentValue: value } : option));
  }

  /** Answered with the turn that it was folded into. */
  #fold(): Promise<Recorded> {
    this.#steered.resolve();
    return this.#turn ?? Promise.resolve({ stopReason: "end_turn" });
  }

  async #begin(): Promise<Recorded> {
    this.#turn = this.#prompt();
    try {
      return await this.#turn;
    } finally {
      this.#turn = null;
    }
  }

  async #prompt(): Promise<Recorded> {
    this.#cancelled = false;
    this.#cancel = Promise.withResolvers();
    this.#steered = Promise.withResolvers();
    const acts: AgentAct[] = this.#script.turns.shift() ?? [{ do: "say", text: "done" }];
    return (await this.#play(acts)) ?? { stopReason: "end_turn" };
  }

  async #play(acts: AgentAct[]): Promise<ActEnd> {
    for (const act of acts) {
      const end = await this.#act(act);
      if (end) return end;
    }
    return null;
  }

  async #act(act: AgentAct): Promise<ActEnd> {
    switch (act.do) {
      case "say":
        return this.#say("agent_message_chunk", act.text, act.messageId);
      case "think":
        return this.#say("agent_thought_chunk", act.text);
      case "update":
        return this.#update(act.update);
      case "ask":
        return this.#ask(act);
      case "wait":
        await Promise.race([this.#cancel.promise, new Promise((done) => setTimeout(done, act.ms ?? 60_000))]);
        return this.#cancelled ? { stopReason: "cancelled" } : null;
      case "until_steered":
        await Promise.race([this.#cancel.promise, this.#steered.promise]);
        return this.#cancelled ? { stopReason: "cancelled" } : null;
      case "request": {
        const answer = this.#client.request(act.method, act.params);
        this.note(
          "answered",
          await answer.catch((error: Recorded) => ({ code: error.code, message: error.message })),
        );
        return null;
      }
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
        throw new this.#RequestError(act.code, act.message, act.data);
      case "end":
        return act.answer;
    }
  }

  async #say(sessionUpdate: string, text: string, messageId?: string): Promise<null> {
    return this.#update({ sessionUpdate, content: { type: "text", text }, messageId });
  }

  async #update(update: Recorded): Promise<null> {
    await this.#client.notify("session/update", { sessionId: this.#sessionId, update });
    return null;
  }

  async #ask({ toolCall, options = OPTIONS, allowed = [], denied = [] }: Recorded): Promise<ActEnd> {
    const sessionId = this.#sessionId;
    const answer = await this.#client.request("session/request_permission", { sessionId, toolCall, options });
    this.note("permission", answer);
    if (answer.outcome.outcome === "cancelled") return { stopReason: "cancelled" };
    const chosen = options.find((option: Recorded) => option.optionId === answer.outcome.optionId);
    return this.#play(chosen?.kind.startsWith("allow") ? allowed : denied);
  }
}

async function serve(script: AgentScript & { log: string }): Promise<void> {
  const acp = await import("@agentclientprotocol/sdk/unstable");
  const agent = new ScriptedAgent(script, acp.RequestError);
  agent.note("start", {});
  if (script.start === "hang") {
    setInterval(() => undefined, 1_000);
    return;
  }
  if (script.start) {
    process.stderr.write(`${script.start.say ?? ""}\n`);
    process.exit(script.start.exit);
  }
  const raw = (params: unknown): Recorded => params;
  const app = acp.agent({ name: "scripted" });
  for (const method of "initialize session/new session/load session/resume session/set_config_option session/set_model session/set_mode session/prompt _session/steering".split(
    " ",
  )) {
    app.onRequest(method, raw, ({ params, client }) => agent.request(method, params, client));
  }
  app.onNotification("session/cancel", raw, ({ params }) => agent.cancel(params));
  const input = Readable.toWeb(process.stdin) as Recorded;
  app.connect(acp.ndJsonStream(Writable.toWeb(process.stdout), input));
  process.stdin.on("end", () => process.exit(0));
}

const [, program, scriptFile] = process.argv;
if (program === fileURLToPath(import.meta.url) && scriptFile) {
  await serve(JSON.parse(readFileSync(scriptFile, "utf8")));
}
