// What of our promises does not hold while an agent works, in sentences for the person. Data alone; as observed of the
// real programs.
import { rowOf } from "../lib/field-of.ts";
import type { AgentKind } from "./known-agents.ts";

const UNSEEN = "What it does without asking is seen afterwards, as far as it tells.";

const BY_KIND: Readonly<Record<AgentKind, readonly string[]>> = {
  acp: ["Our rules see what it asks about.", UNSEEN],
  "claude-code": [
    "Hooks and servers of its own settings run as it has them.",
    "What it costs is known at the end of its turn: a limit of cost cannot stop it before.",
  ],
  codex: [
    "A command that was allowed and that its own sandbox stopped is run again outside of it without another question.",
  ],
  pi: [
    "It has no permissions of its own: it asks through an extension of ours, and without that nothing would be asked.",
  ],
  command: [
    "Only what it prints is seen: whatever it does beside that is not asked about, not shown and not in the audit log.",
  ],
  terminal: [
    "Only its screen is seen: its calls are not asked about, not shown as calls and not in the audit log.",
  ],
};

/** Agents that speak a shared protocol in their own way. */
const BY_NAME: Readonly<Record<string, readonly string[]>> = {
  gemini: ["It reads files without asking.", "Of a call that was refused it tells nothing more."],
  opencode: [
    "It reads and searches without asking, and does what its own configuration allows: our rules see that afterwards.",
  ],
};

/** `agent`: its name among the known ones, where it is one. */
export function agentLimits(kind: AgentKind, agent: string): readonly string[] {
  return rowOf(BY_NAME, agent) ?? BY_KIND[kind];
}
