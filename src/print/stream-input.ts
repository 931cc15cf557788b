// stream-json in: ControlMessages, one JSON object a line, handed to the conversation as they come.
import type { Readable } from "node:stream";
import type { App } from "../app/app.ts";
import { AppError } from "../lib/app-error.ts";
import { EventStream } from "../lib/event-stream.ts";
import { newId } from "../lib/ids.ts";
import { ControlMessage } from "../protocol/control.ts";
import type { AgentEvent, RunOutcome } from "../protocol/event.ts";

export type StreamInputOptions = {
  app: App;
  input: Readable;
  stdout: (text: string) => void;
  signal: AbortSignal;
};

/**
 * Serves until the input ends and everything sent has settled, or an exit message was carried out. After the end
 * of the input nobody can answer: approvals are rejected, and a paused session is left as it is. Gives the outcome
 * of the last run. Throws `cli.input` for a line that is no ControlMessage; what ran before it is kept.
 */
export async function serveStreamInput(options: StreamInputOptions): Promise<RunOutcome> {
  const { app, stdout, signal } = options;
  const lines = lineStream(options.input);
  const work = new OpenWork();
  let ended = false;
  const unsubscribe = app.conversation.subscribe((envelope) => {
    stdout(`${JSON.stringify(envelope)}\n`);
    const { event } = envelope;
    work.take(event);
    if (event.type === "settled" && event.exit) lines.end();
    if (event.type === "approval_request" && ended) reject(app, event.request.id);
  });
  const interrupt = (): void => {
    lines.end();
    void app.conversation.send({ type: "interrupt" });
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    await deliverAll(lines, app, work);
    ended = true;
    for (const { id } of app.conversation.state().approvals) reject(app, id);
    await work.over();
    return work.outcome;
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", interrupt);
  }
}

/** In their order; only an interrupt does not wait for the start that the line before it causes. */
async function deliverAll(lines: EventStream<string>, app: App, work: OpenWork): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  try {
    for await (const line of lines) {
      const message = work.add(parseLine(line));
      await (message.type === "interrupt" ? untilStarting(app, before) : before);
      before = Promise.all([before, deliver(app, message, work)]);
      before.catch(() => lines.end());
    }
  } finally {
    await before;
  }
}

/** Until the messages before are delivered, or wait for a runtime that is being started. */
async function untilStarting({ conversation }: App, delivered: Promise<unknown>): Promise<void> {
  const begun = Promise.withResolvers<void>();
  const look = (): void => {
    if (conversation.state().starting !== "") begun.resolve();
  };
  const unwatch = conversation.onChange(look);
  look();
  await Promise.race([delivered, begun.promise]).finally(unwatch);
}

/** What was sent and is not done yet, told by the events alone. */
class OpenWork {
  outcome: RunOutcome = "completed";
  readonly #texts = new Set<string>();
  #compacting = false;
  #running = false;
  #paused = false;
  #over: () => void = () => undefined;

  /** The message, with an id by which its text is recognised when it is delivered or handed back. */
  add(message: ControlMessage): ControlMessage {
    if (message.type === "compact") this.#compacting = true;
    if (!isText(message)) return message;
    const { id = newId() } = message;
    if (message.text.trim() !== "" || message.images?.length) this.#texts.add(id);
    return { ...message, id };
  }

  /** The message will not be carried out: the start it caused was interrupted. */
  drop(message: ControlMessage): void {
    this.outcome = "interrupted";
    if (message.type === "compact") this.#compacting = false;
    if (isText(message) && message.id !== undefined) this.#texts.delete(message.id);
  }

  take(event: AgentEvent): void {
    switch (event.type) {
      case "run_start":
        this.#running = true;
        break;
      case "run_end":
        this.outcome = event.outcome;
        break;
      case "message_end":
        this.#texts.delete(event.messageId);
        break;
      case "queue_returned":
        for (const { id } of event.items) this.#texts.delete(id);
        break;
      case "state_changed":
        this.#paused = event.to === "paused";
        break;
      case "settled":
        this.#running = false;
        this.#compacting = false;
        break;
    }
    if (this.#isOver()) this.#over();
  }

  over(): Promise<void> {
    return new Promise((resolve) => {
      this.#over = resolve;
      if (this.#isOver()) resolve();
    });
  }

  #isOver(): boolean {
    return this.#paused || (!this.#running && !this.#compacting && this.#texts.size === 0);
  }
}

type TextMessage = Extract<ControlMessage, { type: "prompt" | "steer" | "follow_up" }>;

function isText(message: ControlMessage): message is TextMessage {
  return message.type === "prompt" || message.type === "steer" || message.type === "follow_up";
}

async function deliver(app: App, message: ControlMessage, work: OpenWork): Promise<void> {
  try {
    await send(app, message);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "runtime.interrupted") throw error;
    work.drop(message);
  }
}

async function send(app: App, message: ControlMessage): Promise<void> {
  if (!isText(message)) return app.conversation.send(message);
  const { text, type: kind, images = [], ...rest } = message;
  return app.prompt(text, { ...rest, kind, images });
}

function reject(app: App, requestId: string): void {
  const reason = "The input has ended: nobody can be asked.";
  void app.conversation.send({ type: "approve", requestId, outcome: "reject_once", reason });
}

function parseLine(line: string): ControlMessage {
  const message = ControlMessage.safeParse(parseJson(line));
  if (message.success) return message.data;
  throw new AppError("cli.input", "A line of standard input is no ControlMessage.", {
    hint: 'For example {"type":"prompt","text":"hi"}.',
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new AppError("cli.input", "A line of standard input is not JSON.", {
      hint: "stream-json takes one ControlMessage object a line.",
      cause: error,
    });
  }
}

/** Whole non-empty lines; LF ends a line, a last line without one counts. */
function lineStream(input: Readable): EventStream<string> {
  const lines = new EventStream<string>();
  let rest = "";
  input.setEncoding("utf8");
  input.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.trim() !== "") lines.push(part);
  });
  input.on("end", () => {
    if (rest.trim() !== "") lines.push(rest);
    lines.end();
  });
  return lines;
}
