// /model and /thinking: which model answers and how much it thinks.
import { AppError } from "../../lib/app-error.ts";
import { type Model, ThinkingLevel } from "../../protocol/model.ts";
import type { App } from "../app.ts";
import { formatTokens } from "../format.ts";
import { thinkingChoices } from "./argument-choices.ts";
import type { Command } from "./command.ts";

export const modelCommand: Command = {
  name: "model",
  usage: "[vendor/model[:thinking] | short name]",
  summary: "choose the model",
  whileBusy: "now",
  complete: async (app) => {
    // An agent that cannot start has told why already.
    const offered = await app.models.offered().catch(() => null);
    if (offered) return offered.values.map((value) => ({ value, detail: `a model of ${offered.agent}` }));
    const models = await listModels(app);
    return [
      ...Object.entries(app.settings.models ?? {}).map(([value, detail]) => ({ value, detail })),
      ...models.map((model) => ({
        value: `${model.vendor}/${model.id}`,
        detail: `${model.name}  ${formatTokens(model.contextWindow)}`,
      })),
    ];
  },
  run: async (args, app) => {
    if (args === "") return { ui: { kind: "picker", picker: "model" } };
    const model = await app.models.choose(args);
    if (model === null) return {};
    return { text: `Model: ${model.vendor}/${model.id} (${model.name}). It takes the next request.` };
  },
};

/** The models to choose from, as lists show them: family by family, the newest first. */
export async function listModels(app: App, options = { all: false }): Promise<Model[]> {
  const families = Map.groupBy(await app.models.list(options), familyOf);
  return [...families.values()].flatMap((models) => models.toSorted(byVersion));
}

/** The vendor; of a vendor that serves others' models, the maker too. */
function familyOf({ vendor, id }: Model): string {
  return `${vendor}/${id.slice(0, id.lastIndexOf("/") + 1)}`;
}

/** No catalogue says when a model came out: its version tells, and among equals one without a date is the newest. */
function byVersion(one: Model, other: Model): number {
  const [first, second] = [versionOf(one.id), versionOf(other.id)];
  return second.major - first.major || second.minor - first.minor || one.id.length - other.id.length;
}

/** `claude-opus-4-5-20251101` is 4.5, `gpt-4o` is 4. */
function versionOf(id: string): { major: number; minor: number } {
  const [, major = "0", minor = "0"] = /(?<!\d)(\d{1,2})(?!\d)(?:[.-](\d{1,2})(?!\w))?/.exec(id) ?? [];
  return { major: Number(major), minor: Number(minor) };
}

export const thinkingCommand: Command = {
  name: "thinking",
  usage: "[off|minimal|low|medium|high|max]",
  summary: "choose how much the model thinks",
  whileBusy: "now",
  complete: (app) => Promise.resolve(thinkingChoices(app)),
  run: async (args, app) => {
    if (args === "") return { text: `Thinking: ${app.conversation.state().thinking}.` };
    const level = ThinkingLevel.safeParse(args);
    if (!level.success) {
      throw new AppError("thinking.unknown", `"${args}" is no thinking level.`, {
        hint: `Known: ${ThinkingLevel.options.join(", ")}.`,
      });
    }
    const isSet = await app.models.setThinking(level.data);
    return isSet ? { text: `Thinking: ${level.data}.` } : {};
  },
};
