// One session of a client: an App of its own, its events told as updates, its prompts answered when their turn is over.
import type { App } from "../app/app.ts";
import { shownPrompt } from "../app/shown-prompt.ts";
import { isAtWork, willSettle } from "../app/state.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/ids.ts";
import type { ApprovalRequest } from "../protocol/approval.ts";
import type { AgentEvent } from "../protocol/event.ts";
import { requestError } from "./failure.ts";
import { configOptions, modeState } from "./options.ts";
import { permissionOutcome, permissionRequest } from "./permission.ts";
import type { PromptContent } from "./prompt-content.ts";
import { readPrompt, titleOf } from "./prompt-content.ts";
import { availableCommands, readCommand, runCommand } from "./slash.ts";
import { promptResponse } from "./turn-end.ts";
import { type TurnEnd, Turns } from "./turns.ts";
import { Updates } from "./updates.ts";
import type {
  Client,
  ClientFeatures,
  ContentBlock,
  PromptResponse,
  SessionConfigOption,
  SessionModeState,
  SessionUpdate,
} from "./wire.ts";

export type AcpSessionOptions = {
  app: App;
  client: Client;
  features: ClientFeatures;
  /** A sentence on standard error. */
  say: (sentence: string, hint?: string) => void;
};

/** Events after which a client's lists of choices hold something else. */
const CHOICE_EVENTS: readonly AgentEvent["type"][] = ["mode_changed", "model_changed", "runtime_changed"];

export class AcpSession {
  readonly id: string;
  readonly app: App;
  readonly #options: AcpSessionOptions;
  readonly #updates: Updates;
  readonly #turns = new Turns();
  /** Open questions, by the id of the request. */
  readonly #questions = new Map<string, AbortController>();
  #unfollow: () => void = () => undefined;
  #title = "";
  /** The client itself is choosing: it is told in its answer. */
  #choosing = 0;
  #closed = false;

  constructor(options: AcpSessionOptions) {
    const { app, features, say } = options;
    this.#options = options;
    this.app = app;
    this.id = app.conversation.sessionId;
    this.#updates = new Updates({ cwd: app.cwd, features, send: this.#send, say, now: Date.now });
    this.#follow();
    app.onConversation(() => this.#follow());
  }

  get atWork(): boolean {
    return this.#turns.open || isAtWork(this.app.conversation.state());
  }

  async choices(): Promise<{ modes: SessionModeState; configOptions: SessionConfigOption[] }> {
    return { modes: modeState(this.app), configOptions: await configOptions(this.app) };
  }

  /** What was said so far, as updates. */
  replay(events: readonly AgentEvent[]): void {
    for (const event of events) this.#updates.replay(event);
    const first = events.find(({ type }) => type === "run_start");
    if (first?.type === "run_start") this.#tellTitle(shownPrompt(first.prompt).text);
    this.#tellUsage();
  }

  /** What a client should know once it has the session: its commands, and what the start had to say. */
  async greet(): Promise<void> {
    if (this.#closed) return;
    for (const warning of this.app.warnings) this.#updates.notice("warning", warning);
    if (this.app.trust.pending)
      this.#updates.notice("info", UNTRUSTED, "Run `hearth` there once to trust it.");
    const commands = await availableCommands(this.app);
    this.#send({ sessionUpdate: "available_commands_update", availableCommands: commands });
    this.#tellTitle();
    // While the person writes; what is missing then is told by the prompt.
    await this.app.preload().catch(() => undefined);
  }

  /** Throws what answers the request; a turn that failed too. */
  async prompt(blocks: readonly ContentBlock[]): Promise<PromptResponse> {
    const content = readPrompt(blocks, this.app.cwd);
    const line = content.images.length === 0 ? readCommand(content.text) : null;
    const end = line === null ? await this.#turn(content) : await this.#command(line);
    return promptResponse(end, (text) => this.#updates.answer(text));
  }

  /** Into the run under way, at its next step. Throws `acp.idle` where nothing runs. */
  async steer(blocks: readonly ContentBlock[]): Promise<void> {
    if (this.app.conversation.state().run === null) {
      throw new AppError("acp.idle", "Nothing is running that could be steered.", {
        hint: "Send it as a prompt.",
      });
    }
    const { text, attached, images } = readPrompt(blocks, this.app.cwd);
    await this.app.prompt(text, { attached, images, kind: "steer" });
  }

  /** Ends what is under way; every prompt that is open is answered as cancelled. */
  cancel(): void {
    this.#turns.cancel();
    this.#interrupt();
  }

  /** The client's own choice: no update tells it what it knows. */
  async choose(work: () => Promise<void>): Promise<SessionConfigOption[]> {
    this.#choosing += 1;
    try {
      await work();
    } finally {
      this.#choosing -= 1;
    }
    return configOptions(this.app);
  }

  warn(message: string): void {
    this.#updates.notice("warning", message);
  }

  /** A call that runs is seen in the client's terminal. */
  readonly showTerminal = (terminalId: string): void => {
    this.#updates.calls.showTerminal(terminalId);
  };

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#turns.cancel();
    for (const question of this.#questions.values()) question.abort();
    try {
      await this.app.close();
    } finally {
      this.#unfollow();
      this.#turns.close();
    }
  }

  readonly #send = (update: SessionUpdate): void => {
    const told = this.#options.client.notify("session/update", { sessionId: this.id, update });
    // A client that has gone needs no telling.
    told.catch(() => undefined);
  };

  #follow(): void {
    this.#unfollow();
    const { conversation } = this.app;
    const ends = [
      conversation.subscribe(({ event }) => this.#hear(event)),
      conversation.onChange(() => this.#tellTitle()),
    ];
    this.#unfollow = () => {
      for (const end of ends) end();
    };
  }

  #hear(event: AgentEvent): void {
    this.#updates.take(event);
    if (event.type === "run_start") this.#tellTitle(shownPrompt(event.prompt).text);
    if (event.type === "message_end" && event.message.role === "assistant") this.#tellUsage();
    if (event.type === "compaction_end") this.#tellUsage();
    if (event.type === "approval_request") void this.#ask(event.request);
    if (event.type === "approval_resolved") this.#questions.get(event.requestId)?.abort();
    if (event.type === "mode_changed" && this.#choosing === 0)
      this.#send({ sessionUpdate: "current_mode_update", currentModeId: event.mode });
    if (CHOICE_EVENTS.includes(event.type) && this.#choosing === 0) void this.#tellChoices();
    this.#turns.take(event);
  }

  /** Never rejects. */
  async #ask(request: ApprovalRequest): Promise<void> {
    const open = new AbortController();
    this.#questions.set(request.id, open);
    const { client } = this.#options;
    try {
      const answer = await client.request(
        "session/request_permission",
        permissionRequest(request, { sessionId: this.id, cwd: this.app.cwd }),
        { cancellationSignal: open.signal, stopWaitingOnCancel: true },
      );
      const outcome = permissionOutcome(answer);
      if (outcome === null) this.cancel();
      else await this.app.conversation.send({ type: "approve", requestId: request.id, outcome });
    } catch (error) {
      if (!open.signal.aborted && !this.#closed) await this.#refuse(request, error);
    } finally {
      this.#questions.delete(request.id);
    }
  }

  /** The client cannot ask: nothing runs that nobody allowed. */
  async #refuse({ id: requestId }: ApprovalRequest, error: unknown): Promise<void> {
    const reason = `The editor could not ask: ${requestError(error).message}`;
    this.#options.say(reason);
    await this.app.conversation
      .send({ type: "approve", requestId, outcome: "reject_once", reason })
      // The session was closed meanwhile, and the call with it.
      .catch(() => undefined);
  }

  #turn(content: PromptContent): Promise<TurnEnd> {
    const id = newId();
    const end = this.#turns.begin(id);
    this.#sendPrompt(id, content).then(
      () => {
        if (this.#turns.sent(id)) this.#interrupt();
      },
      (error: unknown) => this.#turns.fail(id, error),
    );
    return end;
  }

  async #sendPrompt(id: string, content: PromptContent): Promise<void> {
    await this.#goOn();
    const { text, ...rest } = content;
    await this.app.prompt(text, { id, ...rest, kind: this.#isBusy() ? "follow_up" : "prompt" });
  }

  #interrupt(): void {
    const sent = this.app.conversation.send({ type: "interrupt" });
    // A session that was closed has nothing left to interrupt.
    sent.catch(() => undefined);
  }

  #isBusy(): boolean {
    return willSettle(this.app.conversation.state());
  }

