// The native runtime: our own loop with our own tools. Assembles each run; decides nothing itself.
import type { CompactionSettings, LoopLimits, RequestSettings } from "../../agent/agent-settings.ts";
import { compact } from "../../agent/compaction.ts";
import { createControlLoop, type SettingMessage } from "../../agent/control-loop.ts";
import { runLoop } from "../../agent/loop.ts";
import { Transcript } from "../../agent/transcript.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import type { Model, ThinkingLevel } from "../../protocol/model.ts";
import type { StreamFn } from "../../protocol/stream.ts";
import type { Runtime, RuntimeCapabilities, RuntimeSession, RuntimeStart } from "../runtime.ts";
import type { Workbench } from "../workbench.ts";
import { withCheckpoint } from "./with-checkpoint.ts";

export type NativeRuntimeOptions = {
  /** The model of a VENDOR/ID reference. Throws `model.unknown`. */
  findModel: (reference: string) => Promise<{ model: Model; thinking?: ThinkingLevel }>;
  stream: StreamFn;
  /** New tools for one session; gives those that a request offers in a mode, in a stable order, and the others. */
  openTools: Workbench["openTools"];
  /** What happened beside the talk and the model should know, since it was asked last. */
  takeNews: () => string[];
  /** The system text; asked for once a session. */
  systemText: () => Promise<string>;
  limits: LoopLimits;
  compaction: CompactionSettings;
  now: () => number;
  newId: () => string;
};

const CAPABILITIES: RuntimeCapabilities = {
  streaming: true,
  thinking: true,
  tools: true,
  approvals: true,
  steer: "native",
  pause: true,
  interrupt: true,
  resume: true,
  images: true,
  modelChoice: true,
  cost: true,
};

export function createNativeRuntime(options: NativeRuntimeOptions): Runtime {
  return {
    name: "native",
    kind: "agent",
    capabilities: CAPABILITIES,
    check: () => Promise.resolve({ available: true }),
    start: (start) => startNative(options, start),
  };
}

/** Throws `model.unknown` or `provider.auth` before anything is sent. */
async function startNative(options: NativeRuntimeOptions, start: RuntimeStart): Promise<RuntimeSession> {
  const { emit, gate, sessionId } = start;
  const { now, newId, stream, limits, compaction } = options;
  const [{ model }, system] = await Promise.all([options.findModel(start.model), options.systemText()]);
  const chosen = { model, thinking: start.thinking, mode: start.mode };
  const transcript = new Transcript(start.history);
  const tools = options.openTools();
  const settings = (thinking?: ThinkingLevel): RequestSettings => {
    const { offered, withheld } = tools(chosen.mode);
    return {
      model: chosen.model,
      thinking: thinking ?? chosen.thinking,
      system,
      tools: offered.map((tool) => withCheckpoint(tool, start.beforeChange)),
      withheld,
      cacheKey: sessionId,
    };
  };
  const loop = createControlLoop({
    runtime: "native",
    emit,
    now,
    newId,
    queue: start.queue,
    paused: start.paused,
    applySetting: (message) => applySetting(message, chosen, { options, emit }),
    run: ({ prompt, thinking, control, emit: emitRun }) =>
      runLoop({
        prompt,
        control,
        emit: emitRun,
        transcript,
        settings: () => settings(thinking),
        stream,
        gate,
        limits,
        compaction,
        takeNews: options.takeNews,
        newId,
        now,
        sleep,
      }),
    compact: async ({ hint, control, emit: emitRun }) => {
      const request = {
        reason: "manual",
        transcript,
        settings: settings(),
        limits: compaction,
        stream,
      } as const;
      await compact({ ...request, ...(hint === undefined ? {} : { hint }), emit: emitRun, control, newId });
    },
  });
  return { capabilities: CAPABILITIES, send: (message) => loop.send(message), close: () => loop.close() };
}

type Chosen = { model: Model; thinking: ThinkingLevel; mode: PermissionMode };

async function applySetting(
  message: SettingMessage,
  chosen: Chosen,
  { options, emit }: { options: NativeRuntimeOptions; emit: RuntimeStart["emit"] },
): Promise<void> {
  switch (message.type) {
    case "set_model": {
      const found = await options.findModel(message.model);
      chosen.model = found.model;
      if (found.thinking) chosen.thinking = found.thinking;
      break;
    }
    case "set_thinking":
      chosen.thinking = message.thinking;
      break;
    case "set_mode":
      chosen.mode = message.mode;
      await emit({ type: "mode_changed", mode: message.mode });
      return;
  }
  const model = `${chosen.model.vendor}/${chosen.model.id}`;
  await emit({ type: "model_changed", model, thinking: chosen.thinking });
}

/** Waits only for things that are being left behind: it must not keep the process alive. */
function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
