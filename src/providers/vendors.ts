// Vendors: who serves which wire API, at which address and with whose key; and the endpoints settings declare.
import { AppError } from "../lib/app-error.ts";
import type { Price, ThinkingLevel, WireApi } from "../protocol/model.ts";
import type { Endpoint } from "./endpoint.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A model as settings declare it; what is left out gets generous defaults. */
export type DeclaredModel = {
  id: string;
  name?: string | undefined;
  contextWindow?: number | undefined;
  maxOutput?: number | undefined;
  input?: ("text" | "image")[] | undefined;
  thinking?: ThinkingLevel[] | undefined;
  price?: Price | undefined;
  compat?: Record<string, unknown> | undefined;
};

/** `providers.NAME` of the settings. The name of a built-in vendor changes that one. */
type CustomProvider = {
  /** Default openai-chat; "openai", "anthropic" and "google" are short names. */
  api?: WireApi | "openai" | "anthropic" | "google" | undefined;
  baseUrl?: string | undefined;
  /** Absent for endpoints without a key. */
  keyEnv?: string | undefined;
  headers?: Record<string, string> | undefined;
  models?: (string | DeclaredModel)[] | undefined;
};

export type CustomProviders = Readonly<Record<string, CustomProvider>>;

export type Vendor = {
  name: string;
  api: WireApi;
  /** As the vendor's SDK wants it (OpenAI's with /v1, the others' without a version). */
  baseUrl: string;
  baseUrlEnv?: string;
  /** The first that is set and not empty counts. */
  keyEnvs: readonly string[];
  headers?: Readonly<Record<string, string>>;
  /** Model.compat of the vendor's models where the catalogue says nothing. */
  compat?: Readonly<Record<string, unknown>>;
};

const VENDORS: readonly Vendor[] = [
  {
    name: "anthropic",
    api: "anthropic-messages",
    baseUrl: "https://api.anthropic.com",
    baseUrlEnv: "ANTHROPIC_BASE_URL",
    keyEnvs: ["ANTHROPIC_API_KEY"],
  },
  {
    name: "openai",
    api: "openai-responses",
    baseUrl: "https://api.openai.com/v1",
    baseUrlEnv: "OPENAI_BASE_URL",
    keyEnvs: ["OPENAI_API_KEY"],
  },
  {
    name: "google",
    api: "google-generative",
    baseUrl: "https://generativelanguage.googleapis.com",
    baseUrlEnv: "GOOGLE_GEMINI_BASE_URL",
    keyEnvs: ["GOOGLE_API_KEY", "GEMINI_API_KEY"],
  },
  {
    name: "openrouter",
    api: "openai-chat",
    baseUrl: "https://openrouter.ai/api/v1",
    baseUrlEnv: "OPENROUTER_BASE_URL",
    keyEnvs: ["OPENROUTER_API_KEY"],
    compat: { thinkingFormat: "openrouter" },
  },
  {
    name: "deepseek",
    api: "openai-chat",
    baseUrl: "https://api.deepseek.com",
    keyEnvs: ["DEEPSEEK_API_KEY"],
    compat: { thinkingFormat: "deepseek", requiresReasoningContentOnAssistantMessages: true },
  },
  { name: "groq", api: "openai-chat", baseUrl: "https://api.groq.com/openai/v1", keyEnvs: ["GROQ_API_KEY"] },
  {
    name: "mistral",
    api: "openai-chat",
    baseUrl: "https://api.mistral.ai/v1",
    keyEnvs: ["MISTRAL_API_KEY"],
    compat: { toolCallIds: "mistral" },
  },
  { name: "xai", api: "openai-responses", baseUrl: "https://api.x.ai/v1", keyEnvs: ["XAI_API_KEY"] },
];

const SHORT_APIS = {
  openai: "openai-chat",
  anthropic: "anthropic-messages",
  google: "google-generative",
} as const;

/** Built-in vendors first, then those of the settings. */
export function vendorNames(custom: CustomProviders = {}): string[] {
  return [...new Set([...VENDORS.map(({ name }) => name), ...Object.keys(custom)])];
}

