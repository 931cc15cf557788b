// Which model answers: the one asked for, the one kept from last time, or the best one there is a key for.

import type { Environment } from "../config/env.ts";
import type { Preferences } from "../config/preferences.ts";
import type { Settings } from "../config/settings.ts";
import type { StateFile } from "../config/state-file.ts";
import { AppError } from "../lib/app-error.ts";
import type { Model, ThinkingLevel } from "../protocol/model.ts";
import { type FoundModel, findModel, listModels } from "../providers/catalog.ts";
import { hasKey, vendorNames } from "../providers/vendors.ts";
import type { ModelChoice } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";

/** Vendors in the order they are looked for, with the model a person most likely wants. */
const DEFAULT_MODELS: readonly (readonly [vendor: string, model: string])[] = [
  ["anthropic", "anthropic/claude-sonnet-5-5"],
  ["openai", "openai/gpt-5.6-terra"],
  ["google", "google/gemini-3.8-flash"],
  ["openrouter", "openrouter/anthropic/claude-sonnet-5"],
];

/** `local` is a model without a service, in no catalogue: the demo's. */
export type ModelSources = { env: Environment; settings: Settings; local?: { model: Model } };

/** The model of a reference. Throws `model.unknown` with near names. */
export async function findAnyModel(sources: ModelSources, reference: string): Promise<FoundModel> {
  const local = sources.local?.model;
  if (local && reference === `${local.vendor}/${local.id}`) return { model: local };
  return findModel(reference, catalogOptions(sources));
}

/** What findModel needs, from the settings. */
export function catalogOptions({ env, settings }: ModelSources): Parameters<typeof findModel>[1] {
  return {
    env,
    ...(settings.providers === undefined ? {} : { custom: settings.providers }),
    ...(settings.models === undefined ? {} : { aliases: settings.models }),
  };
}

/** The reference to start with; "" when there is neither a choice nor a key. */
export function firstModel(sources: ModelSources, preferred: string | undefined): string {
  const { settings, env } = sources;
  if (settings.model !== undefined) return settings.model;
  if (preferred !== undefined) return preferred;
  const withKey = DEFAULT_MODELS.find(([vendor]) => hasKey(vendor, env, settings.providers));
  if (withKey) return withKey[1];
  const [name, provider] =
    Object.entries(settings.providers ?? {}).find(([, { models }]) => models?.length) ?? [];
  const declared = provider?.models?.[0];
  if (name === undefined || declared === undefined) return "";
  return `${name}/${typeof declared === "string" ? declared : declared.id}`;
}

/** `found` is the model in force at the start; kept up by `choose`. */
export function createModelChoice(
  sources: ModelSources & { preferences: StateFile<Preferences> },
  options: { conversation: () => LiveConversation; found: Model | null },
): ModelChoice {
  const { conversation } = options;
  const { preferences, local } = sources;
  let current = options.found;
  return {
    current: () => current,
    list: async () => {
      const custom = sources.settings.providers;
      const usable = vendorNames(custom).filter((vendor) => hasKey(vendor, sources.env, custom));
      const lists = await Promise.all(usable.map((vendor) => listModels(vendor, catalogOptions(sources))));
      return [...(local ? [local.model] : []), ...lists.flat()];
    },
    choose: async (reference) => {
      const { model, thinking } = await findAnyModel(sources, reference);
      await conversation().send({ type: "set_model", model: reference });
      if (thinking) await conversation().send({ type: "set_thinking", thinking });
      current = model;
      await preferences.update((value) => ({ ...value, model: reference }));
      return model;
    },
    setThinking: async (level: ThinkingLevel) => {
      if (current && level !== "off" && !current.thinking.includes(level)) {
        const known =
          current.thinking.length === 0 ? "it cannot think" : `it knows ${current.thinking.join(", ")}`;
        throw new AppError(
          "thinking.unsupported",
          `${current.name} does not think at level ${level}: ${known}.`,
        );
      }
      await conversation().send({ type: "set_thinking", thinking: level });
      await preferences.update((value) => ({ ...value, thinking: level }));
    },
  };
}
