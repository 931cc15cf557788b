// The native runtime: our own loop with our own tools. Assembles each run; decides nothing itself.
import type { CompactionSettings, LoopLimits, RequestSettings } from "../../agent/agent-settings.ts";
import { compact } from "../../agent/compaction.ts";
import { type ControlLoopOptions, createControlLoop, type SettingMessage } from "../../agent/control-loop.ts";
import { runLoop } from "../../agent/loop.ts";
import { Transcript } from "../../agent/transcript.ts";
import { leavesTool } from "../../context/role-tools.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import type { Model, ThinkingLevel } from "../../protocol/model.ts";
import type { StreamFn } from "../../protocol/stream.ts";
import type { Tool } from "../../protocol/tool.ts";
import { EVERYTHING } from "../capabilities.ts";
import { routed } from "../routed.ts";
import { NATIVE, type Runtime, type RuntimeSession, type RuntimeStart, type TakeTurn } from "../runtime.ts";
import type { Workbench } from "../workbench.ts";
import type { Calibration } from "./calibration.ts";
import { withCheckpoint } from "./with-checkpoint.ts";

export type NativeRuntimeOptions = {
  /** The model of a VENDOR/ID reference. Throws `model.unknown`. */
  findModel: (reference: string) => Promise<{ model: Model; thinking?: ThinkingLevel }>;
  stream: StreamFn;
  /** New tools for one session; gives those that a request offers in a mode, in a stable order, and the others. */
  openTools: Workbench["openTools"];
  /** Awaited before each run; absent: there are no others than our own. */
  connectTools?: Workbench["connectTools"];
  /** What happened beside the talk and the model should know, since it was asked last. */
  takeNews: () => string[];
  /** What the model should know of background processes that ended with the program of an earlier sitting. */
  lostNews?: (history: RuntimeStart["history"]) => string[];
  /**
   * The system text, and the names of the tools that a role leaves (null: all). Asked for before each run, within which
   * it must not change.
   */
  instructions: () => Promise<Instructions>;
  /** Absent: estimates stay as they are. */
  calibration?: Calibration;
  limits: LoopLimits;
  compaction: CompactionSettings;
  now: () => number;
  newId: () => string;
};

type Instructions = { text: string; tools: readonly string[] | null };

export function createNativeRuntime(options: NativeRuntimeOptions): Runtime {
  return {
    name: NATIVE,
    kind: "agent",
    capabilities: EVERYTHING,
    check: () => Promise.resolve({ available: true }),
    start: (start) => startNative(options, start),
    openTurn: async (start) => (await openNative(options, start)).run,
  };
}

/** Throws `model.unknown` or `provider.auth` before anything is sent. */
async function startNative(options: NativeRuntimeOptions, start: RuntimeStart): Promise<RuntimeSession> {
  const { emit, queue, paused } = start;
  const { now, newId } = options;
  const { run, ...loopParts } = await openNative(options, start);
  const loop = createControlLoop({
    runtime: NATIVE,
    emit,
    now,
    newId,
    queue,
    paused,
    run: routed(start, run),
    ...loopParts,
  });
  return {
    capabilities: EVERYTHING,
    send: (message) => loop.send(message),
    health: () => ({ alive: true }),
    close: () => loop.close(),
  };
}

type NativeParts = Pick<ControlLoopOptions, "applySetting" | "compact"> & { run: TakeTurn };

/** What takes the turns, over a talk of its own that begins with the history. */
async function openNative(options: NativeRuntimeOptions, start: RuntimeStart): Promise<NativeParts> {
  const { emit, gate, sessionId } = start;
  const { now, newId, limits, compaction, calibration, findModel, instructions } = options;
  const stream = calibration?.watch(options.stream) ?? options.stream;
  const [{ model }] = await Promise.all([findModel(start.model), instructions(), calibration?.load()]);
  const chosen = { model, thinking: start.thinking, mode: start.mode };
  const transcript = new Transcript(start.history);
  const tools = options.openTools();
  let lost = options.lostNews?.(start.history) ?? [];
  const takeNews = (): string[] => {
    const news = [...lost, ...options.takeNews()];
    lost = [];
    return news;
  };
  const settings = ({ text, tools: left }: Instructions, thinking?: ThinkingLevel): RequestSettings => {
    const { offered, withheld } = tools(chosen.mode);
    // What a role does not leave is not there for its session: neither offered nor a matter for the gate.
    const leaves = ({ name }: Tool): boolean => leavesTool(left, name);
    return {
      model: chosen.model,
      thinking: thinking ?? chosen.thinking,
      system: text,
      tools: offered.filter(leaves).map((tool) => withCheckpoint(tool, start.beforeChange)),
      withheld: withheld.filter(leaves),
      cacheKey: sessionId,
      ...(calibration === undefined ? {} : { scale: calibration.scaleOf(chosen.model) }),
    };
  };
  return {
    applySetting: (message) => applySetting(message, chosen, { options, emit }),
    run: async ({ prompt, thinking, control, emit: emitRun }) => {
      const [told] = await Promise.all([instructions(), options.connectTools?.(control.signal)]);
      return runLoop({
        prompt,
        control,
        emit: emitRun,
        transcript,
        settings: () => settings(told, thinking),
        stream,
        gate,
        limits,
        compaction,
        takeNews,
        newId,
        now,
        sleep,
      });
    },
    compact: async ({ hint, control, emit: emitRun }) => {
      const request = {
        reason: "manual",
        transcript,
        settings: settings(await instructions()),
        limits: compaction,
        stream,
      } as const;
      await compact({ ...request, ...(hint === undefined ? {} : { hint }), emit: emitRun, control, newId });
    },
  };
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
