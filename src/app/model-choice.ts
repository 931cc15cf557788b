// Which model answers: the one asked for, the one kept from last time, or the best one there is a key for.
import type { Preferences } from "../config/preferences.ts";
import type { StateFile } from "../config/state-file.ts";
import { AppError } from "../lib/app-error.ts";
import type { FoundModel } from "../providers/catalog.ts";
import { hasKey } from "../providers/vendors.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import type { ModelChoice } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";
import { type ModelFinder, type ModelSources, modelName } from "./model-finder.ts";

/** Vendors in the order they are looked for, with the model a person most likely wants. */
const DEFAULT_MODELS: readonly (readonly [vendor: string, model: string])[] = [
  ["anthropic", "anthropic/claude-sonnet-5-5"],
  ["openai", "openai/gpt-5.6-terra"],
  ["google", "google/gemini-3.8-flash"],
  ["openrouter", "openrouter/anthropic/claude-sonnet-5"],
];

export type FirstModel = {
  /** Null when there is neither a choice nor a key. */
  found: FoundModel | null;
  /** Says that the model kept from last time is no longer known. */
  warning?: string;
};

/** The model to start with. Throws `model.unknown` for one that settings or flags name. */
export async function firstModel(
  sources: ModelSources,
  options: { finder: ModelFinder; preferred: string | undefined },
): Promise<FirstModel> {
  const { finder, preferred } = options;
  if (preferred === undefined) return configuredModel(sources, finder);
  try {
    return { found: await finder.find(preferred) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const instead = await configuredModel(sources, finder);
    const answers = instead.found ? `${modelName(instead.found.model)} answers` : "none is chosen";
    return { ...instead, warning: `The model you chose last, ${preferred}, is not known here: ${answers}.` };
  }
}

async function configuredModel(sources: ModelSources, finder: ModelFinder): Promise<FirstModel> {
  const reference = sources.settings.model ?? modelWithKey(sources);
  return { found: reference === undefined ? null : await finder.find(reference) };
}

function modelWithKey({ settings, env }: ModelSources): string | undefined {
  const withKey = DEFAULT_MODELS.find(([vendor]) => hasKey(vendor, env, settings.providers));
  if (withKey) return withKey[1];
  const declared = Object.entries(settings.providers ?? {}).flatMap(([name, { models = [] }]) =>
    models.map((model) => `${name}/${typeof model === "string" ? model : model.id}`),
  );
  return declared[0];
}

const KEPT = { keep: true };

/**
 * The choice during a session. What is chosen is kept for later starts, except what an external runtime is asked for:
 * its names are not ours, and it says itself whether it has taken them.
 */
export function createModelChoice(options: {
  finder: ModelFinder;
  preferences: StateFile<Preferences>;
  conversation: () => LiveConversation;
}): ModelChoice {
  const { finder, preferences, conversation } = options;
  const current = () => finder.known(conversation().state().model);
  const isExternal = () => conversation().state().runtime !== NATIVE;
  return {
    current,
    list: (listing) => finder.list(listing),
    offered: async () => {
      if (!isExternal()) return null;
      const choice = await conversation().agentChoice("model");
      const { current: chosen = null, values = [] } = choice ?? {};
      return { agent: conversation().state().runtime, current: chosen, values };
    },
    check: async (reference) => {
      await finder.find(reference);
    },
    key: finder.key,
    choose: async (reference, { keep } = KEPT) => {
      if (isExternal()) {
        await conversation().send({ type: "set_model", model: reference });
        return null;
      }
      const { model, thinking } = await finder.find(reference);
      const name = modelName(model);
      await conversation().send({ type: "set_model", model: name });
      if (thinking) await conversation().send({ type: "set_thinking", thinking });
      // A short name is kept as it is, so that it follows the settings.
      const kept = thinking === undefined ? { model: reference } : { model: name, thinking };
      if (keep) await preferences.update((value) => ({ ...value, ...kept }));
      return model;
    },
    setThinking: async (level, { keep } = KEPT) => {
      if (isExternal()) {
        await conversation().send({ type: "set_thinking", thinking: level });
        return false;
      }
      const model = current();
      if (model && level !== "off" && !model.thinking.includes(level)) {
        const known =
          model.thinking.length === 0 ? "it cannot think" : `it knows ${model.thinking.join(", ")}`;
        throw new AppError(
          "thinking.unsupported",
          `${model.name} does not think at level ${level}: ${known}.`,
        );
      }
      await conversation().send({ type: "set_thinking", thinking: level });
      if (keep) await preferences.update((value) => ({ ...value, thinking: level }));
      return true;
    },
  };
}
