// The default command: the TUI in a terminal, one-shot mode in a pipe or with --print.
import type { App } from "../../app/app.ts";
import { processEnvironment } from "../../config/env.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { AppError, toFailure } from "../../lib/app-error.ts";
import type { RunOutcome } from "../../protocol/event.ts";
import type { TuiEnd } from "../../tui/start.tsx";
import { enterTry, resuming, startedAnew, tellLeft } from "../enter-try.ts";
import { exitCodeOfOutcome, formatFailure } from "../exit.ts";
import { createInterruption, type Interruption } from "../interruption.ts";
import { openApp, readImages } from "../open-app.ts";
import { type ChatOptions, checkPlacement } from "../options.ts";
import { joinPrompt, readStandardInput } from "../standard-input.ts";

/** Gives the exit code. */
export async function runChat(prompt: string | undefined, options: ChatOptions): Promise<number> {
  // Else it is found out when the session is opened, and told in the output's format.
  if (options.try === true) checkPlacement(options);
  const oneShot =
    options.print !== undefined ||
    options.outputFormat !== undefined ||
    options.inputFormat !== undefined ||
    !process.stdin.isTTY ||
    !process.stdout.isTTY;
  return oneShot ? runEntered(prompt, options) : runScreens(prompt, options);
}

async function runEntered(prompt: string | undefined, options: ChatOptions): Promise<number> {
  const entered = await enterTry(options, { picker: false });
  try {
    return await runOneShotChat(prompt, entered);
  } finally {
    await tellLeft(entered, writeNotice);
  }
}

/** Anew for a session that works elsewhere than the one that was left. */
async function runScreens(prompt: string | undefined, options: ChatOptions): Promise<number> {
  let start = startedAnew({ prompt, options });
  for (;;) {
    const entered = await enterTry(start.options, { picker: true });
    try {
      const { code, session } = await runInteractiveChat(start.prompt, entered);
      if (session === null) return code;
      start = { options: resuming(start.options, session) };
    } finally {
      await tellLeft(entered, writeNotice);
    }
  }
}

async function runInteractiveChat(prompt: string | undefined, options: ChatOptions): Promise<TuiEnd> {
  const images = await readImages(options.image ?? []);
  const { startTui } = await import("../../tui/start.tsx");
  return startTui({
    openApp: (demo) => openApp(options, { interactive: true, ...(demo ? { demo } : {}) }),
    ...(prompt === undefined ? {} : { prompt }),
    images,
    env: processEnvironment(),
    plain: options.plain === true || processEnvironment().TERM === "dumb",
    pickSession: options.resume === true,
  });
}

/** With json output a program always gets its object, also where the run could not start. */
async function runOneShotChat(positional: string | undefined, options: ChatOptions): Promise<number> {
  try {
    const words = promptWords(positional, options);
    const outcome =
      options.inputFormat === "stream-json"
        ? await serveStream(words, options)
        : await runPrompt(words, options);
    return exitCodeOfOutcome(outcome);
  } catch (error) {
    if (options.outputFormat === "json") {
      const { failedResult } = await import("../../print/run-result.ts");
      process.stdout.write(`${JSON.stringify(failedResult(toFailure(error)))}\n`);
    }
    throw error;
  }
}

async function runPrompt(words: string, options: ChatOptions): Promise<RunOutcome> {
  const prompt = await readPrompt(words);
  const images = await readImages(options.image ?? []);
  const { runOneShot } = await import("../../print/one-shot.ts");
  return withApp(options, { interactive: false }, (app, interruption, stdout) =>
    runOneShot({
      app,
      prompt,
      images,
      format: options.outputFormat ?? "text",
      stdout,
      stderr: writeNotice,
      summary: process.stderr.isTTY === true,
      signal: interruption.signal,
      limit: interruption.limit,
    }),
  );
}

/** The machine protocol: the program at the other end can be asked for approvals and can resume a pause. */
async function serveStream(words: string, options: ChatOptions): Promise<RunOutcome> {
  if (words !== "" || (options.outputFormat ?? "stream-json") !== "stream-json") {
    const other = words === "" ? `--output-format ${options.outputFormat}` : "a prompt";
    throw new AppError("cli.conflict", `--input-format stream-json and ${other} cannot be used together.`, {
      hint: "Prompts are lines of standard input then, and events are lines of standard output.",
    });
  }
  const { serveStreamInput } = await import("../../print/stream-input.ts");
  return withApp(options, { interactive: true }, async (app, { signal, limit }, stdout) => {
    const outcome = await serveStreamInput({ app, input: process.stdin, stdout, signal });
    const reached = limit();
    if (reached) writeNotice(formatFailure(reached));
    return reached ? "limit" : outcome;
  });
}

type Use = (app: App, interruption: Interruption, stdout: (text: string) => void) => Promise<RunOutcome>;

/** Opens the app, interruptible, and closes it whatever happens. */
async function withApp(
  options: ChatOptions,
  { interactive }: { interactive: boolean },
  use: Use,
): Promise<RunOutcome> {
  const interruption = createInterruption(options.timeout);
  try {
    const app = await openApp(options, { interactive, picker: false });
    for (const warning of app.warnings) writeNotice(`hearth: ${sanitizeText(warning)}\n`);
    try {
      return await use(app, interruption, pipeWriter(interruption.abort));
    } finally {
      tellUnsaved(app);
      await app.close();
    }
  } finally {
    interruption.dispose();
  }
}

/** Whoever listened to the run has gone by then. */
function tellUnsaved(app: App): void {
  app.conversation.subscribe(({ event }) => {
    if (event.type === "notice" && event.code === "session.unsaved") {
      writeNotice(formatFailure({ ...event, code: event.code }));
    }
  });
}

function promptWords(positional: string | undefined, { print }: ChatOptions): string {
  return [typeof print === "string" ? print : "", positional ?? ""].filter((word) => word !== "").join(" ");
}

async function readPrompt(words: string): Promise<string> {
  const given = words.trim() !== "";
  const piped = process.stdin.isTTY ? null : await readStandardInput(process.stdin, { optional: given });
  const whole = joinPrompt(words, piped);
  if (whole.trim() !== "") return whole;
  throw new AppError("cli.prompt", "There is no prompt.", {
    hint: 'Usage: hearth -p "what to do", or pipe the text in.',
  });
}

function writeNotice(text: string): void {
  process.stderr.write(text);
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
