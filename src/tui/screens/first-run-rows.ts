// The first screen of the first run: the ways to a model as rows, and what is said about each. Pure.
import { type FoundAgents, KEY_VENDORS, type LocalModels } from "../../app/ways-to-a-model.ts";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";

export type Found = { local: LocalModels | null; agents: FoundAgents };

/** The rows are the same before and after it is known what is there; `address` is Ollama's. */
export function modelItems(found: Found | null, address: string): PickerItem<string>[] {
  const item = (value: string, label: string, detail: string) => ({ value, label, detail, current: false });
  return [
    item("key", "paste a key", KEY_VENDORS.map(({ name }) => name).join(", ")),
    item("local", "a model on this machine", localWords(found, address)),
    item("agent", "an agent you already use", agentWords(found)),
    item("demo", "the demo", "no key, no network, on a small project"),
  ];
}

/** `files` as a person reads them. */
export function modelPreview(
  value: string | undefined,
  found: Found | null,
  files: { keys: string; settings: string },
): PreviewLine[] {
  const variables = KEY_VENDORS.map(({ variable }) => variable).join(", ");
  switch (value) {
    case "key":
      return [
        previewLine(`Kept in ${files.keys} for you alone, never shown.`),
        previewLine(`Or set one of these and start again: ${variables}.`, "dim"),
      ];
    case "local":
      return [previewLine(`Written to ${files.settings}; /model changes between them.`, "text", 2)];
    case "agent":
      return [
        previewLine(
          "It gets the conversation and uses its own login and model; /runtime changes.",
          "text",
          2,
        ),
        ...(found?.agents.missing ?? []).map((each) =>
          previewLine(`${each.command} is here; it also needs: npm install -g ${each.package}`, "dim", 2),
        ),
      ];
    default:
      return [previewLine("Nothing is kept; leave it with /exit.")];
  }
}

function localWords(found: Found | null, address: string): string {
  if (found === null) return `looking for Ollama on ${address}`;
  if (found.local === null) return `Ollama does not answer on ${address}`;
  const count = found.local.models.length;
  if (count === 0) return `Ollama answers on ${address}, without a model`;
  return `Ollama answers on ${address} with ${count} ${count === 1 ? "model" : "models"}`;
}

function agentWords(found: Found | null): string {
  if (found === null) return "looking on your PATH";
  const { agents, missing } = found.agents;
  if (agents.length > 0) return `${agents.map(({ name }) => name).join(", ")} on your PATH`;
  if (missing.length > 0) return `${missing.map(({ command }) => command).join(", ")} needs an adapter`;
  return "none is on your PATH";
}
