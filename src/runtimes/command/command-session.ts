// A session with a program that answers prompts: each turn starts it anew, with the conversation so far before the
// prompt. It has no tools and remembers nothing.
import { createControlLoop } from "../../agent/control-loop.ts";
import { post, postNotice } from "../../agent/post.ts";
import type { RunInput, RunResult } from "../../agent/run-item.ts";
import type { TranscriptEntry } from "../../agent/transcript.ts";
import { AppError, toFailure } from "../../lib/app-error.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import type { Failure } from "../../protocol/failure.ts";
import { Explainer } from "../external/explainer.ts";
import { handoverText } from "../external/handover.prompt.ts";
import { contentBlocks, imagesOf } from "../external/prompt-blocks.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import { Translator } from "../external/translator.ts";
import { routed } from "../routed.ts";
import type { HistoryEntry, RuntimeCapabilities, RuntimeSession, RuntimeStart } from "../runtime.ts";
import { fitsArgument, type ProgramEnd, runProgram, takesArgument } from "./run-program.ts";

export type CommandOptions = AgentProgram & {
  /** As the person calls it; it names the agent in events and messages. */
  name: string;
  /** Seconds for a whole turn. */
  timeoutSeconds: number;
  /** Whether it is told the conversation so far. */
  history: boolean;
  newId: () => string;
  now: () => number;
};

export function startCommandSession(
  options: CommandOptions,
  capabilities: RuntimeCapabilities,
  start: RuntimeStart,
): RuntimeSession {
  return new CommandSession(options, start).open(capabilities);
}

class CommandSession {
  readonly #options: CommandOptions;
  readonly #start: RuntimeStart;
  /** Everything said in our session so far, by whomever. */
  readonly #talk: HistoryEntry[];
  readonly #explainer: Explainer;
  #running = false;

  constructor(options: CommandOptions, start: RuntimeStart) {
    this.#options = options;
    this.#start = start;
    this.#talk = [...start.history];
    this.#explainer = new Explainer(options.name, this.#emit);
  }

  open(capabilities: RuntimeCapabilities): RuntimeSession {
    const { name, now, newId } = this.#options;
    const { queue, paused } = this.#start;
    const loop = createControlLoop({
      runtime: name,
      emit: this.#emit,
      now,
      newId,
      queue,
      paused,
      run: routed(this.#start, async (input) => {
        this.#running = true;
        return this.#run(input).finally(() => {
          this.#running = false;
        });
      }),
      applySetting: async (message) => {
        if (message.type === "set_mode") return this.#emit({ type: "mode_changed", mode: message.mode });
        const what = message.type === "set_model" ? "model" : "thinking";
        throw new AppError("runtime.choice", `${name} does not let its ${what} be chosen from here.`);
      },
    });
    return {
      capabilities,
      send: (message) => {
        if (this.#running) this.#explainer.heed(message, capabilities);
        loop.send(message);
      },
      health: () => ({ alive: true }),
      close: () => loop.close(),
    };
  }

  readonly #emit = (event: AgentEvent): Promise<void> => {
    if (event.type === "message_end" && event.parentToolCallId === undefined) {
      this.#talk.push({ id: event.messageId, message: event.message });
    }
    return this.#start.emit(event);
  };

  /** The run's prompt, and what was steered meanwhile as prompts after it. */
  async #run(input: RunInput): Promise<RunResult> {
    const { control } = input;
    // It says that it changes nothing; the files are kept all the same, so that this is known.
    await this.#start.beforeChange();
    let prompts = [input.prompt];
    for (;;) {
      await control.waitWhilePaused();
      if (control.signal.aborted) return { outcome: "interrupted" };
      const redirect = control.redirect();
      const result = await this.#ask(prompts, input, redirect);
      if (result.outcome !== "completed" && !redirect.aborted) return result;
      if (control.signal.aborted) return { outcome: "interrupted" };
      prompts = [];
      for (let steer = await control.takeSteer(); steer; steer = await control.takeSteer())
        prompts.push(steer);
      if (prompts.length === 0) return redirect.aborted ? { outcome: "interrupted" } : result;
    }
  }

  async #ask(
    prompts: readonly TranscriptEntry[],
    { control, emit }: RunInput,
    redirect: AbortSignal,
  ): Promise<RunResult> {
    const { name, newId, now, timeoutSeconds, command, args, env } = this.#options;
    const { cwd } = this.#start;
    const translator = new Translator({
      runtime: name,
      cwd,
      model: () => `${name}/default`,
      emit,
      setState: (activity) => control.setState(activity),
      steps: () => control.spent().steps,
      closedCalls: new Set(),
      newId,
      now,
    });
    control.setState("streaming");
    let heard: Promise<void> = Promise.resolve();
    const onText = (text: string): void => {
      heard = heard.then(() => translator.take({ type: "text", text }));
      // Whoever waits for the end of the turn is told.
      heard.catch(() => undefined);
    };
    const call = {
      name,
      program: { command, args, env },
      cwd,
      prompt: this.#prompt(prompts),
      timeoutMs: timeoutSeconds * 1_000,
      signal: AbortSignal.any([control.signal, redirect]),
      onText,
    };
    const end = await runProgram(call).catch((error: unknown) => toFailure(error));
    await heard;
    return this.#close(end, translator);
  }

  async #close(end: ProgramEnd | Failure, translator: Translator): Promise<RunResult> {
    const openCalls = "";
    if ("message" in end) {
      await translator.finish({ stopReason: "error", usage: null, openCalls, error: end });
      return { outcome: "failed", error: end };
    }
    const stopReason = end.aborted ? "aborted" : end.cut ? "length" : "stop";
    await translator.finish({ stopReason, usage: null, openCalls });
    if (end.cut) {
      const message = `${this.#options.name} printed more than an answer may have: it was ended, and what came first is kept.`;
      postNotice(this.#emit, "warning", { code: "runtime.output", message });
    }
    return { outcome: end.aborted ? "interrupted" : "completed" };
  }

  /** What was said before, then what is asked. */
  #prompt(prompts: readonly TranscriptEntry[]): string {
    const { name, args, history } = this.#options;
    const now = new Set(prompts.map(({ id }) => id));
    const parts = prompts.flatMap(({ message }) => (message.role === "user" ? message.content : []));
    if (imagesOf(parts).length > 0) {
      this.#warn("runtime.images", `${name} does not take images: they were left out.`);
    }
    const asked = contentBlocks(parts, false).flatMap((block) => (block.type === "text" ? [block.text] : []));
    const prompt = asked.join("\n\n");
    const before = this.#talk.filter(({ id }) => !now.has(id)).map(({ message }) => message);
    const digest = history ? handoverText(before, []) : "";
    if (digest === "") return prompt;
    const whole = `${digest}\n\n${prompt}`;
    if (!takesArgument(args) || fitsArgument(args, whole)) return whole;
    this.#warn(
      "runtime.history",
      `${name} takes the prompt as an argument, which has no room for the conversation so far: it was left out.`,
    );
    return prompt;
  }

  #warn(code: string, message: string): void {
    post(this.#emit, { type: "notice", level: "warning", code, message });
  }
}
