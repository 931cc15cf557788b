// Prompt templates of the person and of a project that they trust, as frontends list and send them.
import type { TemplateChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { contextFolders } from "./context-folders.ts";
import type { LiveConversation } from "./conversation.ts";

const LINE = /^\/([^\s/]+)(?:\s+([\s\S]*))?$/;

export function createTemplateChoice(parts: AppParts, conversation: () => LiveConversation): TemplateChoice {
  const told = new Set<string>();
  const list: TemplateChoice["list"] = async () => {
    const [{ readTemplates }, { isCommand }] = await Promise.all([
      import("../context/prompt-templates.ts"),
      import("./commands/table.ts"),
    ]);
    const { templates, problems } = await readTemplates(contextFolders(parts, "prompts"), isCommand);
    for (const message of problems.filter((problem) => !told.has(problem))) {
      told.add(message);
      conversation().tell({ level: "warning", code: "template.left_out", message });
    }
    return templates;
  };
  return {
    list,
    expand: async (line) => {
      const [, name, written = ""] = LINE.exec(line) ?? [];
      if (name === undefined) return line;
      const template = (await list()).find((one) => one.name === name);
      if (!template) return line;
      const { expandTemplate } = await import("../context/prompt-templates.ts");
      return expandTemplate(template, written);
    },
  };
}
