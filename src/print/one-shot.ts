// One-shot mode: one prompt in, the result on stdout, notices on stderr. Shows nothing of its own while it works.
import type { App } from "../app/app.ts";
import type { ImageContent } from "../protocol/content.ts";
import type { RunOutcome } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";
import { createNotices, type Notices } from "./notices.ts";
import { createRunResult, type RunResult, type RunResultBuilder } from "./run-result.ts";

export type OneShotOptions = {
  app: App;
  prompt: string;
  images: readonly ImageContent[];
  format: "text" | "json" | "stream-json";
  /** Writes to stdout and stderr; `stdout` may be called after the reader has gone. */
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** stderr is a terminal: a closing line with usage and time is welcome. */
  summary: boolean;
  /** Interrupts the run (SIGINT, --timeout, a closed pipe). */
  signal: AbortSignal;
  /** The limit for which the signal fired; null for any other reason. */
  limit: () => Failure | null;
};

/** Runs the prompt to its end; gives the outcome. Failures of the model are outcomes, not rejections. */
export async function runOneShot(options: OneShotOptions): Promise<RunOutcome> {
  const { app, format } = options;
  const result = createRunResult(app);
  const notices = createNotices(options.stderr);
  const settled = Promise.withResolvers<void>();
  const unsubscribe = app.conversation.subscribe((envelope) => {
    result.add(envelope);
    notices.add(envelope.event);
    if (format === "stream-json") options.stdout(`${JSON.stringify(envelope)}\n`);
    if (envelope.event.type === "settled") settled.resolve();
  });
  const interrupt = (): void => void app.conversation.send({ type: "interrupt" });
  options.signal.addEventListener("abort", interrupt, { once: true });
  try {
    options.signal.throwIfAborted();
    await app.prompt(options.prompt, { images: [...options.images] });
    if (options.signal.aborted) interrupt();
    await settled.promise;
  } catch (error) {
    // Interrupted before there was a run that could say so.
    if (!options.signal.aborted) throw error;
    result.interrupted();
  } finally {
    unsubscribe();
    options.signal.removeEventListener("abort", interrupt);
  }
  return finish(result, notices, options);
}

function finish(builder: RunResultBuilder, notices: Notices, options: OneShotOptions): RunOutcome {
  const ran = builder.read();
  const error = ran.outcome === "interrupted" ? options.limit() : null;
  const result: RunResult = error === null ? ran : { ...ran, outcome: "limit", error };
  switch (options.format) {
    case "text":
      if (result.outcome === "completed") options.stdout(`${result.result}\n`);
      break;
    case "json":
      options.stdout(`${JSON.stringify(result)}\n`);
      break;
    case "stream-json":
      break;
  }
  if (result.error) {
    notices.say(result.error.message, result.error.hint);
  } else if (options.summary && result.outcome === "completed") {
    options.stderr(`hearth: ${builder.summary()}\n`);
  }
  return result.outcome;
}