  /** A saved session that was paused: whoever writes in it wants it to go on. */
  async #goOn(): Promise<void> {
    const { queue, run } = this.app.conversation.state();
    if (run === null && queue.some(({ kind }) => kind === "pause"))
      await this.app.conversation.send({ type: "resume" });
  }

  async #command(line: string): Promise<TurnEnd> {
    const settles = /^\/compact(\s|$)/.test(line) && !this.#isBusy() ? this.#turns.settling() : null;
    const { text, prompt } = await runCommand(this.app, line, (late) => {
      if ("error" in late) this.#updates.notice("error", requestError(late.error).message);
      else if (late.text !== "") this.#updates.answer(late.text);
    });
    if (text !== "") this.#updates.answer(text);
    if (prompt !== null) return this.#turn({ text: prompt, attached: [], images: [] });
    const end = { outcome: "completed", error: null, stop: null, usage: null } as const;
    return settles === null ? end : settles;
  }

  #tellUsage(): void {
    const { contextTokens, usage, runtime } = this.app.conversation.state();
    const model = runtime === "native" ? this.app.models.current() : null;
    if (model === null) return;
    this.#send({
      sessionUpdate: "usage_update",
      used: contextTokens,
      size: model.contextWindow,
      ...(usage.cost === null ? {} : { cost: { amount: usage.cost, currency: "USD" } }),
    });
  }

  /** The name that was given, else the first words. */
  #tellTitle(prompt = ""): void {
    const title = titleOf(this.app.conversation.state().name || this.#title || prompt);
    if (title === "" || title === this.#title) return;
    this.#title = title;
    this.#send({ sessionUpdate: "session_info_update", title, updatedAt: new Date().toISOString() });
  }

  async #tellChoices(): Promise<void> {
    const options = await configOptions(this.app).catch(() => null);
    if (options !== null && !this.#closed)
      this.#send({ sessionUpdate: "config_option_update", configOptions: options });
  }
}

const UNTRUSTED = "This directory has settings of its own for Hearth, which are ignored until you trust it.";
