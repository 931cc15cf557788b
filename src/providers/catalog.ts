// Catalog: from a model's name in flags and settings to the model; from the settings' declarations to models.
import { AppError } from "../lib/app-error.ts";
import { type Model, ThinkingLevel } from "../protocol/model.ts";
import { catalogModels } from "./catalog-data.ts";
import {
  type CustomProviders,
  type DeclaredModel,
  type Environment,
  findVendor,
  isMoved,
  unknownVendor,
  type Vendor,
  vendorNames,
} from "./vendors.ts";

export type CatalogOptions = {
  env: Environment;
  custom?: CustomProviders;
  /** Short names of the settings: `{fast: "anthropic/claude-haiku-4-5"}`. */
  aliases?: Readonly<Record<string, string>>;
};

/** `thinking` is the level of a reference such as openai/gpt-5:high. */
export type FoundModel = { model: Model; thinking?: ThinkingLevel };

/** Where bare ids are looked for; OpenRouter's ids name other vendors' models and would make them ambiguous. */
const BARE_VENDORS = ["anthropic", "openai", "google"];
const NEAR_NAMES = 5;

/** What an id that nobody described can probably do. */
const GENEROUS = { contextWindow: 200_000, maxOutput: 32_000 };

/**
 * Resolves VENDOR/ID[:THINKING], an alias, or an id alone that only one vendor has. Ids may hold slashes and
 * colons. An unknown id is accepted when settings declare it or the vendor's address was moved. Throws AppError
 * `model.unknown` with near names.
 */
export async function findModel(reference: string, options: CatalogOptions): Promise<FoundModel> {
  const whole = await lookUp(reference, options);
  if (whole !== null) return whole;
  const { name, thinking } = splitThinking(reference);
  const found = thinking === undefined ? null : await lookUp(name, options);
  if (found !== null && thinking !== undefined) return { ...found, thinking };
  const accepted = acceptUndescribed(name, options);
  if (accepted !== null) return { model: accepted, ...(thinking === undefined ? {} : { thinking }) };
  throw await unknownModel(name, options);
}

/** Every model of a vendor: those that settings declare, then the catalogue's. */
export async function listModels(vendorName: string, options: CatalogOptions): Promise<Model[]> {
  const vendor = findVendor(vendorName, options.custom);
  if (vendor === null) return [];
  const shipped = (await catalogModels(vendorName)).map((model) => ofVendor(model, vendor, options));
  const declared = (options.custom?.[vendorName]?.models ?? []).map((entry) => {
    const model: DeclaredModel = typeof entry === "string" ? { id: entry } : entry;
    return declaredModel(model, vendor, shipped);
  });
  const ids = new Set(declared.map(({ id }) => id));
  return [...declared, ...shipped.filter(({ id }) => !ids.has(id))];
}

/** The model of exactly this name, alias or bare id; null when there is none. */
async function lookUp(reference: string, options: CatalogOptions): Promise<FoundModel | null> {
  const alias = options.aliases?.[reference];
  if (alias !== undefined && alias !== reference) return findModel(alias, { ...options, aliases: {} });
  const { vendor, id } = splitVendor(reference, options.custom);
  if (vendor !== null) {
    const model = (await listModels(vendor, options)).find((candidate) => candidate.id === id);
    return model === undefined ? null : { model };
  }
  const vendors = [...new Set([...BARE_VENDORS, ...Object.keys(options.custom ?? {})])];
  const lists = await Promise.all(vendors.map((name) => listModels(name, options)));
  const models = lists.flat().filter((model) => model.id === reference);
  if (models.length > 1) throw ambiguous(reference, models);
  return models[0] === undefined ? null : { model: models[0] };
}

function splitVendor(reference: string, custom?: CustomProviders): { vendor: string | null; id: string } {
  const slash = reference.indexOf("/");
  const vendor = reference.slice(0, Math.max(0, slash));
  return findVendor(vendor, custom) === null
    ? { vendor: null, id: reference }
    : { vendor, id: reference.slice(slash + 1) };
}

