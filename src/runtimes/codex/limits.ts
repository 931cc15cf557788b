// How long Codex is waited for.

export type CodexLimits = {
  /** A request that it should answer at once. */
  requestMs: number;
  /** Opening a thread, which may read a long file; beginning a turn. */
  openMs: number;
  /** The list of its models, which it may have to fetch. */
  modelsMs: number;
  /** Trying to reach its model in vain: Codex itself waits for the network for ever. */
  unreachableMs: number;
};

export const LIMITS: CodexLimits = {
  requestMs: 10_000,
  openMs: 60_000,
  modelsMs: 2_000,
  unreachableMs: 90_000,
};
