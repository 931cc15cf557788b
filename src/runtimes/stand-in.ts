// Stands in for a runtime that could not start: its turns fail with the reason, so that another may take them.
import { createControlLoop } from "../agent/control-loop.ts";
import { routed } from "./routed.ts";
import type { Runtime, RuntimeSession, RuntimeStart } from "./runtime.ts";

type StandInOptions = { reason: unknown; now: () => number; newId: () => string };

export function standIn(
  { name, capabilities }: Pick<Runtime, "name" | "capabilities">,
  start: RuntimeStart,
  { reason, now, newId }: StandInOptions,
): RuntimeSession {
  const { emit, queue, paused } = start;
  const loop = createControlLoop({
    runtime: name,
    emit,
    now,
    newId,
    queue,
    paused,
    run: routed(start, () => Promise.reject(reason)),
    applySetting: (message) =>
      message.type === "set_mode"
        ? emit({ type: "mode_changed", mode: message.mode })
        : Promise.reject(reason),
  });
  return {
    capabilities,
    send: (message) => loop.send(message),
    health: () => ({ alive: false }),
    close: () => loop.close(),
  };
}
