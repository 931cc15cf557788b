// App: what a frontend can do with Hearth, grouped by noun. Contracts only; create-app.ts makes one.
import type { Environment } from "../config/env.ts";
import type { HearthPaths } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import type { PermissionMode } from "../protocol/approval.ts";
import type { ImageContent } from "../protocol/content.ts";
import type { ControlMessage } from "../protocol/control.ts";
import type { AgentEvent } from "../protocol/event.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import type { Model, ThinkingLevel } from "../protocol/model.ts";
import type { EventListener } from "./event-hub.ts";
import type { SessionState } from "./state.ts";

/** The session in progress. A frontend subscribes, sends and reads the state; it never sees the file. */
export interface Conversation {
  readonly sessionId: string;
  /** Absolute path; null when nothing is stored. */
  readonly file: string | null;
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

export interface SessionChoice {
  list(options: { all: boolean }): Promise<SessionSummary[]>;
  /** Replaces the conversation by a new, empty one. */
  startNew(): Promise<void>;
  /** Replaces it by a saved one: id, its beginning, or a path. */
  open(reference: string): Promise<void>;
  /** Replaces it by a copy of a saved one (of the current one without a reference). */
  fork(reference?: string): Promise<void>;
  rename(name: string): Promise<void>;
  /** Moves the branch back to the end of run `run` (0: to the start). */
  rewind(run: number): Promise<void>;
  /** Writes the conversation as Markdown; gives the absolute path. */
  exportMarkdown(path?: string): Promise<string>;
  /** The tree of branches as text. */
  tree(): Promise<string>;
}

export interface ModelChoice {
  current(): Model | null;
  list(): Promise<Model[]>;
  /**
   * Checks and sets it for this session and later starts. Throws `model.unknown` with near names. An external
   * runtime is asked instead and answers with a notice of its own: null then, and nothing is kept.
   */
  choose(reference: string): Promise<Model | null>;
  /** As `choose`; false where an external runtime was asked. */
  setThinking(level: ThinkingLevel): Promise<boolean>;
}

export type RuntimeStatus = {
  name: string;
  kind: "native" | "acp";
  enabled: boolean;
  available: boolean;
  detail: string;
};

export interface RuntimeChoice {
  /** `mode`: config default, or which one is forced; `effective`: who takes the next turn. */
  status(): Promise<{ mode: "config-default" | "forced"; effective: string; runtimes: RuntimeStatus[] }>;
  /** Forces it, kept over a restart. Throws `runtime.unknown`. */
  activate(name: string): Promise<void>;
  /** Back to native, forced. Throws `runtime.inactive` when `name` is not the active one. */
  deactivate(name?: string): Promise<void>;
  followSettings(): Promise<void>;
}

export interface PermissionChoice {
  mode(): PermissionMode;
  setMode(mode: PermissionMode): Promise<void>;
  /** Every rule in force with its source, strongest first. */
  rules(): { kind: "allow" | "ask" | "deny"; text: string; source: string }[];
}

/** `now` as in a steer message; `thinking` for this prompt alone; `id` is the message's own, default a new one. */
type PromptOptions = {
  images?: ImageContent[];
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

export interface App {
  readonly cwd: string;
  readonly paths: HearthPaths;
  readonly env: Environment;
  readonly settings: Settings;
  readonly conversation: Conversation;
  readonly sessions: SessionChoice;
  readonly models: ModelChoice;
  readonly runtimes: RuntimeChoice;
  readonly permissions: PermissionChoice;
  readonly trust: TrustQuestion;
  /** Name of the theme to start with. */
  readonly theme: string;
  /** The built-in model on the example project. */
  readonly demo: boolean;
  /** Sentences to tell the person at the start. */
  readonly warnings: readonly string[];
  /** Branch of the workspace; "" outside git. */
  gitBranch(): Promise<string>;
  /** Told when the conversation was replaced, and why ("new", "resume", "fork", "rewind"). */
  onConversation(listener: (reason: string) => void): () => void;
  /** Sends a prompt with `@` mentions expanded and images attached. */
  prompt(text: string, options?: PromptOptions): Promise<void>;
  /** Tools that the next request offers, with what each is for. */
  tools(): Promise<{ name: string; description: string; kind: string }[]>;
  /** Parts of the next request and their estimated tokens. */
  contextParts(): Promise<{ name: string; tokens: number }[]>;
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
