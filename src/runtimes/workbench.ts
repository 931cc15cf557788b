// The workbench: where the calls of every runtime act (workspace, tools) and what lets them (gate). One a program.
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditLog, type AuditOptions, createAuditLog } from "../policy/audit.ts";
import { createGate } from "../policy/gate.ts";
import { offeredTools } from "../policy/modes.ts";
import { type RuleSet, type RuleTexts, ruleLayer } from "../policy/rules.ts";
import type { Gate, PermissionMode } from "../protocol/approval.ts";
import type { Editor } from "../protocol/editor.ts";
import type { McpServer } from "../protocol/mcp.ts";
import type { Tool } from "../protocol/tool.ts";
import type { Checkpoints } from "../sandbox/checkpoints/checkpoints.ts";
import { lazyCheckpoints } from "../sandbox/checkpoints/lazy-checkpoints.ts";
import type { CheckpointOptions } from "../sandbox/checkpoints/open-checkpoints.ts";
import { childEnvironment } from "../sandbox/child-env.ts";
import { createLocalWorkspace } from "../sandbox/local.ts";
import type { BackgroundProcess, Workspace } from "../sandbox/workspace.ts";
import { createTools, selectTools } from "../tools/registry.ts";
import { createToolState } from "../tools/tool-context.ts";
import { createForeignTools } from "./foreign-tools.ts";
import { lostProcesses } from "./lost-processes.ts";
import { processEnded } from "./process-news.prompt.ts";
import type { HistoryEntry } from "./runtime.ts";
import { runShellLine, type ShellLineOptions, type ShellLineResult } from "./shell-line.ts";

export type WorkbenchOptions = {
  cwd: string;
  addDirs: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Names beside the usual ones that programs may see (`env.allow`). */
  allowedEnv: readonly string[];
  /** Variables that hold keys of endpoints declared in settings. */
  keyVariables: readonly string[];
  outputsDir: string;
  home: string;
  mode: () => PermissionMode;
  /** Permission rules as written, one layer a source. A text that is no rule throws `policy.rule` at the start. */
  rules: () => readonly (RuleTexts & { source: string })[];
  remember: (rule: string, kind: "allow" | "deny") => Promise<void>;
  interactive: boolean;
  readOnly: boolean;
  minimal: boolean;
  /** Seconds a command of the model may take when it names no time; absent: the tool's own. */
  bashTimeoutS?: number | undefined;
  /** Megabytes that a file may have which a command writes. */
  bashQuotaMb?: number | undefined;
  /** Names of `--tools`; absent: all. */
  only?: readonly string[];
  /** Where checkpoints are kept, and folders they never cover; null: none are made. */
  checkpoints: Pick<CheckpointOptions, "dir" | "temporary" | "exclude" | "now" | "onDamage"> | null;
  /** Absent: no audit log (where nothing is to be stored). */
  audit?: AuditOptions;
  /** Told when a background process ended after the call that started it. */
  onProcessEnd: (process: BackgroundProcess) => void;
  /** Lends its files and terminals. */
  editor?: Editor;
  /** Servers whose tools the session has beside its own. */
  mcpServers?: readonly McpServer[];
  /** Told a sentence for each of them that cannot be used. */
  onServerProblem?: (message: string) => void;
};

/** `withheld` are the tools that rules or the mode keep from the model: the gate denies their calls. */
type SessionTools = { offered: readonly Tool[]; withheld: readonly Tool[] };

export interface Workbench {
  readonly workspace: Workspace;
  /** null: none are made. */
  readonly checkpoints: Checkpoints | null;
  readonly gate: Gate;
  /** Writes a line of the audit log, where there is one. */
  readonly audit: AuditLog;
  /** What programs of the workspace see of the environment. */
  readonly childEnv: Record<string, string>;
  /** Tools of one session (they remember what its model read), and what a mode offers of them. */
  openTools(): (mode: PermissionMode) => SessionTools;
  /** Awaited before each run: from then on the tools of servers are among those offered. The signal gives them up. */
  connectTools(signal: AbortSignal): Promise<void>;
  /** What a model should be told of background processes since it was asked last, one text each. */
  takeNews(): string[];
  /** What it should be told of those that the history takes for running and that are not of this program. */
  lostNews(history: readonly HistoryEntry[]): string[];
  /** A shell line of the person's own. */
  runShell(command: string, options: ShellLineOptions): Promise<ShellLineResult>;
  close(): Promise<void>;
}

