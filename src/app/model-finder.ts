// ModelFinder: from a model's name to the model, in the catalogue, the settings' declarations and the demo.
import type { Environment } from "../config/env.ts";
import type { Settings } from "../config/settings.ts";
import type { Model } from "../protocol/model.ts";
import { type FoundModel, findModel, listModels } from "../providers/catalog.ts";
import { findVendor, hasKey, vendorNames } from "../providers/vendors.ts";

/** `local` is a model without a service, in no catalogue: the demo's. */
export type ModelSources = { env: Environment; settings: Settings; local?: { model: Model } };

export interface ModelFinder {
  /** The model of a reference (VENDOR/ID[:THINKING], short name, bare id). Throws `model.unknown` with near names. */
  find(reference: string): Promise<FoundModel>;
  /** The model of a name that `find` gave before; null for any other. */
  known(name: string): Model | null;
  /** Every model there is a key for; `all`: also those there is none for. */
  list(options?: { all: boolean }): Promise<Model[]>;
  /** Where a vendor's key is looked for, and whether it is there. */
  key(vendor: string): { variables: readonly string[]; isSet: boolean };
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
    key: (vendor) => ({
      variables: findVendor(vendor, custom)?.keyEnvs ?? [],
      isSet: vendor === local?.model.vendor || hasKey(vendor, env, custom),
    }),
    list: async ({ all } = { all: false }) => {
      const usable = vendorNames(custom).filter((vendor) => all || hasKey(vendor, env, custom));
      const lists = await Promise.all(usable.map((vendor) => listModels(vendor, options)));
      return [...(local ? [local.model] : []), ...lists.flat()];
    },
  };
}
