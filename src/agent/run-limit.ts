// Whether a run may ask the model once more.
import type { Failure } from "../protocol/failure.ts";
import type { LoopLimits } from "./agent-settings.ts";
import type { Spent } from "./run-meter.ts";

/** The limit that was reached, as a sentence with how to go on; null when the run may continue. */
export function limitReached({ steps, usage }: Spent, { maxSteps, maxCost }: LoopLimits): Failure | null {
  if (steps >= maxSteps) {
    return {
      code: "run.max_steps",
      message: `The run stopped at its limit of ${maxSteps} ${maxSteps === 1 ? "step" : "steps"}.`,
      hint: "Nothing is lost: send a message (or run `hearth --continue`) to go on, or raise --max-steps.",
    };
  }
  if (maxCost !== undefined && usage.cost !== null && usage.cost >= maxCost) {
    return {
      code: "run.max_cost",
      message: `The run stopped at its cost limit of $${maxCost}: it has cost $${usage.cost.toFixed(4)}.`,
      hint: "Nothing is lost: send a message (or run `hearth --continue`) to go on, or raise --max-cost.",
    };
  }
  return null;
}
