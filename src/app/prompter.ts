// Sends what a person wrote: templates and mentions expanded, images checked against what the model can see.
import { attachedBlock } from "../context/mention-block.ts";
import { expandMentions } from "../context/mentions.ts";
import { AppError } from "../lib/app-error.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { App, ModelChoice, TemplateChoice } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";
import { asksToThink, readThinkPrefix } from "./think-prefix.ts";

export type PrompterOptions = {
  conversation: () => LiveConversation;
  models: ModelChoice;
  templates: Pick<TemplateChoice, "expand">;
  workspace: Pick<Workbench["workspace"], "stat" | "readRange" | "list">;
};

/** Throws `model.none` or `model.images` before anything is sent. */
export function createPrompter({
  conversation,
  models,
  templates,
  workspace,
}: PrompterOptions): App["prompt"] {
  const warned = new Set<string>();
  return async (
    written,
    { images = [], attached = [], kind = "prompt", now = false, id, ...options } = {},
  ) => {
    const session = conversation();
    if (session.state().runtime === NATIVE) checkModel(models, images.length);
    const asked = askedThinking(session, models, written);
    const { text } = asked;
    const thinking = options.thinking ?? asked.thinking ?? undefined;
    await warnThinking(session, models, warned);
    const named = await expandMentions(await templates.expand(text), workspace, {
      seesImages: seesImages(session, models),
    });
    for (const message of named.problems) session.tell({ level: "warning", code: "mention", message });
    const all = [...images, ...named.images];
    const whole = [named.text, ...attached.map(attachedBlock)].join("\n\n");
    const content = { text: whole, id, ...(all.length === 0 ? {} : { images: all }) };
    // What is thought about more is a run of its own: a prompt waits for the one under way.
    switch (asked.thinking === null ? kind : "prompt") {
      case "prompt":
        return session.send({ type: "prompt", ...content, thinking });
      case "follow_up":
        return session.send({ type: "follow_up", ...content });
      case "steer":
        return session.send({ type: "steer", ...content, now });
    }
  };
}

/** What `!!think` asks for; told where there is nothing more to ask for. */
function askedThinking(session: LiveConversation, models: ModelChoice, written: string) {
  const model = models.current();
  const asked = readThinkPrefix(written, session.state().thinking, model);
  if (asksToThink(written) && asked.thinking === null) {
    const name = model?.name ?? "The model";
    const message = `${name} cannot think more than it does: the prompt is sent as usual.`;
    session.tell({ level: "warning", code: "model.thinking", message });
  }
  return asked;
}

/** What another runtime's model can see is not known. */
function seesImages(session: LiveConversation, models: ModelChoice): boolean {
  return session.state().runtime === NATIVE && models.current()?.input.includes("image") === true;
}

function checkModel(models: ModelChoice, images: number): void {
  const model = models.current();
  if (model === null) {
    throw new AppError("model.none", "There is no model to ask: no key was found.", {
      hint: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY, GOOGLE_API_KEY or OPENROUTER_API_KEY, or try `hearth --demo`.",
    });
  }
  if (images > 0 && !model.input.includes("image")) {
    throw new AppError("model.images", `${model.name} cannot see images.`, {
      hint: "Choose another model with --model or /model.",
    });
  }
}

/** Says once a model that the thinking asked for does nothing. */
async function warnThinking(
  session: LiveConversation,
  models: ModelChoice,
  warned: Set<string>,
): Promise<void> {
  const model = models.current();
  const { thinking, runtime } = session.state();
  if (model === null || runtime !== NATIVE || thinking === "off") return;
  if (model.thinking.some((level) => level !== "off") || warned.has(model.id)) return;
  warned.add(model.id);
  await session.emit({
    type: "notice",
    level: "warning",
    code: "model.thinking",
    message: `${model.name} cannot think: the thinking level ${thinking} is not sent.`,
  });
}