function splitThinking(reference: string): { name: string; thinking?: ThinkingLevel } {
  const colon = reference.lastIndexOf(":");
  const level = ThinkingLevel.safeParse(reference.slice(colon + 1));
  if (colon < 1 || !level.success) return { name: reference };
  return { name: reference.slice(0, colon), thinking: level.data };
}

/** A vendor at another address may serve anything; what it can do is not known. */
function acceptUndescribed(name: string, { env, custom = {} }: CatalogOptions): Model | null {
  const { vendor: vendorName, id } = splitVendor(name, custom);
  const vendor = vendorName === null ? null : findVendor(vendorName, custom);
  if (vendor === null || id === "" || !isMoved(vendor.name, env, custom)) return null;
  const isOwnApi = !Object.hasOwn(custom, vendor.name);
  return {
    ...undescribed(id, vendor),
    thinking: isOwnApi ? ["off", "minimal", "low", "medium", "high"] : [],
  };
}

function undescribed(id: string, vendor: Vendor): Model {
  return {
    id,
    vendor: vendor.name,
    name: id,
    api: vendor.api,
    ...GENEROUS,
    input: ["text", "image"],
    thinking: [],
    price: null,
    ...(vendor.compat === undefined ? {} : { compat: { ...vendor.compat } }),
  };
}

/** A declaration of a known id changes what it names and leaves the rest. */
function declaredModel(declared: DeclaredModel, vendor: Vendor, shipped: readonly Model[]): Model {
  const base = shipped.find(({ id }) => id === declared.id) ?? undescribed(declared.id, vendor);
  const compat = { ...base.compat, ...declared.compat };
  return {
    ...base,
    name: declared.name ?? base.name,
    contextWindow: declared.contextWindow ?? base.contextWindow,
    maxOutput: declared.maxOutput ?? Math.min(base.maxOutput, declared.contextWindow ?? base.maxOutput),
    input: declared.input ?? base.input,
    thinking: declared.thinking ?? base.thinking,
    price: declared.price ?? base.price,
    ...(Object.keys(compat).length === 0 ? {} : { compat }),
  };
}

/** Settings may have the vendor spoken to over another wire API. */
function ofVendor(model: Model, vendor: Vendor, { custom = {} }: CatalogOptions): Model {
  const api = custom[vendor.name]?.api === undefined ? model.api : vendor.api;
  const compat = { ...vendor.compat, ...model.compat };
  return { ...model, api, ...(Object.keys(compat).length === 0 ? {} : { compat }) };
}

function ambiguous(id: string, models: readonly Model[]): AppError {
  return new AppError("model.unknown", `Several vendors have a model "${id}".`, {
    hint: `Name one: ${models.map(nameOf).join(", ")}.`,
  });
}

async function unknownModel(name: string, options: CatalogOptions): Promise<AppError> {
  const { vendor } = splitVendor(name, options.custom);
  const slash = name.indexOf("/");
  if (vendor === null && slash > 0) return unknownVendor(name.slice(0, slash), options.custom ?? {});
  const vendors = vendor === null ? vendorNames(options.custom) : [vendor];
  const lists = await Promise.all(vendors.map((known) => listModels(known, options)));
  const names = lists.flat().map(nameOf);
  const near = await nearNames(name, names);
  return new AppError("model.unknown", `There is no model "${name}".`, {
    hint: `${near.length > 0 ? `Near names: ${near.join(", ")}. ` : ""}\`hearth models\` lists all.`,
  });
}

/** The best fuzzy matches; where nothing matches, the last the vendor has. */
async function nearNames(name: string, names: readonly string[]): Promise<string[]> {
  const { default: fuzzysort } = await import("fuzzysort");
  const matches = fuzzysort.go(name, names, { limit: NEAR_NAMES }).map(({ target }) => target);
  if (matches.length > 0) return matches;
  const { nearest } = await import("../lib/nearest.ts");
  const close = nearest(name, names);
  return close === undefined ? names.slice(0, NEAR_NAMES) : [close];
}

function nameOf({ vendor, id }: Model): string {
  return `${vendor}/${id}`;
}
