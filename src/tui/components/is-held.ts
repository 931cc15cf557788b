// Whether nothing goes on until /continue: the run is paused, or the session was left paused.
import type { SessionState } from "../../app/state.ts";

export function isHeld({ state, run, queue }: SessionState): boolean {
  return state === "paused" || (run === null && queue.some((item) => item.kind === "pause"));
}
