// What is particular to the ACP agents that are known: data, found by the name that an agent gives itself. What an agent
// tells of itself needs no row here: whether it can be steered (`_meta.steering`), how its model is chosen (an option, or
// `session/set_model`), where it says what a turn cost. A call that was refused is closed by the turn, and a call is made
// known by whatever names it first, for all agents alike.
import { rowOf } from "../../lib/field-of.ts";

export type AcpProfile = {
  /** `second_prompt`: a prompt while one runs is folded in at its next step. */
  steer: "none" | "second_prompt";
  /** The mode in which it asks us the most; absent: the one it starts in. */
  asks?: string;
  /** Set beside its mode called `plan` while we plan; `asks` otherwise. */
  planOption?: { id: string; plan: string; asks: string };
  /** A prompt whose first model request failed is not in its later requests. */
  forgetsUnanswered: boolean;
  /** Does not end when its input is closed. */
  killOnClose: boolean;
  /** How our conversation becomes a session of its own. */
  seed: "gemini" | "opencode" | null;
};

const PLAIN: AcpProfile = { steer: "none", forgetsUnanswered: false, killOnClose: false, seed: null };

/** As tried with: claude-agent-acp 0.100, codex-acp 2.6, Gemini CLI 0.61, opencode 1.18, Qwen Code 0.24; 0.16 of Zed's codex-acp. */
const PROFILES: Readonly<Record<string, Partial<AcpProfile>>> = {
  "@agentclientprotocol/claude-agent-acp": { asks: "default" },
  "@agentclientprotocol/codex-acp": {
    asks: "read-only",
    planOption: { id: "collaboration_mode", plan: "plan", asks: "default" },
  },
  "gemini-cli": { asks: "default", forgetsUnanswered: true, seed: "gemini" },
  OpenCode: { steer: "second_prompt", seed: "opencode" },
  // Starts in `auto`, where a model of its own decides what may run.
  "qwen-code": { asks: "default" },
  "codex-acp": { asks: "read-only", killOnClose: true },
};

/** Of an agent that is not known, or does not say who it is, nothing particular is expected. */
export function acpProfile(name: string | undefined): AcpProfile {
  return { ...PLAIN, ...(name === undefined ? {} : rowOf(PROFILES, name)) };
}
