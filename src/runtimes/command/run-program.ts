// One answer of a program: the prompt goes in as an argument or on its standard input, what it prints is the answer.
// No shell is between. Knows no session.
import { createTextSanitizer, sanitizeText } from "../../lib/ansi.ts";
import { AppError } from "../../lib/app-error.ts";
import { endGroup } from "../../lib/process-group.ts";
import { type RunEnd, runProcess } from "../../lib/subprocess.ts";
import type { AgentProgram } from "../external/start-agent.ts";

export type ProgramCall = {
  /** As the person calls it, for sentences. */
  name: string;
  program: AgentProgram;
  cwd: string;
  prompt: string;
  /** Milliseconds for all of it. */
  timeoutMs: number;
  signal: AbortSignal;
  /** What it prints as it comes, fit for a screen; blanks at its end are held back. */
  onText: (text: string) => void;
};

/** `cut`: it printed more than is taken, and was ended. */
export type ProgramEnd = { aborted: boolean; cut: boolean };

/** Stands for the prompt in an argument. */
const PLACEHOLDER = "{prompt}";

/** Characters of an answer; nobody reads more, and a program that never stops has to be stopped. */
const LONGEST_ANSWER = 1_000_000;
/** Of what it says on standard error. */
const LONGEST_ERRORS = 4_000;
/** Bytes of one argument with its end: MAX_ARG_STRLEN of execve(2) on Linux; others have room for all of them in 1 MB. */
const LONGEST_ARGUMENT = process.platform === "linux" ? 131_072 : 524_288;

/**
 * Throws `runtime.start` when it cannot be started, `runtime.prompt` for a prompt that fits no argument, `runtime.timeout`,
 * and `runtime.failed` with its last words. Nothing of it is left running then, nor afterwards.
 */
export async function runProgram(call: ProgramCall): Promise<ProgramEnd> {
  const { name, program, signal, timeoutMs } = call;
  const { args, stdin } = handOver(program.args, call);
  const output = collectOutput(call);
  const stop = AbortSignal.any([signal, output.full]);
  const end = await runProcess(program.command, args, {
    cwd: call.cwd,
    env: { ...program.env },
    ...(stdin === null ? {} : { stdin }),
    timeoutMs,
    signal: stop,
    watched: true,
    onOutput: output.add,
  }).catch((cause: unknown) => {
    throw new AppError("runtime.start", `${name} could not be started: ${program.command} does not run.`, {
      hint: `Is it installed and on the PATH? runtimes.${name}.command in the settings names another place.`,
      cause,
    });
  });
  // What it left behind would go on without anybody who knows of it.
  if (end.groupLeft !== null) await endGroup(end.groupLeft);
  output.end();
  if (signal.aborted) return { aborted: true, cut: false };
  if (output.full.aborted) return { aborted: false, cut: true };
  checkEnd(end, output, { name, timeoutMs });
  return { aborted: false, cut: false };
}

/** Whether the prompt goes in as an argument; else it goes in on standard input. */
export function takesArgument(args: readonly string[]): boolean {
  return args.some((arg) => arg.includes(PLACEHOLDER));
}

/** Whether a prompt is short enough for the arguments it stands in. */
export function fitsArgument(args: readonly string[], prompt: string): boolean {
  const filled = args.filter((arg) => arg.includes(PLACEHOLDER)).map((arg) => fill(arg, prompt));
  return filled.every((arg) => Buffer.byteLength(arg) < LONGEST_ARGUMENT);
}

function handOver(
  args: readonly string[],
  { name, prompt }: Pick<ProgramCall, "name" | "prompt">,
): { args: string[]; stdin: string | null } {
  if (!takesArgument(args)) return { args: [...args], stdin: prompt };
  const hint = `Without ${PLACEHOLDER} in runtimes.${name}.args it gets the prompt on its standard input.`;
  if (prompt.includes("\0")) {
    throw new AppError(
      "runtime.prompt",
      `${name} takes the prompt as an argument, which cannot hold a NUL.`,
      {
        hint,
      },
    );
  }
  if (!fitsArgument(args, prompt)) {
    const size = `${Math.ceil(Buffer.byteLength(prompt) / 1_024)} KB`;
    const message = `${name} takes the prompt as an argument, and ${size} are too long for one.`;
    throw new AppError("runtime.prompt", message, { hint });
  }
  return { args: args.map((arg) => fill(arg, prompt)), stdin: null };
}

/** The prompt as it is: no sign of it means anything here. */
function fill(arg: string, prompt: string): string {
  return arg.split(PLACEHOLDER).join(prompt);
}

type Output = {
  add: (text: string, stream: "stdout" | "stderr") => void;
  end: () => void;
  /** Aborts when it printed more than is taken. */
  full: AbortSignal;
  errors: () => string;
  saidAnything: () => boolean;
};

function collectOutput({ onText }: Pick<ProgramCall, "onText">): Output {
  const sanitizer = createTextSanitizer();
  const full = new AbortController();
  let taken = 0;
  let blanks = "";
  let errors = "";
  const say = (text: string): void => {
    const room = LONGEST_ANSWER - taken;
    const all = blanks + text;
    const said = (taken === 0 ? all.trimStart() : all).slice(0, Math.max(0, room));
    const kept = said.trimEnd();
    blanks = said.slice(kept.length);
    taken += kept.length;
    if (kept !== "") onText(kept);
    if (all.length > room) full.abort();
  };
  return {
    add: (text, stream) => {
      if (stream === "stderr") errors = (errors + text).slice(-LONGEST_ERRORS);
      else if (!full.signal.aborted) say(sanitizer.push(text));
    },
    end: () => {
      if (!full.signal.aborted) say(sanitizer.end());
    },
    full: full.signal,
    errors: () => sanitizeText(errors).trim().split("\n").slice(-5).join("\n"),
    saidAnything: () => taken > 0,
  };
}

function checkEnd(
  { exitCode, signal, timedOut }: RunEnd,
  { errors, saidAnything }: Output,
  { name, timeoutMs }: Pick<ProgramCall, "name" | "timeoutMs">,
): void {
  const words = errors();
  if (timedOut) {
    const hint = `runtimes.${name}.timeout in the settings gives it more.${words === "" ? "" : ` It last said: ${words}`}`;
    throw new AppError(
      "runtime.timeout",
      `${name} was not done within ${timeoutMs / 1_000} s, so it was ended.`,
      {
        hint,
      },
    );
  }
  if (exitCode !== 0) {
    const how = exitCode === null ? `was ended by ${signal ?? "a signal"}` : `exited with ${exitCode}`;
    throw withLastWords(`${name} ${how}`, words);
  }
  if (!saidAnything()) throw withLastWords(`${name} answered nothing`, words);
}

/** One line belongs into the sentence, several behind it. */
function withLastWords(what: string, words: string): AppError {
  if (words === "") return new AppError("runtime.failed", `${what}.`);
  if (!words.includes("\n")) return new AppError("runtime.failed", `${what}: ${words}`);
  return new AppError("runtime.failed", `${what}.`, { hint: `It last said: ${words}` });
}
