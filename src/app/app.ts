// App: what a frontend can do with Hearth, grouped by noun. Contracts only; create-app.ts makes one.
import type { Environment } from "../config/env.ts";
import type { HearthPaths } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import type { PromptTemplate } from "../context/prompt-templates.ts";
import type { Role } from "../context/roles.ts";
import type { SystemPromptPart } from "../context/system-prompt.ts";
import type { PermissionMode } from "../protocol/approval.ts";
import type { ImageContent } from "../protocol/content.ts";
import type { ControlMessage } from "../protocol/control.ts";
import type { AgentEvent, RunOutcome } from "../protocol/event.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import type { Model, ThinkingLevel } from "../protocol/model.ts";
import type { ConflictSides, Settlement, TryChange, TryChoice } from "../protocol/try-change.ts";
import type { RuntimeCapabilities, RuntimeHealth } from "../runtimes/runtime.ts";
import type { EventListener } from "./event-hub.ts";
import type { CheckpointChoice } from "./rollback/checkpoint-choice.ts";
import type { PlacedRule } from "./rule-layers.ts";
import type { Exported, ExportRequest } from "./session-export.ts";
import type { SettingsChoice } from "./settings-choice.ts";
import type { SessionState } from "./state.ts";
import type { StatusCommand } from "./status-command.ts";

/** The session in progress. A frontend subscribes, sends and reads the state; it never sees the file. */
export interface Conversation {
  readonly sessionId: string;
  /** Absolute path; null when nothing is stored. */
  readonly file: string | null;
  /** Why it takes no prompts: another process has it open, and here it is looked at. Null: it takes them. */
  readonly readOnly: string | null;
  state(): SessionState;
  subscribe(listener: EventListener): () => void;
  /**
   * Told when the state became another one without an event: a runtime or a shell line began, wrote or ended. Gives
   * the function that ends it.
   */
  onChange(listener: () => void): () => void;
  /** Hands a message to the active runtime, starting it when needed. Rejects with AppError when it cannot start. */
  send(message: ControlMessage): Promise<void>;
  /** Events of the branch so far, oldest first, for a screen that opens on a saved session; at most `lastRuns`. */
  replay(options: { lastRuns: number }): Promise<AgentEvent[]>;
  /** The newest answer that has a text, for /copy. */
  lastAnswer(): AssistantMessage | null;
  /** Runs a shell line into the conversation without a model call (`!command`). */
  shell(command: string): Promise<void>;
}

export type SessionSummary = {
  id: string;
  path: string;
  cwd: string;
  name: string;
  firstPrompt: string;
  /** Milliseconds since the epoch of its newest entry. */
  modifiedMs: number;
  runs: number;
  runtimes: readonly string[];
};

/**
 * A session that a search found, and where in it. `kind`: what the text is of, a name (or label), a prompt, an answer or
 * a tool's output; `time` is ISO 8601; `entries`: how many hold the rarest word. `text` is one line, not sanitised.
 */
export type FoundSession = SessionSummary & {
  kind: "name" | "prompt" | "answer" | "tool";
  entryId: string;
  time: string;
  text: string;
  entries: number;
};

/** What a saved session was about. Texts are not sanitised and not whole. */
export type SessionPeek = {
  cwd: string;
  /** VENDOR/ID; "" when none is known. */
  model: string;
  firstPrompt: string;
  lastPrompt: string;
  /** The newest that have a text, oldest first. */
  answers: string[];
  /** Files its newest calls changed. */
  files: string[];
};

/** A run in the tree of a session. Texts are not sanitised and not whole. */
export type RunNode = {
  /** Of the entry it begins with. */
  id: string;
  /** The run it follows; null for a first one. */
  parent: string | null;
  prompt: string;
  /** What the person called it; "" when nothing. */
  label: string;
  /** Milliseconds since the epoch of its start. */
  timeMs: number;
  runtime: string;
  /** Its newest answer that has a text. */
  answer: string;
  files: string[];
  /** How many calls it made. */
  tools: number;
  /** null while it goes on, or when it was cut off. */
  outcome: RunOutcome | null;
  /** It is part of what the model is shown now. */
  onBranch: boolean;
  /** The newest of this branch. */
  isTip: boolean;
};

