// Tool: what a model can call. The loop knows only this contract; files and processes are behind it.
import type { InputContent } from "./content.ts";
import type { ToolSchema } from "./stream.ts";

/** What the screen shows of a finished call beside its content. Never sent to a model. */
export type ToolDetails = {
  /** Three words or fewer for the one-line card: "84 lines", "+3 -1", "exit 1". */
  summary?: string;
  /** Unified diff of a changed file (git style, without the `diff --git` line). */
  diff?: { path: string; patch: string; added: number; removed: number };
  /** Exit code of a command; null when it was ended by a signal. */
  exitCode?: number | null;
  /** File that holds the full text when `content` was cut. */
  fullOutputPath?: string;
  /** The todo list or plan after the call. */
  plan?: PlanEntry[];
  durationMs?: number;
  /** Id and log of the process that goes on after the call. */
  background?: string;
  backgroundLog?: string | null;
  /** Who refused the call, when the gate did: DenialKind. */
  denial?: "policy" | "hook" | "user" | "unattended";
  /** Of a denial: as in GateVerdict. */
  reason?: string;
  flags?: string[];
  [extra: string]: unknown;
};

export type PlanEntry = { text: string; status: "pending" | "in_progress" | "completed" };

export type ToolOutput = {
  content: InputContent[];
  details?: ToolDetails;
  /** An error the tool reports without throwing (a failing command with its output). */
  isError?: boolean;
};

export type ToolCallOptions = {
  toolCallId: string;
  /** Live output so far was extended by this text (already decoded; not yet sanitised). */
  onUpdate: (text: string) => void;
  signal: AbortSignal;
  /** Given to a `backgroundable` tool: on abort it leaves its work to go on and returns at once. */
  background?: AbortSignal;
};

/**
 * A tool bound to its workspace. `execute` throws AppError (or anything) for a failure: tool-batch turns that
 * into an error result. On abort it keeps what it has: it returns the partial output with isError true.
 */
export interface Tool extends ToolSchema {
  /** Read-only tools of one batch run in parallel; all others one after another in call order. */
  readOnly: boolean;
  /** `execute` runs programs (bash); `edit` changes files; `read` neither. For the gate and modes. */
  kind: "read" | "edit" | "execute";
  /**
   * Checks and normalises the model's arguments (foreign names, defaults); throws AppError
   * `tool.arguments` that names the field.
   */
  parse: (args: Record<string, unknown>) => Record<string, unknown>;
  /** Paths the call would change or read, for the gate; relative to the workspace or absolute, as given. */
  paths?: (args: Record<string, unknown>) => string[];
  execute: (args: Record<string, unknown>, options: ToolCallOptions) => Promise<ToolOutput>;
  /** What the call would change, as a unified diff, for a person's approval; absent where it cannot be told. */
  preview?: (args: Record<string, unknown>) => Promise<string | undefined>;
  /** A call of it that runs can go on in the background. */
  backgroundable?: boolean;
  /** A batch ends after this tool and its output is the run's answer. */
  terminal?: boolean;
}
