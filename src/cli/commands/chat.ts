// The default command: the TUI in a terminal, one-shot mode in a pipe or with --print.
import { AppError } from "../../lib/app-error.ts";
import { EXIT, exitCodeOfOutcome } from "../exit.ts";
import { openApp, readImages } from "../open-app.ts";
import type { ChatOptions } from "../options.ts";
import { joinPrompt, readStandardInput } from "../standard-input.ts";

/** Gives the exit code. */
export async function runChat(prompt: string | undefined, options: ChatOptions): Promise<number> {
  const oneShot =
    options.print !== undefined ||
    options.outputFormat !== undefined ||
    options.inputFormat !== undefined ||
    !process.stdin.isTTY ||
    !process.stdout.isTTY;
  return oneShot ? runOneShotChat(prompt, options) : runInteractiveChat(prompt, options);
}

async function runInteractiveChat(prompt: string | undefined, options: ChatOptions): Promise<number> {
  const images = await readImages(options.image ?? []);
  const { startTui } = await import("../../tui/start.tsx");
  return startTui({
    openApp: (demo) => openApp(options, { interactive: true, ...(demo ? { demo } : {}) }),
    ...(prompt === undefined ? {} : { prompt }),
    images,
    plain: options.plain === true,
    pickSession: options.resume === true,
  });
}

async function runOneShotChat(positional: string | undefined, options: ChatOptions): Promise<number> {
  const format = options.outputFormat ?? "text";
  const streamInput = options.inputFormat === "stream-json";
  const prompt = streamInput ? "" : await readPrompt(positional, options);
  const images = await readImages(options.image ?? []);
  const interruption = interruptSignal(options.timeout);
  const app = await openApp(options, { interactive: false });
  const stdout = pipeWriter(interruption.abort);
  const stderr = (text: string): void => void process.stderr.write(text);
  try {
    if (streamInput) {
      const { serveStreamInput } = await import("../../print/stream-input.ts");
      const outcome = await serveStreamInput({
        app,
        input: process.stdin,
        stdout,
        signal: interruption.signal,
      });
      return exitCodeOfOutcome(outcome);
    }
    const { runOneShot } = await import("../../print/one-shot.ts");
    const outcome = await runOneShot({
      app,
      prompt,
      images,
      format,
      stdout,
      stderr,
      summary: process.stderr.isTTY === true,
      signal: interruption.signal,
    });
    if (interruption.timedOut()) stderr("hearth: the time of --timeout is over.\n");
    return interruption.timedOut() ? EXIT.failed : exitCodeOfOutcome(outcome);
  } finally {
    interruption.dispose();
    await app.close();
  }
}

async function readPrompt(positional: string | undefined, options: ChatOptions): Promise<string> {
  const words = [typeof options.print === "string" ? options.print : "", positional ?? ""];
  const prompt = words.filter((word) => word !== "").join(" ");
  const given = prompt.trim() !== "";
  const piped = process.stdin.isTTY ? null : await readStandardInput(process.stdin, { optional: given });
  const whole = joinPrompt(prompt, piped);
  if (whole.trim() !== "") return whole;
  throw new AppError("cli.prompt", "There is no prompt.", {
    hint: 'Usage: hearth -p "what to do", or pipe the text in.',
  });
}

/** SIGINT, SIGTERM and --timeout (milliseconds) interrupt the run; a second SIGINT ends the process at once. */
function interruptSignal(timeoutMs: number | undefined): {
  signal: AbortSignal;
  abort: () => void;
  timedOut: () => boolean;
  dispose: () => void;
} {
  const controller = new AbortController();
  let timedOut = false;
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          controller.abort();
        }, timeoutMs);
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    timedOut: () => timedOut,
    dispose: () => {
      clearTimeout(timer);
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

/** Writes to stdout; when the reader has gone the run is interrupted and the rest is dropped quietly. */
function pipeWriter(onClosed: () => void): (text: string) => void {
  let open = true;
  process.stdout.on("error", () => {
    open = false;
    onClosed();
  });
  return (text) => {
    if (open) process.stdout.write(text);
  };
}
