// What the session of an external agent needs from whoever speaks the agent's protocol, in words that all of their
// protocols can be put into. Types only.
import type { GateCall, PermissionMode } from "../../protocol/approval.ts";
import type { McpServer } from "../../protocol/mcp.ts";
import type { PlanEntry, ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { AgentChoice, ChoiceCategory, HistoryEntry, RuntimeCapabilities } from "../runtime.ts";

export type PromptBlock = { type: "text"; text: string } | { type: "image"; mimeType: string; data: string };

/** `before` null: a new file. Some agents give whole files, some only the region that changed. */
export type TextDiff = { path: string; before: string | null; after: string };

export type ToolNaming = { name: string; arguments: Record<string, unknown> };

/**
 * A tool call as it stands: each update holds all that is known of the call so far, but for `more`. Names and arguments
 * are ours (`bash` with `command`, `edit`, `write` and `read` with `path`) where the tool is of that kind.
 */
export type CallUpdate = {
  /** The agent's own. */
  id: string;
  naming: ToolNaming;
  /** Absent: nothing is said of it. */
  status?: "running" | "completed" | "failed";
  /** The whole output so far; absent: as it was. */
  output?: string;
  /** What is new of the output, from agents that send it in pieces. */
  more?: string;
  diffs?: readonly TextDiff[];
  /** What else a screen may show: a diff that is a patch already, an exit code. */
  details?: ToolDetails;
  /** Of a sub-agent's call, the call that began the sub-agent: it is shown under that, and no part of the talk. */
  parentId?: string;
};

export type AgentUpdate =
  /** Texts of one kind with different ids are different messages. */
  | { type: "text" | "thinking"; text: string; messageId?: string | undefined }
  /** `begins`: the first of a call, also where an earlier one had the same id. */
  | { type: "call"; call: CallUpdate; begins: boolean }
  | { type: "plan"; entries: PlanEntry[] }
  /** A response of the agent's model ended: calls it announced are at work. */
  | { type: "response_end"; usage?: Usage }
  /** A steer of this id was taken in: what follows knows it. */
  | { type: "steered"; id: string }
  /** The agent asks its model again after a failure; `delayMs` from now. */
  | { type: "retry"; attempt: number; maxAttempts: number; delayMs: number; reason: string }
  /** Something a person should know. */
  | { type: "notice"; level: "info" | "warning"; code: string; message: string }
  /** The turn has failed although its end will look like a good one. */
  | { type: "broken" }
  /** It is at work, and has nothing to tell of it. */
  | { type: "alive" };

/** A call that the agent may not run before we say so. */
export type PermissionRequest = {
  call: CallUpdate;
  /** What our rules need to judge it; null where only its name and words are known. */
  tool: GateCall["tool"];
  /** Whether changed arguments can be handed back. */
  editable: boolean;
};

export type PermissionVerdict =
  | { answer: "allow"; arguments: Record<string, unknown> }
  /** `message` is for the agent's model; the turn goes on where the agent can. */
  | { answer: "reject"; message: string }
  /** The turn is being stopped: the question is withdrawn. */
  | { answer: "cancel" };

/** What a turn hears. Both are called in the order in which the agent spoke. */
export type TurnListener = {
  onUpdate: (update: AgentUpdate) => void;
  /** Never rejects. `signal`: the agent no longer waits for the answer. */
  onPermission: (request: PermissionRequest, signal?: AbortSignal) => Promise<PermissionVerdict>;
};

/** How a turn ended. `usage` and its cost: what this turn took and no `response_end` told; null where unknown. */
export type TurnAnswer = {
  reason: "stop" | "length" | "limit" | "refusal" | "cancelled";
  usage: Usage | null;
};

/** A program that is connected, with a session of its own open. */
export interface AgentConnection {
  /** The agent's own; "" while it has not said it. */
  readonly sessionId: string;
  /** True when the agent knows the conversation of its earlier session. */
  readonly resumed: boolean;
  /** True when our history was put into its session as its own talk. */
  readonly seeded: boolean;
  /** As this very program told. */
  readonly capabilities: Partial<RuntimeCapabilities>;
  /** A prompt whose turn failed before a word was said is not in its session. Absent: it is. */
  readonly forgetsUnanswered?: boolean;
  /** The model it uses, null while unknown. */
  readonly model: string | null;
  /** False once the program ended or was ended. */
  readonly alive: boolean;
  /** What its program said on standard error at last. */
  errorText(): string;
  choice(category: ChoiceCategory): AgentChoice | null;
  /** Sets a choice to one of its values. Throws `runtime.failed` with the agent's words. */
  choose(category: ChoiceCategory, value: string): Promise<void>;
  /** Tells it our permission mode; absent: it has none that would help. */
  setMode?(mode: PermissionMode): Promise<void>;
  /**
   * Takes what others said meanwhile into its session as its own talk, between turns. False: it has to be told as text.
   * Absent: its session takes nothing.
   */
  learn?(entries: readonly HistoryEntry[]): Promise<boolean>;
  /**
   * One turn, with everything that was steered into it. Throws `runtime.failed` or `runtime.auth` (an error that the
   * agent told; it lives on), anything else when the program ended. Everything the turn said was heard before.
   */
  prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer>;
  /**
   * Hands a message into the running turn; an update `steered` tells when it is taken in. False: not now, it stays
   * ours. Absent: the protocol has no such thing.
   */
  steer?(blocks: readonly PromptBlock[], id: string): Promise<boolean>;
  /** Asks the agent to end the turn; the prompt then resolves soon. */
  cancel(): void;
  /** Lets it go by itself for so long, then ends it with everything it started. */
  close(waitMs: number): Promise<void>;
}

export type ConnectOptions = {
  /** As the person calls it, for sentences. */
  name: string;
  cwd: string;
  mode: PermissionMode;
  /** The agent's session to go on with, where it can. */
  externalSessionId?: string;
  /** The conversation so far, for agents whose sessions can be written; empty where one is gone on with. */
  history: readonly HistoryEntry[];
  /** Servers that its session is given, where the protocol has such a thing. */
  mcpServers?: readonly McpServer[];
  /** Milliseconds that starting may take. */
  timeoutMs: number;
  signal: AbortSignal;
};

/** Starts the program and opens a session. Throws `runtime.start`; nothing is left running then. */
export type Connect = (options: ConnectOptions) => Promise<AgentConnection>;