/** What is asked of a move in the tree: a summary of what is left, and what matters in it ("" for nothing in particular). */
export type LeaveWish = { summary: string };

export interface SessionChoice {
  list(options: { all: boolean }): Promise<SessionSummary[]>;
  /** Those with all words of the query, best first. Throws `search.query` without a word, `search.failed`. */
  search(query: string, options: { all: boolean; signal: AbortSignal }): Promise<FoundSession[]>;
  /** Replaces the conversation by a new, empty one. */
  startNew(): Promise<void>;
  /** Replaces it by a saved one: id, its beginning, or a path. */
  open(reference: string): Promise<void>;
  /** Replaces it by a copy of a saved one (of the current one without a reference). */
  fork(reference?: string): Promise<void>;
  /** Replaces it by a copy with every branch of a saved one (of the current one without a reference). */
  clone(reference?: string): Promise<void>;
  /** Names this session, or a saved one. Throws `session.locked` when another process has that. */
  rename(name: string, reference?: string): Promise<void>;
  /** Deletes a saved one. Throws `session.locked`, also for the one that is open here. */
  remove(reference: string): Promise<void>;
  peek(reference: string): Promise<SessionPeek>;
  /** Moves the branch back to the end of run `run` (0: to the start); with a wish, what is left is summed up there. */
  rewind(run: number, wish?: LeaveWish | null): Promise<void>;
  /** The runs of every branch, each before those that follow it. */
  runs(): Promise<RunNode[]>;
  /** Moves to the end of a run of any branch. Throws `session.no_run`. */
  rewindTo(runId: string, wish?: LeaveWish | null): Promise<void>;
  /** Replaces the conversation by a copy that ends with that run. Throws `session.no_run`. */
  forkAt(runId: string): Promise<void>;
  /** Gives a run a name of its own in the tree. */
  label(runId: string, label: string): Promise<void>;
  /**
   * Writes the conversation: to a file (relative to the working directory), or to one of its own name; for another agent
   * among that one's own. Throws `export.write`.
   */
  export(request: ExportRequest): Promise<Exported>;
  /** The tree of branches as text. */
  tree(): Promise<string>;
}

export interface ModelChoice {
  current(): Model | null;
  /** Those there is a key for; `all`: those of every vendor. */
  list(options?: { all: boolean }): Promise<Model[]>;
  /** The external agent in force with its own models, none where it offers none; starts it. null: the models are ours. */
  offered(): Promise<{ agent: string; current: string | null; values: readonly string[] } | null>;
  /** The variables that a vendor's key may be in, none where it needs none, and whether it is there. */
  key(vendor: string): { variables: readonly string[]; isSet: boolean };
  /** Throws `model.unknown` with near names; changes nothing. */
  check(reference: string): Promise<void>;
  /**
   * Checks and sets it for this session and later starts. Throws `model.unknown` with near names. An external
   * runtime is asked instead and answers with a notice of its own: null then, and nothing is kept. `keep` false: for
   * this session alone.
   */
  choose(reference: string, options?: { keep: boolean }): Promise<Model | null>;
  /** As `choose`; false where an external runtime was asked. Throws `thinking.unsupported`. */
  setThinking(level: ThinkingLevel, options?: { keep: boolean }): Promise<boolean>;
}

export interface RoleChoice {
  /** Read anew each time; `problems` say in a sentence each which files could not be used. */
  list(): Promise<{ roles: Role[]; problems: string[] }>;
  /**
   * Takes the role on, "" leaves the one in force; gives it with what it makes of the session's choices. Throws
   * `role.unknown`, `role.runtime`, `model.unknown`.
   */
  set(name: string): Promise<{ role: Role | null } & Pick<SessionState, "model" | "thinking" | "mode">>;
}

