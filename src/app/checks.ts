// What `hearth doctor` asks of an App: is there a model to ask, are the agents there?
import { hasKey, vendorNames } from "../providers/vendors.ts";
import type { App, RuntimeStatus } from "./app.ts";

export type Check = { name: string; ok: boolean; detail: string };

/** One line for each vendor that could be used, and one that says whether there is any model. Never a value. */
export function checkKeys(app: App): Check[] {
  const custom = app.settings.providers;
  const vendors = vendorNames(custom).map((vendor) => ({ vendor, there: hasKey(vendor, app.env, custom) }));
  const model = app.models.current();
  return [
    ...vendors
      .filter(({ there }) => there)
      .map(({ vendor }) => ({ name: `key of ${vendor}`, ok: true, detail: "set" })),
    model === null
      ? { name: "model", ok: false, detail: "no key was found; set ANTHROPIC_API_KEY or another vendor's" }
      : { name: "model", ok: true, detail: `${model.vendor}/${model.id}` },
  ];
}

/** An enabled agent that cannot be started fails the check, where the settings or the person named it. */
export async function checkRuntimes(app: App): Promise<Check[]> {
  const { runtimes, effective } = await app.runtimes.status();
  return runtimes
    .filter((runtime) => runtime.enabled)
    .map((runtime) => ({
      name: `runtime ${runtime.name}`,
      ok: runtime.available || !(runtime.declared || runtime.name === effective),
      detail: runtimeDetail(runtime),
    }));
}

function runtimeDetail({ available, version, detail, login, hint, declared }: RuntimeStatus): string {
  if (!available && !declared && hint.startsWith("Install")) return `not installed (${detail})`;
  const words = [
    version,
    detail,
    login?.ok === false ? `not logged in. ${login.hint ?? ""}`.trim() : "",
    available ? "" : hint,
  ];
  return words.filter((word) => word !== "").join("; ") || "available";
}
