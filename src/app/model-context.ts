// What the model is told, as frontends see and change it: system text, roles, prompt templates, what a request holds.
import type { Calibration } from "../runtimes/native/calibration.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { App, ModelChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { createContextReport } from "./context-report.ts";
import { createContextWarning } from "./context-warning.ts";
import type { ConversationHolder } from "./conversation-holder.ts";
import type { ModelFinder } from "./model-finder.ts";
import { createPrompter } from "./prompter.ts";
import { createRoleChoice } from "./role-choice.ts";
import type { createSystemText } from "./system-text.ts";
import { createTemplateChoice } from "./template-choice.ts";

export function createModelContext(options: {
  parts: AppParts;
  finder: ModelFinder;
  holder: ConversationHolder;
  models: ModelChoice;
  workbench: Workbench;
  systemText: ReturnType<typeof createSystemText>;
  calibration: Calibration;
}): Pick<App, "roles" | "system" | "templates" | "context" | "prompt"> {
  const { parts, finder, holder, models, workbench, systemText, calibration } = options;
  const conversation = holder.current;
  const warn = (): void => void conversation().subscribe(createContextWarning(conversation(), models));
  warn();
  holder.onReplaced(warn);
  const templates = createTemplateChoice(parts, conversation);
  return {
    prompt: createPrompter({ conversation, models, templates, workspace: workbench.workspace }),
    roles: createRoleChoice({ parts, finder, conversation }),
    system: {
      parts: async () => (await systemText()).parts,
      add: (text) => conversation().emit({ type: "system_changed", text }),
    },
    templates,
    context: createContextReport({ workbench, systemText, calibration, conversation, models }),
  };
}