interface SystemChoice {
  /** The system text of the next run, part by part. */
  parts(): Promise<SystemPromptPart[]>;
  /** Puts a text at its end in place of the one added before, "" for none. From the next run on. */
  add(text: string): Promise<void>;
}

export interface TemplateChoice {
  /** Read anew each time; what could not be used is told to the session once. */
  list(): Promise<PromptTemplate[]>;
  /** The prompt of a line `/NAME arguments` where NAME is a template; the line as it is for any other. */
  expand(line: string): Promise<string>;
}

/** `name` says what it is, `group` where in the request it stands. */
export type ContextPart = { name: string; group: "system" | "tools" | "messages"; tokens: number };

export type ContextReport = {
  /** VENDOR/ID; "" when there is no model. */
  model: string;
  /** Of the whole request; its parts add up to it. */
  tokens: number;
  /** Tokens that the model takes; 0 when there is no model. */
  window: number;
  parts: ContextPart[];
  /** counted: by the service, for the newest answer; else estimated, with a factor learnt from so many `answers`. */
  source: { kind: "counted" } | { kind: "estimated"; answers: number };
};

/** `declared`: the settings name it; the others are known. `detail`: where its program is, or why it is not available. */
export type RuntimeStatus = {
  name: string;
  kind: string;
  enabled: boolean;
  declared: boolean;
  available: boolean;
  detail: string;
  /** How one gets it where it is not available; "" where that is not known. */
  hint: string;
  /** "" where it is not known. */
  version: string;
  /** null where that cannot be told without asking its service. */
  login: { ok: boolean; hint?: string } | null;
  /** What of our promises does not hold with it, in sentences. */
  limits: readonly string[];
  /** null where it cannot even be looked for. */
  capabilities: RuntimeCapabilities | null;
};

/** `health` of the one in force; null while it is not started. */
type RuntimesStatus = {
  mode: "config-default" | "forced";
  effective: string;
  health: RuntimeHealth | null;
  runtimes: RuntimeStatus[];
};

export interface RuntimeChoice {
  /** `mode`: config default, or which one is forced; `effective`: who takes the next turn. */
  status(): Promise<RuntimesStatus>;
  /**
   * Forces it, kept over a restart (`keep` false: for this session alone); gives it as it was found. Throws `runtime.unknown`, and `runtime.missing` with how
   * one gets it; nothing changed then.
   */
  activate(name: string, options?: { keep: boolean }): Promise<RuntimeStatus>;
  /** Back to native, forced. Throws `runtime.inactive` when `name` is not the active one. */
  deactivate(name?: string): Promise<void>;
  followSettings(): Promise<void>;
}

/** What a try would do to the workspace, and settling it. Refused while a run is active by whoever offers it. */
export interface TrialChoice {
  readonly id: string;
  changes(): Promise<TryChange[]>;
  sides(change: TryChange): Promise<ConflictSides>;
  /** Throws `try.*`; what it says is exact about what was done. */
  apply(choice: TryChoice): Promise<Settlement>;
  discard(choice: TryChoice): Promise<Settlement>;
}

export interface PermissionChoice {
  mode(): PermissionMode;
  setMode(mode: PermissionMode): Promise<void>;
  /** Every rule in force with its source, strongest first. */
  rules(): PlacedRule[];
  /**
   * Takes one out of the file it stands in; it holds no more then. Throws `permissions.fixed`, `permissions.gone`,
   * `settings.*` and `state.write`, and changes nothing.
   */
  removeRule(rule: PlacedRule): Promise<void>;
}

/**
 * `now` as in a steer message; `thinking` for this prompt alone; `id` is the message's own, default a new one.
 * `attached` are texts that go with it as those of mentions do; no mentions are looked for in them.
 */
