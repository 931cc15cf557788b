// The gate: the only way a tool call gets permission. Hooks, rules, approval, audit, in this order.

import { newId } from "../lib/ids.ts";
import type {
  ApprovalAnswer,
  ApprovalRequest,
  DenialKind,
  Gate,
  GateCall,
  GateVerdict,
  PermissionMode,
} from "../protocol/approval.ts";
import { createAskQueue, untilAborted } from "./ask-queue.ts";
import { type CallReading, type GatePlace, readCall } from "./call-parts.ts";
import { type Decision, decide } from "./decide.ts";
import { denialText } from "./denial.prompt.ts";
import { isProtectedPath } from "./protected-paths.ts";
import { isLogged } from "./rule-match.ts";
import { type RuleSet, ruleLayer } from "./rules.ts";

/** What a hook says before any rule is read. `pass` may replace the arguments. */
type HookVerdict =
  | { action: "pass"; arguments?: Record<string, unknown> }
  | { action: "deny"; reason: string };

/** One for each call that was asked about, denied, or named by a `log` rule; and for each that may change things. */
export type GateRecord = {
  toolCallId: string;
  name: string;
  arguments: Record<string, unknown>;
  subject: string;
  place: string;
  outcome: "allowed" | "denied";
  /** Who refused; absent when allowed. */
  kind?: DenialKind;
  reason: string;
  asked: boolean;
};

export type GateOptions = {
  mode: () => PermissionMode;
  /** Throws nothing; parse the settings' rules before. */
  rules: () => RuleSet;
  place: () => GatePlace;
  /** Stores a rule that "always" or "never" made. The gate itself heeds it at once. */
  remember: (rule: string, kind: "allow" | "deny") => Promise<void>;
  /** False: nobody can be asked; what would ask is denied. */
  interactive: boolean;
  /** `--read-only`. */
  readOnly?: boolean;
  hooks?: (call: GateCall, options: { signal: AbortSignal }) => Promise<HookVerdict>;
  audit?: (record: GateRecord) => Promise<void> | void;
  newId?: () => string;
};

type AskOptions = Parameters<Gate["check"]>[1];
type Judged = { call: GateCall; reading: CallReading; decision: Decision };
type Outcome = { verdict: GateVerdict; reason: string; asked: boolean };

export function createGate(options: GateOptions): Gate {
  const queue = createAskQueue();
  const remembered: Record<"allow" | "deny", string[]> = { allow: [], deny: [] };
  const rules = (): RuleSet => [...options.rules(), ruleLayer("answered before", remembered)];

  const remember = async (kind: "allow" | "deny", texts: readonly string[]) => {
    remembered[kind].push(...texts);
    for (const text of texts) await options.remember(text, kind);
  };

  const settle = async (judged: Judged, ask: AskOptions): Promise<Outcome> => {
    if (judged.decision.decision !== "ask") return settled(judged);
    return options.interactive ? queue(() => question(judged.call, ask), ask) : unattended(judged);
  };

  /** Judged anew, since an answer given meanwhile may have settled it. */
  const question = async (call: GateCall, ask: AskOptions): Promise<Outcome> => {
    const judged = await judge(call, options, rules());
    if (judged.decision.decision !== "ask") return settled(judged);
    const patch = await call.tool?.preview?.(call.arguments);
    const request = approvalRequest(judged, options, patch);
    return answered(judged, await untilAborted(() => ask.ask(request), ask.signal));
  };

  const answered = async (judged: Judged, answer: ApprovalAnswer): Promise<Outcome> => {
    if (answer.outcome === "reject_once" || answer.outcome === "reject_always") {
      const { neverRule } = judged.decision;
      if (answer.outcome === "reject_always" && neverRule !== null) await remember("deny", [neverRule]);
      return denied("user", answer.reason ?? "", true);
    }
    const edited = answer.arguments
      ? await judge({ ...judged.call, arguments: answer.arguments }, options, rules())
      : judged;
    if (edited.decision.decision === "deny") return denied("policy", edited.decision.reason, true);
    if (answer.outcome === "allow_always") await remember("allow", edited.decision.alwaysRules);
    return { verdict: { allowed: true, arguments: edited.call.arguments }, reason: "approved", asked: true };
  };

  return {
    check: async (call, ask) => {
      ask.signal.throwIfAborted();
      const hook = await options.hooks?.(call, { signal: ask.signal });
      const passed =
        hook?.action === "pass" && hook.arguments ? { ...call, arguments: hook.arguments } : call;
      const judged = await judge(passed, options, rules());
      const outcome =
        hook?.action === "deny" ? denied("hook", hook.reason, false) : await settle(judged, ask);
      await audit(judged, outcome, options, rules());
      return outcome.verdict;
    },
    witness: async (call) => {
      const judged = await judge(call, options, rules());
      const verdict: GateVerdict = { allowed: true, arguments: call.arguments };
      const reason = `${call.place ?? "its agent"} did not ask`;
      await audit(judged, { verdict, reason, asked: false }, options, rules());
      const { decision, reason: rule } = judged.decision;
      return decision === "deny" ? rule : null;
    },
  };
}

