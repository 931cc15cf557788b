// Endpoint: where and as whom a wire API is spoken. Made by vendors.ts, used by each wire API's stream.ts.

export type Endpoint = {
  /** Vendor's name for errors and the model's VENDOR/ID: "anthropic", "openrouter", a settings name. */
  vendor: string;
  /** Absent: the SDK's own default address. */
  baseUrl?: string;
  /** Absent for endpoints without a key (a model on this machine). */
  apiKey?: string;
  /** Name of the environment variable the key comes from, for error texts. */
  keyEnv?: string;
  headers?: Readonly<Record<string, string>>;
};

/** For the constructor of an SDK: null takes away the header that it would set from its made-up key. */
export function clientHeaders({ apiKey, headers }: Endpoint): Record<string, string | null> {
  return { ...(apiKey === undefined ? { Authorization: null } : {}), ...headers };
}