/** Throws `tools.unknown` for a name in `only` that no tool has. */
export async function createWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { cwd, home, mode, only, readOnly } = options;
  const rules = (): RuleSet => options.rules().map((layer) => ruleLayer(layer.source, layer));
  rules();
  const childEnv = childEnvironment(options.env, options.allowedEnv, options.keyVariables);
  const outputDir = await writableFolder(options.outputsDir);
  let news: string[] = [];
  const onBackgroundEnd = (process: BackgroundProcess): void => {
    news.push(processEnded(process));
    options.onProcessEnd(process);
  };
  const { bashTimeoutS, bashQuotaMb } = options;
  const local = { root: cwd, env: childEnv, tempDir: outputDir, onBackgroundEnd };
  const ours = await createLocalWorkspace({ ...options, ...local, quotaMb: bashQuotaMb });
  const workspace = options.editor
    ? (await import("./editor-workspace.ts")).editorWorkspace(ours, { ...options, childEnv }, options.editor)
    : ours;
  const foreign = createForeignTools({ ...options, cwd: workspace.root, env: childEnv });
  const place = placeOf(workspace, { home, folders: [...options.addDirs, outputDir] });
  const { remember, interactive, audit } = options;
  const log: AuditLog = audit === undefined ? () => Promise.resolve() : createAuditLog(audit);
  const gate = createGate({
    mode,
    rules,
    remember,
    interactive,
    readOnly,
    place: () => place,
    ...(audit === undefined ? {} : { audit: log }),
  });
  const openTools = () => {
    const state = createToolState();
    const own = createTools({ workspace, state, outputDir, env: childEnv, bashTimeoutS, bashQuotaMb });
    const knownWith = onceFor((others: readonly Tool[]) => {
      const all = [...own, ...others];
      const chosen = only === undefined ? all : selectTools(all, only);
      const profile = options.minimal ? "minimal" : "default";
      return offeredTools(chosen, { mode: "full", rules: [], profile });
    });
    return (current: PermissionMode) => {
      const known = knownWith(foreign.tools());
      const offered = offeredTools(known, { mode: current, rules: rules(), readOnly });
      return { offered, withheld: known.filter((tool) => !offered.includes(tool)) };
    };
  };
  openTools()("full");
  const checkpoints =
    options.checkpoints && openLazily(options.checkpoints, { root: workspace.root, home, env: childEnv });
  return {
    workspace,
    checkpoints,
    gate,
    audit: log,
    childEnv,
    openTools,
    connectTools: foreign.connect,
    takeNews: () => {
      const taken = news;
      news = [];
      return taken;
    },
    lostNews: (history) =>
      lostProcesses(history, (lost) => workspace.processes().some((own) => isSame(own, lost))),
    runShell: (command, options) => runShellLine({ workspace, outputDir }, command, options),
    close: async () => {
      await Promise.all([workspace.close(), foreign.close()]);
      await checkpoints?.close();
    },
  };
}

/** Works out anew what came of `input` only when that is another one. */
function onceFor<Input, Output>(work: (input: Input) => Output): (input: Input) => Output {
  let last: { input: Input; output: Output } | null = null;
  return (input) => {
    if (last?.input !== input) last = { input, output: work(input) };
    return last.output;
  };
}

/** Where calls run, as the gate judges them. */
function placeOf(workspace: Workspace, { home, folders }: { home: string; folders: string[] }) {
  return {
    name: workspace.place,
    sandboxed: false,
    root: workspace.root,
    home,
    folders,
    realPath: (path: string) => workspace.resolve(path),
  };
}

/** Ids begin anew with each program; no two have one log. */
function isSame(
  own: BackgroundProcess,
  other: Pick<BackgroundProcess, "id" | "command" | "logPath">,
): boolean {
  if (own.logPath !== null || other.logPath !== null) return own.logPath === other.logPath;
  return own.id === other.id && own.command === other.command;
}

function openLazily(
  options: NonNullable<WorkbenchOptions["checkpoints"]>,
  place: Pick<CheckpointOptions, "root" | "home" | "env">,
): Checkpoints {
  return lazyCheckpoints(async () => {
    const { openCheckpoints } = await import("../sandbox/checkpoints/open-checkpoints.ts");
    return openCheckpoints({ ...options, ...place });
  });
}

/** The folder, made when missing; a temporary one where the disk refuses. */
async function writableFolder(folder: string): Promise<string> {
  return mkdir(folder, { recursive: true, mode: 0o700 }).then(
    () => folder,
    // The data folder cannot be written: long outputs still need a place, and the session store says it aloud.
    () => join(tmpdir(), "hearth-outputs"),
  );
}
