// `!!think TEXT`: a prompt that the model thinks about more than usual.
import { type Model, ThinkingLevel } from "../protocol/model.ts";

const PREFIX = /^!!think\s+(?=\S)/;
/** What it is raised to; a level that is there already goes one further. */
const RAISED: ThinkingLevel = "high";

export function asksToThink(text: string): boolean {
  return PREFIX.test(text);
}

/** The text without the prefix, and the level it asks for; null where there is no prefix or nothing higher. */
export function readThinkPrefix(
  text: string,
  current: ThinkingLevel,
  model: Pick<Model, "thinking"> | null,
): { text: string; thinking: ThinkingLevel | null } {
  if (!asksToThink(text)) return { text, thinking: null };
  const order = ThinkingLevel.options;
  const higher = order.filter((level) => order.indexOf(level) > order.indexOf(current));
  const known = model === null ? higher : higher.filter((level) => model.thinking.includes(level));
  const thinking =
    known.find((level) => order.indexOf(level) >= order.indexOf(RAISED)) ?? known.at(-1) ?? null;
  return { text: text.replace(PREFIX, ""), thinking };
}
