// stream-json in: ControlMessages, one JSON object a line, handed to the conversation as they come.
import type { Readable } from "node:stream";
import type { App } from "../app/app.ts";
import { AppError } from "../lib/app-error.ts";
import { EventStream } from "../lib/event-stream.ts";
import { ControlMessage } from "../protocol/control.ts";
import type { RunOutcome } from "../protocol/event.ts";

export type StreamInputOptions = {
  app: App;
  input: Readable;
  stdout: (text: string) => void;
  signal: AbortSignal;
};

/**
 * Serves until the input ends and everything sent has settled, or an exit message was carried out. Gives the
 * outcome of the last run. Throws `cli.input` for a line that is no ControlMessage; what ran before it is kept.
 */
export async function serveStreamInput(options: StreamInputOptions): Promise<RunOutcome> {
  const { app, stdout, signal } = options;
  const lines = lineStream(options.input);
  const session = { outcome: "completed" as RunOutcome, busy: false, wake: (): void => undefined };
  const unsubscribe = app.conversation.subscribe((envelope) => {
    stdout(`${JSON.stringify(envelope)}\n`);
    const { event } = envelope;
    if (event.type === "run_end") session.outcome = event.outcome;
    if (event.type !== "settled") return;
    session.busy = false;
    session.wake();
    if (event.exit) lines.end();
  });
  const interrupt = (): void => {
    lines.end();
    if (session.busy) void app.conversation.send({ type: "interrupt" });
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    for await (const line of lines) {
      const message = parseLine(line);
      session.busy = session.busy || startsRun(message);
      await deliver(app, message);
    }
    await new Promise<void>((resolve) => {
      session.wake = resolve;
      if (!session.busy) resolve();
    });
    return session.outcome;
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", interrupt);
  }
}

function startsRun(message: ControlMessage): boolean {
  return message.type === "prompt" || message.type === "steer" || message.type === "follow_up";
}

async function deliver(app: App, message: ControlMessage): Promise<void> {
  if (message.type === "prompt") await app.prompt(message.text, { images: message.images ?? [] });
  else await app.conversation.send(message);
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