async function judge(call: GateCall, options: GateOptions, rules: RuleSet): Promise<Judged> {
  const place = options.place();
  const reading = await readCall(call, place);
  const context = { mode: options.mode(), readOnly: options.readOnly ?? false, sandboxed: place.sandboxed };
  return { call, reading, decision: decide(reading, { ...context, rules, base: place }) };
}

async function audit(
  { call, reading }: Judged,
  { verdict, reason, asked }: Outcome,
  options: GateOptions,
  rules: RuleSet,
): Promise<void> {
  if (!options.audit) return;
  const place = options.place();
  const logged = reading.parts.some((part) => isLogged(part, rules, place));
  if (!logged && verdict.allowed && !asked && call.tool?.readOnly) return;
  await options.audit({
    toolCallId: call.toolCallId,
    name: call.name,
    arguments: verdict.allowed ? verdict.arguments : call.arguments,
    subject: reading.subject,
    place: call.place ?? place.name,
    outcome: verdict.allowed ? "allowed" : "denied",
    ...(verdict.allowed ? {} : { kind: verdict.kind }),
    reason,
    asked,
  });
}

function settled({ call, decision }: Judged): Outcome {
  if (decision.decision === "deny") return denied("policy", decision.reason, false);
  const verdict: GateVerdict = { allowed: true, arguments: call.arguments };
  return { verdict, reason: decision.reason, asked: false };
}

function denied(kind: DenialKind, reason: string, asked: boolean): Outcome {
  const verdict: GateVerdict = { allowed: false, kind, message: denialText({ kind, reason }), reason };
  return { verdict, reason, asked };
}

function unattended({ reading, decision }: Judged): Outcome {
  const rules = decision.allowRules.map((rule) => `--allow ${shellQuote(rule)}`).join(" ");
  const ordinaryEdits = reading.parts.every(
    (part) => part.kind === "file" && part.inside && !part.paths.some(isProtectedPath),
  );
  const flags = [
    rules || "--permission-mode full",
    ...(rules && ordinaryEdits ? ["--permission-mode accept-edits"] : []),
  ];
  const { reason } = decision;
  const message = denialText({ kind: "unattended", reason, flags: flags.join(" or ") });
  return {
    verdict: { allowed: false, kind: "unattended", message, reason, flags },
    reason,
    asked: false,
  };
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function approvalRequest(
  { call, reading, decision }: Judged,
  options: GateOptions,
  patch: string | undefined,
): ApprovalRequest {
  const alwaysRule = decision.alwaysRules.join(", ");
  return {
    id: (options.newId ?? newId)(),
    toolCallId: call.toolCallId,
    name: call.name,
    arguments: call.arguments,
    subject: reading.subject,
    place: call.place ?? options.place().name,
    reason: decision.reason,
    warnings: decision.warnings,
    ...(alwaysRule === "" ? {} : { alwaysRule }),
    ...(patch === undefined ? {} : { patch }),
  };
}
