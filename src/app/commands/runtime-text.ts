// What /runtime says: who takes the turns, how each agent is, and what does not hold with one. Pure.
import type { App, RuntimeStatus } from "../app.ts";
import { abilitiesOf } from "../routing/runtime-words.ts";

type Status = Awaited<ReturnType<App["runtimes"]["status"]>>;

/** Markdown: a point for each runtime; what matters of one that could be chosen is below it. */
export function runtimeStatusText({ mode, effective, health, runtimes }: Status): string {
  const rows = runtimes.flatMap((runtime) => [
    `- ${runtime.name} (${runtime.kind}): ${marksOf(runtime).join(", ")}`,
    ...(runtime.name === effective ? healthLines(effective, health) : []),
    ...(runtime.enabled && runtime.available && runtime.kind !== "native" ? abilityLines(runtime) : []),
  ]);
  return [`Mode: ${mode}`, `Effective runtime: ${effective}`, "", ...rows].join("\n");
}

/** What a person should know who has just chosen it. */
export function activationText(runtime: RuntimeStatus): string {
  const { name, login, limits, capabilities } = runtime;
  const { cannot = [], steering = "" } = capabilities ? abilitiesOf(capabilities) : {};
  return [
    `${name} takes the next turn (forced). It gets the conversation so far.`,
    ...(login?.ok === false ? [`It is not logged in. ${login.hint ?? ""}`.trim()] : []),
    ...(limits.length === 0 ? [] : [`What does not hold with it: ${limits.join(" ")}`]),
    ...(cannot.length === 0 ? [] : [`It cannot ${listed(cannot)}. Steering ${steering}.`]),
  ].join("\n\n");
}

function marksOf({ enabled, available, version, detail, login, hint }: RuntimeStatus): string[] {
  const words = [
    enabled ? "enabled" : "disabled",
    available ? "available" : "not available",
    version,
    detail,
    login === null ? "" : login.ok ? "logged in" : `not logged in: ${login.hint ?? ""}`,
    available ? "" : hint,
  ];
  return words.map((word) => word.trim().replace(/[.:]$/, "")).filter((word) => word !== "");
}

function healthLines(effective: string, health: Status["health"]): string[] {
  if (effective === "native") return [];
  if (health === null) return ["  - not started yet"];
  const { alive, externalSessionId = "", model } = health;
  const words = [
    alive ? "running" : "not running, the next prompt starts it",
    model ? `model ${model}` : "",
    externalSessionId === "" ? "" : `its own session ${externalSessionId}`,
  ];
  return [`  - ${words.filter((word) => word !== "").join(", ")}`];
}

function abilityLines({ capabilities }: RuntimeStatus): string[] {
  if (!capabilities) return [];
  const { cannot, steering } = abilitiesOf(capabilities);
  const lacks = cannot.length === 0 ? "" : `cannot ${listed(cannot)}; `;
  return [`  - ${lacks}steering ${steering}`];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
