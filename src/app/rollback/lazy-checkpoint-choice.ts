// A CheckpointChoice that is loaded when the person first asks for something of it.
import { once } from "../../lib/once.ts";
import type { CheckpointChoice } from "./checkpoint-choice.ts";
import type { CheckpointChoiceOptions } from "./create-checkpoint-choice.ts";

export function lazyCheckpointChoice(options: CheckpointChoiceOptions): CheckpointChoice {
  const use = once(async () => {
    const { createCheckpointChoice } = await import("./create-checkpoint-choice.ts");
    return createCheckpointChoice(options);
  });
  return {
    list: async () => (await use()).list(),
    name: async (name) => (await use()).name(name),
    diff: async (since) => (await use()).diff(since),
    preview: async (action) => (await use()).preview(action),
    apply: async (action, part) => (await use()).apply(action, part),
  };
}
