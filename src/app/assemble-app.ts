// Joins the parts into an App: one workbench, one table of runtimes, one conversation at a time.
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model } from "../protocol/model.ts";
import { preloadWireApi } from "../providers/preload.ts";
import { sweepTraces } from "../runtimes/external/traces.ts";
import { createWorkbench, type Workbench } from "../runtimes/workbench.ts";
import { sessionFolder } from "../session/session-paths.ts";
import type { App, FirstRun, PermissionChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { openCalibration } from "./calibration.ts";
import { createConversationHolder } from "./conversation-holder.ts";
import { createEventSink } from "./event-sink.ts";
import { listWorkspaceFiles } from "./file-list.ts";
import { gitBranch } from "./git-branch.ts";
import { createModelChoice, firstModel } from "./model-choice.ts";
import { createModelContext } from "./model-context.ts";
import { createModelFinder, type ModelFinder } from "./model-finder.ts";
import { processChoice, processNotice } from "./process-choice.ts";
import { lazyCheckpointChoice } from "./rollback/lazy-checkpoint-choice.ts";
import { createRuntimeChoice, firstRuntime } from "./runtime-choice.ts";
import { createRuntimeTable, modelStream } from "./runtime-table.ts";
import { firstSettings, pinnedSettings } from "./session-settings.ts";
import { createStatusCommand } from "./status-command.ts";
import { createSystemText } from "./system-text.ts";
import { trialChoice } from "./trial-choice.ts";

/** Throws AppErrors of model, session, runtime and tools; what was opened is closed again then. */
export async function assembleApp(parts: AppParts): Promise<App> {
  const { cwd, settings, paths, preferences, preferred, now } = parts;
  const finder = createModelFinder(parts);
  const { found, ...model } = await firstModel(parts, { finder, preferred: preferred.model });
  const { runtime, ...choice } = firstRuntime(settings, parts.runtimeFlag, preferred.runtime);
  const fallback = await fallbackModels(parts, finder);
  const first = firstSettings(parts, { found, runtime });
  const holder = createConversationHolder({
    parts,
    workbench: () => workbench,
    runtime: (name) => runtimes(name),
    finder,
    stream: () => modelStream({ parts, fallback }),
    first,
    pinned: pinnedSettings(parts, { first, found }),
  });
  const workbench = await openWorkbench(parts, holder.current);
  const systemText = createSystemText(parts, holder.current, workbench);
  const calibration = openCalibration(parts);
  const runtimes = createRuntimeTable({ parts, workbench, finder, fallback, systemText, calibration });
  await holder.open().catch(async (error: unknown) => {
    await workbench.close();
    throw error;
  });
  const conversation = holder.current;
  void sweepTraces(paths.agentsDir);
  const stopTelling = tellEventCommand(parts, workbench, holder);
  const models = createModelChoice({ finder, preferences, conversation });
  return {
    cwd,
    trial: trialChoice(parts.trial, holder),
    paths,
    env: parts.env,
    get settings() {
      return parts.settingsChoice.current();
    },
    settingsChoice: parts.settingsChoice,
    get conversation() {
      return conversation();
    },
    sessions: holder.sessions,
    checkpoints: checkpointChoice(parts, workbench, holder),
    models,
    runtimes: createRuntimeChoice({ settings, preferences, conversation, runtime: runtimes, now }),
    ...createModelContext({ parts, finder, holder, models, workbench, systemText, calibration }),
    permissions: permissionChoice(parts, conversation),
    trust: parts.trust,
    firstRun: firstRunOf(parts),
    theme: preferred.theme ?? settings.theme ?? "auto",
    demo: parts.local !== undefined,
    warnings: [...parts.warnings, ...warningsOf(model, choice), ...holder.notices()],
    gitBranch: () => gitBranch(cwd),
    onConversation: holder.onReplaced,
    ...inspection(parts, workbench, conversation),
    setTheme: async (theme) => {
      await preferences.update((value) => ({ ...value, theme }));
    },
    storeKey: parts.storeKey,
    preload: () => preloadModel(parts.local ? null : models.current()),
    historyFile:
      parts.session.kind === "none" ? null : `${sessionFolder(paths.historyDir, parts.project)}.jsonl`,
    listFiles: (options) => listWorkspaceFiles(workbench.workspace, options),
    close: () => closeAll(parts, { conversation, workbench, stopTelling, calibration }),
  };
}

type Closing = {
  conversation: () => { close: () => Promise<void> };
  workbench: Workbench;
  stopTelling: () => Promise<void>;
  calibration: { close: () => Promise<void> };
};

async function closeAll(parts: AppParts, closing: Closing): Promise<void> {
  try {
    await closing.conversation().close();
  } finally {
    await Promise.all([closing.stopTelling(), closing.workbench.close(), closing.calibration.close()]);
    parts.trial?.close();
  }
}

async function fallbackModels({ settings }: AppParts, finder: ModelFinder): Promise<Model[]> {
  const found = await Promise.all((settings.fallback ?? []).map((reference) => finder.find(reference)));
  return found.map(({ model }) => model);
}

function warningsOf(...firsts: readonly { warning?: string }[]): string[] {
  return firsts.flatMap(({ warning }) => warning ?? []);
}

function firstRunOf({ preferences, preferred }: AppParts): FirstRun {
  return {
    pending: preferred.welcome === undefined,
    done: async () => {
      await preferences.update((value) => ({ ...value, welcome: "seen" }));
    },
  };
}

/** Connects the event command of the settings to every conversation; gives the function that ends it. */
function tellEventCommand(
  { settings, cwd }: AppParts,
  { childEnv }: Workbench,
  { current, onReplaced }: ReturnType<typeof createConversationHolder>,
): () => Promise<void> {
  const command = settings.hooks?.event;
  if (command === undefined) return () => Promise.resolve();
  const onFailure = (message: string): void =>
    current().tell({ level: "warning", code: "hooks.event", message });
  const sink = createEventSink({ command, cwd, env: childEnv, onFailure });
  const follow = (): void => void current().subscribe(sink.write.bind(sink));
  follow();
  onReplaced(follow);
  return () => sink.close();
}

/** As the event command: of the person's own settings, or of a project that is trusted. */
function statusCommand({ settings, cwd }: AppParts, { childEnv }: Workbench): App["statusCommand"] {
  const command = settings.statusLine?.command;
  return command === undefined ? null : createStatusCommand({ command, cwd, env: childEnv });
}

/** Also where another runtime is active: the person may come back, and it is little. */
async function preloadModel(model: Model | null): Promise<void> {
  if (model) await preloadWireApi(model.api);
}

function openWorkbench(
  parts: AppParts,
  conversation: ReturnType<typeof createConversationHolder>["current"],
): Promise<Workbench> {
  const { cwd, env, settings, paths, rules, remember, interactive } = parts;
  return createWorkbench({
    cwd,
    addDirs: settings.addDirs ?? [],
    env,
    allowedEnv: settings.env?.allow ?? [],
    keyVariables: Object.values(settings.providers ?? {}).flatMap(({ keyEnv }) => keyEnv ?? []),
    outputsDir: paths.outputsDir,
    bashTimeoutS: settings.bash?.timeout,
    bashQuotaMb: settings.bash?.quota,
    home: paths.home,
    mode: () => conversation().state().mode,
    rules,
    remember,
    interactive,
    readOnly: settings.readOnly ?? false,
    minimal: settings.profile === "minimal",
    ...(settings.tools === undefined ? {} : { only: settings.tools }),
    checkpoints: checkpointOptions(parts, conversation),
    ...lentParts(parts, conversation),
    onProcessEnd: (process) => {
      const notice = processNotice(process);
      // Where the session is being closed at this moment, nobody reads it any more.
      if (notice)
        void conversation()
          .emit(notice)
          .catch(() => undefined);
    },
    ...(parts.session.kind === "none" ? {} : { audit: auditOptions(parts, conversation) }),
  });
}

/** What an editor lends and passes in. */
function lentParts(
  { editor, mcpServers }: AppParts,
  conversation: ReturnType<typeof createConversationHolder>["current"],
): Pick<Parameters<typeof createWorkbench>[0], "editor" | "mcpServers" | "onServerProblem"> {
  return {
    ...(editor === undefined ? {} : { editor }),
    ...(mcpServers === undefined ? {} : { mcpServers }),
    onServerProblem: (message) => conversation().tell({ level: "warning", code: "mcp.server", message }),
  };
}

/** Where nothing is to be stored they live as long as the program. */
function checkpointOptions(
  { settings, paths, cwd, now, newId, session, trial }: AppParts,
  conversation: ReturnType<typeof createConversationHolder>["current"],
): Parameters<typeof createWorkbench>[0]["checkpoints"] {
  if (settings.checkpoints === "off") return null;
  const temporary = session.kind === "none";
  return {
    dir: temporary
      ? join(tmpdir(), `hearth-checkpoints-${newId()}`)
      : checkpointFolder({ paths, cwd, trial }),
    temporary,
    exclude: [paths.dataDir, paths.configDir],
    now,
    onDamage: (message) =>
      void conversation().emit({ type: "notice", level: "warning", code: "checkpoints.damaged", message }),
  };
}

function auditOptions(
  { paths, now }: AppParts,
  conversation: ReturnType<typeof createConversationHolder>["current"],
): NonNullable<Parameters<typeof createWorkbench>[0]["audit"]> {
  const file = paths.auditFile;
  const message = `The audit log ${file} cannot be written; calls are not recorded there.`;
  return {
    file,
    now,
    onFailure: () =>
      void conversation().emit({ type: "notice", level: "warning", code: "audit.write", message }),
  };
}

/** The files of a try are others than those of its directory, also where they have the same names. */
function checkpointFolder({ paths, cwd, trial }: Pick<AppParts, "paths" | "cwd" | "trial">): string {
  return trial === null
    ? sessionFolder(paths.checkpointsDir, cwd)
    : join(paths.triesDir, trial.id, "checkpoints");
}

function checkpointChoice(
  { newId }: AppParts,
  { checkpoints }: Workbench,
  { current: conversation, moveTo }: ReturnType<typeof createConversationHolder>,
): App["checkpoints"] {
  return lazyCheckpointChoice({ checkpoints, conversation, moveTo, newId });
}

function permissionChoice(parts: AppParts, conversation: () => App["conversation"]): PermissionChoice {
  return {
    mode: () => conversation().state().mode,
    setMode: (mode) => conversation().send({ type: "set_mode", mode }),
    rules: () =>
      (["deny", "ask", "allow"] as const).flatMap((kind) =>
        parts
          .rules()
          .flatMap((layer) =>
            layer[kind].map((text) => ({ kind, text, source: layer.source, file: layer.file })),
          ),
      ),
    removeRule: parts.removeRule,
  };
}

function inspection(
  parts: AppParts,
  workbench: Workbench,
  conversation: ReturnType<typeof createConversationHolder>["current"],
): Pick<App, "tools" | "processes" | "stopProcess" | "statusCommand"> {
  const offered = () => workbench.openTools()(conversation().state().mode).offered;
  return {
    statusCommand: statusCommand(parts, workbench),
    tools: () =>
      Promise.resolve(offered().map(({ name, description, kind }) => ({ name, description, kind }))),
    ...processChoice(workbench),
  };
}
