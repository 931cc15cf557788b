// A scripted twin of `codex app-server`: a real program that speaks its protocol over stdio. Run by node with the
// script's file as its argument; it writes what it was told to the script's log, one JSON object a line.
import { appendFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readJsonLines } from "../../src/runtimes/external/json-lines.ts";
import type { Recorded } from "./acp-transcript.ts";
import { scriptedProgram } from "./scripted-program.ts";

/** One thing it does in a turn. */
export type CodexAct =
  | { do: "say"; text: string }
  | { do: "think"; text: string }
  /** Any notification as the protocol has it; thread and turn are added where they are missing. */
  | { do: "notify"; method: string; params: Recorded }
  /** Any request to the client. Goes on with `allowed` or `denied`, then with the turn; "cancel" ends the turn. */
  | {
      do: "ask";
      method: string;
      params: Recorded;
      allowed?: CodexAct[];
      denied?: CodexAct[];
      /** Whatever the answer is. */
      goesOn?: boolean;
      /** Does not wait for the answer. */
      withdraws?: boolean;
    }
  /** Until it is interrupted, which then ends the turn; or for so many milliseconds. */
  | { do: "wait"; ms?: number }
  /** Until a message was steered in, which it then takes in; `quietly`: the recording says that it is. */
  | { do: "steered"; quietly?: boolean }
  /** Until it is interrupted; what follows is played all the same. */
  | { do: "interrupted" }
  | { do: "hang" }
  | { do: "complain"; text: string }
  | { do: "crash"; code: number }
  /** Ends the turn with an error as `turn/completed` has it. */
  | { do: "fail"; error: Recorded };

export type CodexScript = {
  /** One entry a prompt; further prompts are answered with "done". `id`: of the recorded turn. */
  turns: (CodexAct[] | { id: string; acts: CodexAct[] })[];
  /** Over the answer to thread/start and thread/resume. */
  opened?: Recorded;
  models?: Recorded;
  account?: Recorded;
  /** Commands that are at work, as `thread/backgroundTerminals/list` has them. */
  terminals?: Recorded[];
  /** Threads that can be resumed. */
  knows?: string[];
  /** Methods that are answered with an error. */
  refuses?: Record<string, string>;
  /** Before anything: end with this code, or never answer. */
  start?: { exit: number; say?: string } | "hang";
  threadId?: string;
};

export type Told = { method: string; params: Recorded; pid: number };

/** The command line that runs a script in `folder`, and what the program was told so far. */
export function codexAgent(folder: string, script: CodexScript) {
  const program = scriptedProgram<CodexScript, Told>(fileURLToPath(import.meta.url), {
    folder,
    script,
    kindOf: ({ method }) => method,
  });
  const { told } = program;
  return {
    ...program,
    /** Of each turn the texts of its input (the type of a part that has none). */
    prompts: (): string[][] =>
      told("turn/start").map(({ params }) => params.input.map((part: Recorded) => part.text ?? part.type)),
  };
}

type ActiveTurn = { id: string; interrupted: PromiseWithResolvers<void>; stopped: boolean };
type Steer = { clientId: string | null; input: Recorded };

/** As the client answers a refusal in words: no steer of a person. */
const REFUSAL = /^refusal-/;

class ScriptedCodex {
  readonly #script: CodexScript;
  readonly #log: string;
  readonly #answers = new Map<number, (result: Recorded) => void>();
  #threadId: string;
  #turn: ActiveTurn | null = null;
  #turns = 0;
  #items = 0;
  #asked = 0;
  #steers: Steer[] = [];
  #onSteer: () => void = () => undefined;
  /** Recorded user items and the steers that they stand for. */
  readonly #taken = new Map<string, string | null>();

  constructor({ log, ...script }: CodexScript & { log: string }) {
    this.#script = script;
    this.#log = log;
    this.#threadId = script.threadId ?? "thread-1";
  }

