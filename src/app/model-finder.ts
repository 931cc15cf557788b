// ModelFinder: from a model's name to the model, in the catalogue, the settings' declarations and the demo.
import type { Environment } from "../config/env.ts";
import type { Settings } from "../config/settings.ts";
import type { Model } from "../protocol/model.ts";
import { type FoundModel, findModel, listModels } from "../providers/catalog.ts";
import { hasKey, vendorNames } from "../providers/vendors.ts";

/** `local` is a model without a service, in no catalogue: the demo's. */
export type ModelSources = { env: Environment; settings: Settings; local?: { model: Model } };

export interface ModelFinder {
  /** The model of a reference (VENDOR/ID[:THINKING], short name, bare id). Throws `model.unknown` with near names. */
  find(reference: string): Promise<FoundModel>;
  /** The model of a name that `find` gave before; null for any other. */
  known(name: string): Model | null;
  /** Every model there is a key for. */
  list(): Promise<Model[]>;
}

/** VENDOR/ID, as sessions and requests name a model. */
export function modelName({ vendor, id }: Model): string {
  return `${vendor}/${id}`;
}

export function createModelFinder({ env, settings, local }: ModelSources): ModelFinder {
  const custom = settings.providers;
  const options = {
    env,
    ...(custom === undefined ? {} : { custom }),
    ...(settings.models === undefined ? {} : { aliases: settings.models }),
  };
  const found = new Map<string, Model>();
  const search = (reference: string): Promise<FoundModel> =>
    local && reference === modelName(local.model)
      ? Promise.resolve({ model: local.model })
      : findModel(reference, options);
  return {
    find: async (reference) => {
      const result = await search(reference);
      found.set(modelName(result.model), result.model);
      return result;
    },
    known: (name) => found.get(name) ?? null,
    list: async () => {
      const usable = vendorNames(custom).filter((vendor) => hasKey(vendor, env, custom));
      const lists = await Promise.all(usable.map((vendor) => listModels(vendor, options)));
      return [...(local ? [local.model] : []), ...lists.flat()];
    },
  };
}
