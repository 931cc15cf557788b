// What a program in a terminal is doing, judged from outside. Pure: who reads the facts is mux/pty.

export const ACTIVITIES = ["active", "idle", "waiting", "exited"] as const;

/**
 * `active`: it wrote or was typed to within 2 s; `idle`: it did not; `waiting`: it takes input and does nothing else as far
 * as can be known; `exited`: it ended.
 */
export type Activity = (typeof ACTIVITIES)[number];

/**
 * Whether the program in the foreground reads its terminal: `only`: it is blocked on nothing else; `also`: on other things
 * too (a socket, a timer), so that it may be at work; `no`; `unknown`: it cannot be looked at here.
 */
export type Reading = "only" | "also" | "no" | "unknown";

export type ActivityFacts = {
  exited: boolean;
  /** Milliseconds since the program wrote or was typed to. */
  quietMs: number;
  reading: Reading;
  /** The text before the cursor, in its row. */
  beforeCursor: string;
};

/** The time of SPEC A-148. */
const IDLE_MS = 2_000;

/** A program that reads may have been caught between two lines of its output; terminals echo in far less. */
const SETTLED_MS = 250;

const PROMPT = /(?:[$#%>:?»›❯➜λ]|\.\.\.) ?$/u;

export function activityOf({ exited, quietMs, reading, beforeCursor }: ActivityFacts): Activity {
  if (exited) return "exited";
  if (reading === "only" && quietMs >= SETTLED_MS) return "waiting";
  if (quietMs < IDLE_MS) return "active";
  if (reading === "also") return "waiting";
  if (reading === "unknown" && PROMPT.test(beforeCursor)) return "waiting";
  return "idle";
}