/** The vendor as settings change it; null when nobody knows the name. */
export function findVendor(name: string, custom: CustomProviders = {}): Vendor | null {
  const known = VENDORS.find((vendor) => vendor.name === name);
  const changed = Object.hasOwn(custom, name) ? custom[name] : undefined;
  if (changed === undefined) return known ?? null;
  const api = apiOf(changed) ?? known?.api ?? "openai-chat";
  const headers = { ...known?.headers, ...changed.headers };
  return {
    ...known,
    name,
    api,
    baseUrl: changed.baseUrl ?? known?.baseUrl ?? "",
    keyEnvs: changed.keyEnv === undefined ? (known?.keyEnvs ?? []) : [changed.keyEnv],
    headers,
  };
}

/** Whether requests go to another address than the vendor's own; an endpoint of the settings always does. */
export function isMoved(name: string, env: Environment, custom: CustomProviders = {}): boolean {
  const known = VENDORS.find((vendor) => vendor.name === name);
  if (known === undefined) return Object.hasOwn(custom, name);
  const changed = Object.hasOwn(custom, name) ? custom[name] : undefined;
  return movedTo(known, env) !== undefined || changed?.baseUrl !== undefined;
}

/**
 * Where and as whom to speak to a vendor. Settings move an address before its variable does. Throws AppError
 * `provider.auth` when the key is missing (naming the variables), `model.unknown` for an unknown vendor and
 * `settings.provider` for a declared endpoint without an address.
 */
export function endpointFor(
  name: string,
  { env, custom = {} }: { env: Environment; custom?: CustomProviders },
): Endpoint {
  const vendor = findVendor(name, custom);
  if (vendor === null) throw unknownVendor(name, custom);
  const ownUrl = custom[name]?.baseUrl === undefined ? movedTo(vendor, env) : undefined;
  const baseUrl = (ownUrl ?? vendor.baseUrl).replace(/\/+$/, "");
  if (baseUrl === "") {
    throw new AppError("settings.provider", `The provider ${name} has no address.`, {
      hint: `Set providers.${name}.baseUrl in the settings.`,
    });
  }
  const keyEnv = vendor.keyEnvs.find((variable) => (env[variable] ?? "") !== "");
  const apiKey = keyEnv === undefined ? undefined : env[keyEnv];
  if (vendor.keyEnvs.length > 0 && apiKey === undefined) throw missingKey(vendor);
  return {
    vendor: name,
    baseUrl,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(keyEnv === undefined ? {} : { keyEnv }),
    ...(vendor.headers === undefined ? {} : { headers: vendor.headers }),
  };
}

/** Whether the vendor can be asked: its key is there, or it needs none. */
export function hasKey(name: string, env: Environment, custom: CustomProviders = {}): boolean {
  const vendor = findVendor(name, custom);
  if (vendor === null) return false;
  return vendor.keyEnvs.length === 0 || vendor.keyEnvs.some((variable) => (env[variable] ?? "") !== "");
}

export function unknownVendor(name: string, custom: CustomProviders): AppError {
  return new AppError("model.unknown", `There is no vendor "${name}".`, {
    hint: `Known: ${vendorNames(custom).join(", ")}; others are declared in the settings under providers.`,
  });
}

function apiOf({ api }: CustomProvider): WireApi | undefined {
  return api === "openai" || api === "anthropic" || api === "google" ? SHORT_APIS[api] : api;
}

function movedTo({ baseUrlEnv }: Vendor, env: Environment): string | undefined {
  const url = baseUrlEnv === undefined ? undefined : env[baseUrlEnv]?.trim();
  return url === "" ? undefined : url;
}

function missingKey({ name, keyEnvs }: Vendor): AppError {
  return new AppError("provider.auth", `${name} needs a key, and ${keyEnvs.join(" or ")} is not set.`, {
    hint: `Set it: export ${keyEnvs[0]}=... (or try the program without a key: hearth --demo)`,
  });
}
