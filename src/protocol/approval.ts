// Approval: may it run? The question the gate asks a person, and the answers there are.
import * as z from "zod/mini";
import type { Tool } from "./tool.ts";

export const PermissionMode = z.enum(["ask", "accept-edits", "plan", "auto", "full"]);
export type PermissionMode = z.infer<typeof PermissionMode>;

export const PolicyDecision = z.enum(["allow", "ask", "deny"]);
export type PolicyDecision = z.infer<typeof PolicyDecision>;

/** ACP's words. */
export const ApprovalOutcome = z.enum(["allow_once", "allow_always", "reject_once", "reject_always"]);
export type ApprovalOutcome = z.infer<typeof ApprovalOutcome>;

/** What a person is asked. `subject` is the exact command, path or arguments in one text. */
export const ApprovalRequest = z.object({
  id: z.string(),
  toolCallId: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  subject: z.string(),
  /** Where it would run: "workspace", a sandbox's name, an external runtime's name. */
  place: z.string(),
  /** Why it is asked: the rule or default that decided, in a few words. */
  reason: z.string(),
  /** Things a person should know: what would be deleted, what leaves the workspace. */
  warnings: z.array(z.string()),
  /** The narrowest rule that "always" would store, e.g. `bash(npm test)`; absent when always is not offered. */
  alwaysRule: z.optional(z.string()),
  /** False where changed arguments cannot be handed back to who made the call; absent: they can. */
  editable: z.optional(z.boolean()),
  /** Preview of an edit as a unified diff. */
  patch: z.optional(z.string()),
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** A person's answer. `reason` reaches the model with a rejection; `arguments` replaces the call's ("e" edits). */
export type ApprovalAnswer = {
  outcome: ApprovalOutcome;
  reason?: string;
  arguments?: Record<string, unknown>;
};

export type GateCall = {
  toolCallId: string;
  name: string;
  arguments: Record<string, unknown>;
  /** The tool's contract; null for a call of an external runtime whose tool we do not know. */
  tool: Pick<Tool, "readOnly" | "kind" | "paths" | "preview"> | null;
  /** Who runs it, where that is not us: an external runtime's name. */
  place?: string;
};

/** Who refused: a rule or mode, a hook, the person, or nobody to ask (one-shot). */
export type DenialKind = "policy" | "hook" | "user" | "unattended";

export type GateVerdict =
  | { allowed: true; arguments: Record<string, unknown> }
  | {
      allowed: false;
      kind: DenialKind;
      /** For the model. */
      message: string;
      /** The rule, the mode or default that decided, or the person's own words. */
      reason?: string;
      /** Command-line flags that would each allow it, narrowest first; of `unattended` only. */
      flags?: string[];
    };

/** The only permission path. Rejects only when the signal aborts. `ask` is given by who runs the call. */
export interface Gate {
  check: (
    call: GateCall,
    options: { ask: (request: ApprovalRequest) => Promise<ApprovalAnswer>; signal: AbortSignal },
  ) => Promise<GateVerdict>;
  /** Puts a call on record that its agent ran without asking. A sentence where our rules would have denied it. */
  witness: (call: GateCall) => Promise<string | null>;
}