type PromptOptions = {
  images?: ImageContent[];
  attached?: readonly { name: string; text: string }[];
  kind?: "prompt" | "steer" | "follow_up";
  now?: boolean | undefined;
  thinking?: ThinkingLevel | undefined;
  id?: string | undefined;
};

/** A program in the background. Times in milliseconds since the epoch. */
export type ProcessSummary = {
  id: string;
  command: string;
  startedMs: number;
  /** null while it runs. */
  endedMs: number | null;
  /** null while it runs, and when a signal ended it. */
  exitCode: number | null;
  /** Somebody ended it. */
  stopped: boolean;
  /** The file that keeps its output; null where there is none. */
  logPath: string | null;
  /** What it printed, not sanitised: at most the newest 1 MB, or so many characters. */
  output: (newest?: number) => string;
};

/** A project has settings of its own that wait for the user's word. */
export interface TrustQuestion {
  /** Nobody was asked about this directory yet. */
  readonly pending: boolean;
  /** Stores the answer; the settings take effect with the next start. */
  answer(trusted: boolean): Promise<void>;
}

/** The screens before the first prompt: shown once, and not again when they were gone through or left. */
export interface FirstRun {
  readonly pending: boolean;
  /** Keeps that they were seen. */
  done(): Promise<void>;
}

export interface App {
  readonly cwd: string;
  /** The try that the sessions work in; null where they work in the directory itself. */
  readonly trial: TrialChoice | null;
  readonly paths: HearthPaths;
  readonly env: Environment;
  /** Merged, as they stand now. */
  readonly settings: Settings;
  readonly settingsChoice: SettingsChoice;
  readonly conversation: Conversation;
  readonly sessions: SessionChoice;
  readonly checkpoints: CheckpointChoice;
  readonly models: ModelChoice;
  readonly runtimes: RuntimeChoice;
  readonly roles: RoleChoice;
  readonly system: SystemChoice;
  readonly templates: TemplateChoice;
  readonly permissions: PermissionChoice;
  readonly trust: TrustQuestion;
  readonly firstRun: FirstRun;
  /** Name of the theme to start with. */
  readonly theme: string;
  /** The built-in model on the example project. */
  readonly demo: boolean;
  /** Sentences to tell the person at the start. */
  readonly warnings: readonly string[];
  /** Branch of the workspace; "" outside git. */
  gitBranch(): Promise<string>;
  /** Asks the command of the status line; null where the settings have none. */
  readonly statusCommand: StatusCommand | null;
  /** Told when the conversation was replaced, and why ("new", "resume", "fork", "clone", "rewind"). */
  onConversation(listener: (reason: string) => void): () => void;
  /** Sends a prompt with `@` mentions expanded and images attached. */
  prompt(text: string, options?: PromptOptions): Promise<void>;
  /** Tools that the next request offers, with what each is for. */
  tools(): Promise<{ name: string; description: string; kind: string }[]>;
  /** What the next request holds. */
  context(): Promise<ContextReport>;
  /** Background processes in start order, those that ended too. */
  processes(): ProcessSummary[];
  /** Ends it with all that it started. Throws `process.unknown` and `process.ended`. */
  stopProcess(id: string): Promise<void>;
  /** Loads what the first request needs, while nobody waits for it. Rejects with nothing that matters. */
  preload(): Promise<void>;
  /** Name of the theme and its keeping over a restart. */
  setTheme(name: string): Promise<void>;
  /** Keeps a vendor's key (0600) under its variable's name, for this and later starts. */
  storeKey(variable: string, key: string): Promise<void>;
  /** Files of the workspace that git does not ignore, relative, `/` between parts; for completion. */
  listFiles(options: { signal: AbortSignal }): Promise<string[]>;
  /** Where the prompts of this project are kept; null when nothing is stored. */
  readonly historyFile: string | null;
  /** Ends everything: tools, processes, runtime, session file. */
  close(): Promise<void>;
}
