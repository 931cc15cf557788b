// What a foreign session says, in the order of its file: the contract between the readers of foreign formats, which
// know no files, and whoever makes a session of it.
import type { InputContent } from "../../protocol/content.ts";
import type { RunOutcome } from "../../protocol/event.ts";
import type { Failure } from "../../protocol/failure.ts";
import type { Message } from "../../protocol/message.ts";
import type { Usage } from "../../protocol/usage.ts";

/** The programs whose sessions can be read. */
export const FOREIGN_AGENTS = ["claude-code", "codex", "gemini", "opencode", "pi", "hearth"] as const;
export type ForeignAgent = (typeof FOREIGN_AGENTS)[number];

/** What is true of a foreign session as a whole. `time` is ISO 8601. */
export type ForeignFacts = {
  id: string | null;
  cwd: string | null;
  time: string | null;
  /** A title that the person or the program gave it. */
  name: string | null;
};

export const NO_FACTS: ForeignFacts = { id: null, cwd: null, time: null, name: null };

/**
 * Where an item stands: `ref` is its name for later items, `after` the ref it follows (null: it is the first; absent:
 * it follows the item before). `time` is ISO 8601, null where the file does not say.
 */
type Placed = { ref?: string; after?: string | null | undefined; time: string | null };

export type ImportItem =
  /** May come more than once; what is null says nothing. */
  | { kind: "facts"; facts: Partial<ForeignFacts> }
  /** Begins a run. */
  | (Placed & { kind: "prompt"; content: InputContent[] })
  | (Placed & { kind: "message"; message: Message })
  /** `firstKept`: the ref of the first entry that stays in view; null: none older. */
  | (Placed & {
      kind: "compaction";
      summary: string;
      firstKept: string | null;
      tokensBefore: number;
      usage?: Usage;
    })
  /** Another name for the place `after` (absent: the item before), of a line that is not part of the talk. */
  | { kind: "alias"; ref: string; after?: string | null | undefined }
  /** How the run under way ends, where that is not "completed". */
  | { kind: "outcome"; outcome: RunOutcome; error?: Failure }
  | { kind: "label"; target: string; label: string }
  /** The session was left there, not at its last item. */
  | { kind: "leaf"; after: string | null }
  /** A line whose meaning is not known here. */
  | { kind: "unknown"; what: string }
  /** A line that is known and no part of the talk: settings, snapshots, the agent's own prompts. */
  | { kind: "left_out"; what: string };

/** State of reading one session; pure: values in, items out. Never throws, whatever the values are. */
export interface ForeignReader {
  /** The next line of the file, or the next piece of its document. */
  take(value: unknown): ImportItem[];
  /** What was held back until it was known to be whole. */
  end(): ImportItem[];
}