  note(method: string, params: unknown): void {
    appendFileSync(this.#log, `${JSON.stringify({ method, params, pid: process.pid })}\n`);
  }

  take(message: Recorded): void {
    if (message.method === undefined) {
      this.note("answer", message);
      this.#answers.get(message.id)?.(message.result ?? null);
      return;
    }
    this.note(message.method, message.params ?? {});
    if (message.id === undefined) return;
    const refusal = this.#script.refuses?.[message.method];
    const answer = refusal === undefined ? this.#answer(message.method, message.params) : new Error(refusal);
    if (answer instanceof Error)
      this.#send({ error: { code: -32600, message: answer.message }, id: message.id });
    else this.#send({ id: message.id, result: answer });
    if (message.method === "turn/start" && !(answer instanceof Error)) void this.#play();
  }

  #send(message: Recorded): void {
    process.stdout.write(`${JSON.stringify(message)}\n`);
  }

  #answer(method: string, params: Recorded): Recorded | Error {
    switch (method) {
      case "thread/start":
        return this.#opened();
      case "thread/resume":
        if (!this.#script.knows?.includes(params.threadId))
          return new Error("no rollout found for thread id");
        this.#threadId = params.threadId;
        return this.#opened();
      case "account/read":
        return this.#script.account ?? { account: null, requiresOpenaiAuth: false };
      case "model/list":
        return this.#script.models ?? { data: [], nextCursor: null };
      case "thread/backgroundTerminals/list":
        return { data: this.#script.terminals ?? [], nextCursor: null };
      case "turn/start":
        return this.#begin();
      case "turn/steer":
        return this.#steer(params);
      case "turn/interrupt":
        if (this.#turn) this.#turn.stopped = true;
        this.#turn?.interrupted.resolve();
        return {};
      default:
        return {};
    }
  }

  #opened(): Recorded {
    const sandbox = { type: "workspaceWrite", writableRoots: ["/extra"], networkAccess: true };
    const opened = { model: "stub-model", reasoningEffort: null, sandbox, ...this.#script.opened };
    return { ...opened, thread: { ...opened.thread, id: this.#threadId } };
  }

  #begin(): Recorded {
    const [next] = this.#script.turns;
    const id = next && "id" in next ? next.id : `turn-${++this.#turns}`;
    this.#turn = { id, interrupted: Promise.withResolvers(), stopped: false };
    return { turn: { id, items: [], status: "inProgress", error: null } };
  }

  #steer({ expectedTurnId, clientUserMessageId = null, input }: Recorded): Recorded | Error {
    if (!this.#turn) return new Error("no active turn to steer");
    if (this.#turn.id !== expectedTurnId) return new Error(`expected active turn id ${expectedTurnId}`);
    if (!REFUSAL.test(clientUserMessageId ?? "")) this.#steers.push({ clientId: clientUserMessageId, input });
    // Told before it is taken in, as the program does.
    setImmediate(() => this.#onSteer());
    return { turnId: this.#turn.id };
  }

  async #play(): Promise<void> {
    const turn = this.#turn;
    const script = this.#script.turns.shift() ?? [{ do: "say" as const, text: "done" }];
    const acts = "acts" in script ? script.acts : script;
    if (!("acts" in script)) this.#notify("turn/started", { turn: { id: turn?.id, status: "inProgress" } });
    const end = (await this.#playAll(acts)) ?? { status: "completed", error: null };
    if (!("acts" in script)) this.#complete(end);
    this.#turn = null;
  }

  #complete(end: Recorded): void {
    this.#notify("turn/completed", { turn: { id: this.#turn?.id, items: [], ...end } });
  }

  #notify(method: string, params: Recorded): void {
    this.#send({ method, params: { threadId: this.#threadId, turnId: this.#turn?.id, ...params } });
  }

  async #playAll(acts: CodexAct[]): Promise<Recorded | null> {
    for (const act of acts) {
      const end = await this.#act(act);
      if (end) return end;
    }
    return null;
  }

  async #act(act: CodexAct): Promise<Recorded | null> {
    switch (act.do) {
      case "say":
        return this.#say(act.text);
      case "think":
        this.#notify("item/reasoning/summaryTextDelta", { itemId: "rs", summaryIndex: 0, delta: act.text });
        return null;
      case "notify":
        this.#notify(act.method, this.#withSteer(act.params));
        return null;
      case "ask":
        return this.#ask(act);
      case "wait":
        await Promise.race([
          this.#turn?.interrupted.promise,
          new Promise((done) => setTimeout(done, act.ms ?? 60_000)),
        ]);
        return this.#turn?.stopped ? { status: "interrupted", error: null } : null;
      case "steered":
        return this.#takeSteer(act.quietly ?? false);
      case "interrupted":
        this.note("awaits", { what: "interrupt" });
        await this.#turn?.interrupted.promise;
        return null;
      case "hang":
        return new Promise(() => undefined);
      case "complain":
        process.stderr.write(act.text);
        return null;
      case "crash":
        return process.exit(act.code);
      case "fail":
        return { status: "failed", error: act.error };
    }
  }

  #say(text: string): null {
    const item = { type: "agentMessage", id: `msg-${process.pid}-${++this.#items}` };
    this.#notify("item/started", { item: { ...item, text: "" } });
    this.#notify("item/agentMessage/delta", { itemId: item.id, delta: text });
    this.#notify("item/completed", { item: { ...item, text } });
    return null;
  }

  async #takeSteer(quietly: boolean): Promise<Recorded | null> {
    this.note("awaits", { what: "steer" });
    const waiting = this.#steers.length;
    while (this.#steers.length <= (quietly ? waiting : 0)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onSteer = resolve;
      await Promise.race([promise, this.#turn?.interrupted.promise]);
      if (this.#turn?.stopped) return { status: "interrupted", error: null };
    }
    if (quietly) return null;
    const { clientId, input } = this.#steers.shift() ?? { clientId: null, input: [] };
    const item = { type: "userMessage", id: `user-${++this.#items}`, clientId, content: input };
    this.#notify("item/started", { item });
    this.#notify("item/completed", { item });
    return null;
  }

  /** A recorded message of the person is the steer that was sent now in its place. */
  #withSteer(params: Recorded): Recorded {
    const item = params.item;
    if (item?.type !== "userMessage" || item.steer !== true) return params;
    if (!this.#taken.has(item.id)) this.#taken.set(item.id, this.#steers.shift()?.clientId ?? null);
    return { ...params, item: { ...item, clientId: this.#taken.get(item.id) } };
  }

  async #ask({
    method,
    params,
    allowed = [],
    denied = [],
    goesOn,
    withdraws,
  }: Recorded): Promise<Recorded | null> {
    const id = this.#asked++;
    const answered = new Promise<Recorded>((resolve) => this.#answers.set(id, resolve));
    this.#send({ method, id, params: { threadId: this.#threadId, turnId: this.#turn?.id, ...params } });
    if (withdraws) {
      this.#notify("serverRequest/resolved", { requestId: id });
      return null;
    }
    const result = await Promise.race([answered, goesOn ? answered : this.#turn?.interrupted.promise]);
    this.#notify("serverRequest/resolved", { requestId: id });
    if (goesOn) return null;
    const word = result?.decision ?? result?.action;
    if (result === undefined || word === "cancel") return { status: "interrupted", error: null };
    return this.#playAll(word === "decline" ? denied : allowed);
  }
}

function serve(script: CodexScript & { log: string }): void {
  const codex = new ScriptedCodex(script);
  codex.note("start", {});
  if (script.start === "hang") {
    setInterval(() => undefined, 1_000);
    return;
  }
  if (script.start) {
    process.stderr.write(`${script.start.say ?? ""}\n`);
    process.exit(script.start.exit);
  }
  readJsonLines(process.stdin, (message) => codex.take(message));
  process.stdin.on("end", () => process.exit(0));
}

const [, program, scriptFile] = process.argv;
if (program === fileURLToPath(import.meta.url) && scriptFile) {
  serve(JSON.parse(readFileSync(scriptFile, "utf8")));
}
