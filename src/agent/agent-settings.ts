// What native gives the loop beside the talk: how a request looks, and how far a run may go. Types only.
import type { Model, ThinkingLevel } from "../protocol/model.ts";
import type { Tool } from "../protocol/tool.ts";
import type { TokenScale } from "./token-estimate.ts";

/** Asked for before each request, so that a change of model or mode shows in the next one. */
export type RequestSettings = {
  model: Model;
  thinking: ThinkingLevel;
  /** Must not change within a run. */
  system: string;
  /** The tools offered, in a stable order; a call of any other is answered "tool not found". */
  tools: readonly Tool[];
  /** Tools that rules or the mode keep from the model; a call of one all the same is denied by the gate. */
  withheld?: readonly Tool[];
  cacheKey?: string;
  /** How the model's service counts; absent: nothing is known of it. */
  scale?: TokenScale;
};

export type LoopLimits = {
  /** Model responses in one run. */
  maxSteps: number;
  /** US dollars in one run, children and compactions included; absent: no cap. */
  maxCost?: number;
};

export type CompactionSettings = {
  /** False: no automatic compaction; an overflow then ends the run. */
  enabled: boolean;
  /** Tokens of the window kept free for the answer; small windows keep less. */
  reserveTokens: number;
  /** Newest tokens kept word for word; small windows keep less. */
  keepTokens: number;
  /** A person can be asked whether a summary without the model will do; else it is taken where nothing else helps. */
  asks: boolean;
};
