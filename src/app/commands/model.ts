// /model and /thinking: which model answers and how much it thinks.
import { AppError } from "../../lib/app-error.ts";
import { ThinkingLevel } from "../../protocol/model.ts";
import type { Command } from "./command.ts";

export const modelCommand: Command = {
  name: "model",
  usage: "[vendor/model[:thinking] | short name]",
  summary: "choose the model",
  whileBusy: "now",
  complete: async (app) => {
    const models = await app.models.list();
    return [
      ...Object.keys(app.settings.models ?? {}),
      ...models.map((model) => `${model.vendor}/${model.id}`),
    ];
  },
  run: async (args, app) => {
    if (args === "") return { ui: { kind: "picker", picker: "model" } };
    const model = await app.models.choose(args);
    return { text: `Model: ${model.vendor}/${model.id} (${model.name}). It takes the next request.` };
  },
};

export const thinkingCommand: Command = {
  name: "thinking",
  usage: "[off|minimal|low|medium|high|max]",
  summary: "choose how much the model thinks",
  whileBusy: "now",
  complete: () => Promise.resolve([...ThinkingLevel.options]),
  run: async (args, app) => {
    if (args === "") return { text: `Thinking: ${app.conversation.state().thinking}.` };
    const level = ThinkingLevel.safeParse(args);
    if (!level.success) {
      throw new AppError("thinking.unknown", `"${args}" is no thinking level.`, {
        hint: `Known: ${ThinkingLevel.options.join(", ")}.`,
      });
    }
    await app.models.setThinking(level.data);
    return { text: `Thinking: ${level.data}.` };
  },
};
