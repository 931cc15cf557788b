// Decides one call: rules first, then the mode, part by part; the strictest part decides. Pure.
import type { PolicyDecision } from "../protocol/approval.ts";
import type { CallPart, CallReading } from "./call-parts.ts";
import { describeWarnings } from "./command-class.ts";
import { type ModeContext, modeDecision, modeRefusal } from "./modes.ts";
import { exactPathPattern, type PathBase } from "./path-pattern.ts";
import { matchRules } from "./rule-match.ts";
import type { RuleSet } from "./rules.ts";
import { isSecretPath } from "./secret-paths.ts";
import { isNeutral } from "./shell-variables.ts";
import { exactPattern } from "./word-pattern.ts";

export type Decision = {
  decision: PolicyDecision;
  /** The rule or default that decided, in a few words. */
  reason: string;
  warnings: string[];
  /** The narrowest rules under which the call would run; empty when rules cannot allow it. */
  allowRules: string[];
  /** Those of them that "always" may store: none when the call destroys or leaks something, so that each is asked. */
  alwaysRules: string[];
  /** The narrowest rule that refuses the call and no other; null when there is none. */
  neverRule: string | null;
};

export type DecideOptions = ModeContext & { rules: RuleSet; base: PathBase };

type PartDecision = { part: CallPart; decision: PolicyDecision; reason: string; byRule: boolean };

const STRICTNESS: Readonly<Record<PolicyDecision, number>> = { allow: 0, ask: 1, deny: 2 };

export function decide(reading: CallReading, options: DecideOptions): Decision {
  const parts = decideParts(reading, options);
  // A reading has at least one part; the first of the strictest ones decides.
  const strictest = parts.reduce((worst, each) =>
    STRICTNESS[each.decision] > STRICTNESS[worst.decision] ? each : worst,
  );
  const rules = allowRules(reading, parts, options.base);
  return {
    decision: strictest.decision,
    reason: strictest.reason,
    warnings: reading.shell ? describeWarnings(reading.shell.found) : [],
    allowRules: rules,
    alwaysRules: isRisky(reading) ? [] : rules,
    neverRule: neverRule(parts, options.base),
  };
}

/** Parts that do nothing themselves count only where nothing else is in the call. */
function decideParts(reading: CallReading, options: DecideOptions): PartDecision[] {
  const doing = reading.parts.filter(
    (part) => !(part.kind === "command" && isNeutral(part.command)) && !isMention(part),
  );
  const decided = reading.parts.map((part) => decidePart(part, doing.includes(part), reading, options));
  if (doing.length > 0) return decided;
  const [whole] = reading.parts;
  return whole ? [decidePart(whole, true, reading, options), ...decided] : decided;
}

function isMention(part: CallPart): boolean {
  return part.kind === "file" && part.access === "mention";
}

function decidePart(
  part: CallPart,
  counts: boolean,
  reading: CallReading,
  options: DecideOptions,
): PartDecision {
  const refusal = modeRefusal(part, reading, options);
  if (refusal !== null) return { part, decision: "deny", reason: refusal, byRule: true };
  const match = matchRules(part, options.rules, options.base);
  if (match) {
    const { rule, source, certain } = match;
    const decision = match.decision === "ask" && options.mode === "full" ? "allow" : match.decision;
    const doubt = certain ? "" : "may apply, the command does not show it: ";
    return { part, decision, reason: `${doubt}rule ${rule.text} (${source})`, byRule: true };
  }
  if (!counts) return { part, decision: "allow", reason: "it does nothing by itself", byRule: false };
  return { part, ...modeDecision(part, reading, options), byRule: false };
}

function isRisky({ shell }: CallReading): boolean {
  return shell !== null && (shell.found.destructive.length > 0 || shell.found.secrets.length > 0);
}

/** Empty when a rule asks, or when what the call would do cannot be told. */
function allowRules(reading: CallReading, parts: readonly PartDecision[], base: PathBase): string[] {
  const asking = parts.filter((each) => each.decision === "ask");
  if (reading.shell?.line.unclear.length || asking.some((each) => each.byRule)) return [];
  const rules = asking.map(({ part }) => narrowestRule(part, base));
  return rules.every((rule) => rule !== null) ? [...new Set(rules)] : [];
}

/** Only for a call with one asking part: refusing each part of a longer line would refuse other lines too. */
function neverRule(parts: readonly PartDecision[], base: PathBase): string | null {
  const [first, ...others] = parts.filter((each) => each.decision === "ask");
  return first && others.length === 0 ? narrowestRule(first.part, base) : null;
}

function narrowestRule(part: CallPart, base: PathBase): string | null {
  const name = part.names[0] ?? "";
  switch (part.kind) {
    case "command": {
      const set = part.command.assignments.map(({ name, value }) =>
        value === null ? null : `${name}=${value}`,
      );
      const words = [...set, ...part.command.argv].filter((word): word is string => word !== null);
      const known = words.length === set.length + part.command.argv.length && words.length > 0;
      return known ? `${name}(${exactPattern(words)})` : null;
    }
    case "file": {
      const path = part.paths.at(-1);
      const secret = part.paths.some(isSecretPath);
      return path === undefined || secret ? null : `${part.access}(${exactPathPattern(path, base)})`;
    }
    case "tool":
      return part.text === null || !/^[^*]{1,200}$/.test(part.text) ? name : `${name}(${part.text})`;
  }
}
