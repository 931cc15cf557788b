// Runtime: an agent that can work in a session, ours or another program's.
import type { RunInput, RunResult } from "../agent/run-item.ts";
import type { Gate, PermissionMode } from "../protocol/approval.ts";
import type { ControlMessage, QueueItem } from "../protocol/control.ts";
import type { EmitEvent } from "../protocol/event.ts";
import type { Message } from "../protocol/message.ts";
import type { ThinkingLevel } from "../protocol/model.ts";

/** Name of our own runtime. */
export const NATIVE = "native";

/** What a runtime can do. What is false is refused with one sentence or emulated openly, never faked. */
export type RuntimeCapabilities = {
  streaming: boolean;
  thinking: boolean;
  tools: boolean;
  approvals: boolean;
  /** native: between steps; next_prompt: after its own turn; none: refused. */
  steer: "native" | "next_prompt" | "none";
  pause: boolean;
  interrupt: boolean;
  resume: boolean;
  images: boolean;
  modelChoice: boolean;
  cost: boolean;
  /** Whether it has permission modes of its own that follow ours. */
  modes: boolean;
};

export type ChoiceCategory = "model" | "thought_level";
/** A choice that an external agent offers. */
export type AgentChoice = { current: string | null; values: readonly string[] };

/** How a started runtime is. `alive` false: its program ended or was let go; the next prompt starts it again. */
export type RuntimeHealth = { alive: boolean; externalSessionId?: string | undefined; model?: string | null };

/** `answerer` has no tools and takes only turns that need none; `agent` brings its own and takes every turn. */
type RuntimeKind = "agent" | "answerer";

/** Takes one turn of a session: from its recorded prompt to its end. May throw: the turn then failed. */
export type TakeTurn = (input: RunInput) => Promise<RunResult>;
export type { RunInput, RunResult };

/** `detail`: where its program is, or what else tells it apart. */
export type RuntimeAvailability =
  | { available: true; detail?: string; version?: string; login?: RuntimeLogin }
  | { available: false; reason: string; hint?: string };

/** Absent where it cannot be told without asking its service. `hint`: how one logs in. */
type RuntimeLogin = { ok: boolean; hint?: string };

export type HistoryEntry = { id: string; message: Message };

/** What a runtime is started with. Owned by the caller; the runtime mutates none of it. */
export type RuntimeStart = {
  sessionId: string;
  cwd: string;
  /** The branch so far, oldest first. */
  history: readonly HistoryEntry[];
  /** Pending queue items of the session (resume after a crash): shown, edited and delivered like new ones. */
  queue: readonly QueueItem[];
  /** True when the session was paused when it was left. */
  paused: boolean;
  model: string;
  thinking: ThinkingLevel;
  mode: PermissionMode;
  /** The external agent's own session id of an earlier activation, where the history still matches. */
  externalSessionId?: string;
  /** Resolves when the event is recorded and published. */
  emit: EmitEvent;
  gate: Gate;
  /** Awaited before whatever may change files: a call that is not read-only, a turn of an agent with tools of its own. */
  beforeChange: () => Promise<void>;
  /** Called for each turn with the runtime's own way to take it: another may take it instead. Absent: its own. */
  route?: (input: RunInput, own: TakeTurn) => Promise<RunResult>;
  signal: AbortSignal;
};

/** A started runtime. Messages may be sent at any time; what cannot be done now is answered by a notice event. */
export interface RuntimeSession {
  readonly capabilities: RuntimeCapabilities;
  send(message: ControlMessage): void;
  health(): RuntimeHealth;
  /** What the agent itself lets one choose from; null where it offers nothing. Absent: our own models. */
  choice?(category: ChoiceCategory): AgentChoice | null;
  /** `stop` interrupts and ends it; `detach` leaves what can go on by itself. Resolves when all events are out. */
  close(how: "detach" | "stop"): Promise<void>;
}

export interface Runtime {
  readonly name: string;
  readonly kind: RuntimeKind;
  readonly capabilities: RuntimeCapabilities;
  /** Looks for the program, its version and login; quick, starts no session. */
  check(signal: AbortSignal): Promise<RuntimeAvailability>;
  start(options: RuntimeStart): Promise<RuntimeSession>;
  /** Takes one turn in the session of another runtime; absent: it cannot. Throws as `start` does. */
  openTurn?(options: RuntimeStart): Promise<TakeTurn>;
}
