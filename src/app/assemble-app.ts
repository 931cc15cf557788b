// Joins the parts into an App: one workbench, one table of runtimes, one conversation at a time.
import { createWorkbench, type Workbench } from "../runtimes/workbench.ts";
import type { App, PermissionChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { createConversationHolder } from "./conversation-holder.ts";
import { gitBranch } from "./git-branch.ts";
import { createModelChoice, findAnyModel, firstModel } from "./model-choice.ts";
import { createPrompter } from "./prompter.ts";
import { createRuntimeChoice, firstRuntime } from "./runtime-choice.ts";
import { createRuntimeTable } from "./runtime-table.ts";
import { createSystemText } from "./system-text.ts";

/** Throws AppErrors of model, session, runtime and tools; what was opened is closed again then. */
export async function assembleApp(parts: AppParts): Promise<App> {
  const { cwd, settings, paths, preferences, preferred } = parts;
  const reference = firstModel(parts, preferred.model);
  const found = reference === "" ? null : await findAnyModel(parts, reference);
  const runtime = firstRuntime(settings, parts.runtimeFlag, preferred.runtime);
  const holder = createConversationHolder({
    parts,
    workbench: () => workbench,
    runtime: (name) => runtimes(name),
    defaults: {
      model: reference,
      thinking: found?.thinking ?? settings.thinking ?? "off",
      mode: settings.permissionMode ?? "ask",
      runtime,
    },
  });
  const workbench = await openWorkbench(parts, () => holder.current().state().mode);
  const systemText = createSystemText(parts);
  const runtimes = createRuntimeTable({ parts, workbench, systemText });
  await holder.open().catch(async (error: unknown) => {
    await workbench.close();
    throw error;
  });
  const conversation = holder.current;
  const models = createModelChoice(parts, { conversation, found: found?.model ?? null });
  return {
    cwd,
    paths,
    env: parts.env,
    settings,
    get conversation() {
      return conversation();
    },
    sessions: holder.sessions,
    models,
    runtimes: createRuntimeChoice({ settings, preferences, conversation, runtime: runtimes }),
    permissions: permissionChoice(parts, conversation),
    trust: parts.trust,
    theme: preferred.theme ?? settings.theme ?? "dark",
    demo: parts.local !== undefined,
    warnings: [...parts.warnings, ...holder.notices()],
    gitBranch: () => gitBranch(cwd),
    onConversation: holder.onReplaced,
    prompt: createPrompter({ conversation, models, workspace: workbench.workspace }),
    ...inspection(workbench, systemText, conversation),
    setTheme: async (theme) => {
      await preferences.update((value) => ({ ...value, theme }));
    },
    close: async () => {
      await conversation().close();
      await workbench.close();
    },
  };
}

function openWorkbench(
  parts: AppParts,
  mode: Parameters<typeof createWorkbench>[0]["mode"],
): Promise<Workbench> {
  const { cwd, env, settings, paths, rules, remember, interactive } = parts;
  return createWorkbench({
    cwd,
    addDirs: settings.addDirs ?? [],
    env,
    allowedEnv: settings.env?.allow ?? [],
    keyVariables: Object.values(settings.providers ?? {}).flatMap(({ keyEnv }) => keyEnv ?? []),
    outputsDir: paths.outputsDir,
    home: paths.home,
    mode,
    rules,
    remember,
    interactive,
    readOnly: settings.readOnly ?? false,
    minimal: settings.profile === "minimal",
    ...(settings.tools === undefined ? {} : { only: settings.tools }),
  });
}

function permissionChoice(parts: AppParts, conversation: () => App["conversation"]): PermissionChoice {
  return {
    mode: () => conversation().state().mode,
    setMode: (mode) => conversation().send({ type: "set_mode", mode }),
    rules: () =>
      (["deny", "ask", "allow"] as const).flatMap((kind) =>
        parts.rules().flatMap((layer) => layer[kind].map((text) => ({ kind, text, source: layer.source }))),
      ),
  };
}

function inspection(
  workbench: Workbench,
  systemText: ReturnType<typeof createSystemText>,
  conversation: ReturnType<typeof createConversationHolder>["current"],
): Pick<App, "tools" | "contextParts" | "processes" | "stopProcess"> {
  const offered = () => workbench.openTools()(conversation().state().mode);
  return {
    tools: () =>
      Promise.resolve(offered().map(({ name, description, kind }) => ({ name, description, kind }))),
    contextParts: async () => {
      const { contextParts } = await import("../runtimes/native/context-parts.ts");
      const { parts } = await systemText();
      return contextParts({ system: parts, tools: offered(), history: conversation().history() });
    },
    processes: () =>
      workbench.workspace.processes().map((process) => ({
        id: process.id,
        command: process.command,
        startedMs: process.startedMs,
        running: process.running(),
        output: process.output(),
      })),
    stopProcess: async (id) => {
      await workbench.workspace
        .processes()
        .find((process) => process.id === id)
        ?.stop();
    },
  };
}
