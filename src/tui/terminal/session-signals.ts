// What the terminal is told of a session: title, progress, and when to call the person. Pure.
import { isAtWork, type SessionState } from "../../app/state.ts";
import type { AgentEvent, RunOutcome } from "../../protocol/event.ts";
import { isHeld } from "../components/is-held.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import type { Progress } from "./sequences.ts";

export type SignalFacts = {
  state: SessionState;
  /** What the session is about: its name, else its first prompt, else the folder. */
  subject: string;
  /** How the newest run ended; null before one did, and once the person has seen it. */
  outcome: RunOutcome | null;
};

/** A sign for what goes on, what it is about, and whose title it is. */
export function titleOf({ state, subject }: SignalFacts, glyphs: Glyphs): string {
  const mark = markOf(state, glyphs);
  return [mark, subject, "- hearth"].filter((part) => part !== "").join(" ");
}

function markOf(state: SessionState, glyphs: Glyphs): string {
  if (state.approvals.length > 0) return glyphs.waiting;
  if (isHeld(state)) return glyphs.paused;
  return isAtWork(state) ? glyphs.running : "";
}

export function progressOf({ state, outcome }: SignalFacts): Progress {
  if (state.approvals.length > 0 || isHeld(state)) return "waiting";
  if (isAtWork(state)) return "busy";
  return outcome === "failed" || outcome === "limit" ? "failed" : "none";
}

/** What to call the person with; null for events that need nobody. */
export function callOf(
  event: AgentEvent,
  { subject, outcome }: SignalFacts,
): { title: string; text: string } | null {
  if (event.type === "approval_request") {
    const { name, subject: what } = event.request;
    return { title: "hearth asks", text: `${name} wants to run: ${what}` };
  }
  if (event.type !== "settled" || event.exit || outcome === null) return null;
  switch (outcome) {
    case "completed":
      return { title: "hearth is done", text: subject };
    case "failed":
    case "limit":
      return { title: "hearth stopped", text: subject };
    case "interrupted":
      return null;
  }
}
