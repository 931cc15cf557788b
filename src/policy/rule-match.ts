// Which rule decides a part of a call. Pure. Deny beats ask beats allow over all layers.
import type { PolicyDecision } from "../protocol/approval.ts";
import type { CallPart, CommandPart } from "./call-parts.ts";
import { readGitCommand } from "./git-command.ts";
import { matchesPath, type PathBase } from "./path-pattern.ts";
import type { Rule, RuleSet } from "./rules.ts";
import { programName, type ShellWord } from "./shell-line.ts";
import { isHarmlessAssignment } from "./shell-variables.ts";
import { type Certainty, escapeExpression, matchesWords } from "./word-pattern.ts";

export type RuleMatch = {
  decision: PolicyDecision;
  rule: Rule;
  /** The layer's source. */
  source: string;
  /** False: a forbidding rule might match, the text does not show it. */
  certain: boolean;
};

/** The strictest rule for the part; null when none speaks of it. */
export function matchRules(part: CallPart, rules: RuleSet, base: PathBase): RuleMatch | null {
  return (
    find("deny", part, rules, { base, certainty: "surely" }) ??
    find("ask", part, rules, { base, certainty: "surely" }) ??
    doubt(find("deny", part, rules, { base, certainty: "possibly" })) ??
    doubt(find("ask", part, rules, { base, certainty: "possibly" })) ??
    (part.kind === "file" && part.access === "mention"
      ? null
      : find("allow", part, rules, { base, certainty: "surely" }))
  );
}

/** The first `log` rule for the part. */
export function isLogged(part: CallPart, rules: RuleSet, base: PathBase): boolean {
  return rules.some((layer) => layer.log.some((rule) => forbids(rule, part, { base, certainty: "surely" })));
}

function doubt(match: RuleMatch | null): RuleMatch | null {
  return match && { ...match, decision: "ask", certain: false };
}

type Matching = { base: PathBase; certainty: Certainty };

function find(kind: PolicyDecision, part: CallPart, rules: RuleSet, how: Matching): RuleMatch | null {
  const matches = kind === "allow" ? allows : forbids;
  for (const layer of rules) {
    const rule = layer[kind].find((each) => matches(each, part, how));
    if (rule) return { decision: kind, rule, source: layer.source, certain: true };
  }
  return null;
}

/** Matching for deny, ask and log: generous, so that no other spelling slips by. */
function forbids(rule: Rule, part: CallPart, how: Matching): boolean {
  const { pattern } = rule;
  if (pattern === null && part.kind === "file" && part.access === "mention") return false;
  if (pattern === null) return namesMatch(rule, part, part.kind === "file" ? part.tools : []);
  if (!namesMatch(rule, part, [])) return false;
  switch (part.kind) {
    case "command":
      return spellings(part).some((words) => matchesWords(pattern, words, how.certainty));
    case "file":
      if (part.paths.length === 0) return how.certainty === "possibly";
      return part.paths.some((path) => matchesPath(pattern, path, how.base));
    case "tool":
      return part.text !== null ? matchesText(pattern, part.text) : how.certainty === "possibly";
  }
}

/** Matching for allow: exact, every reading of the part must be covered. */
function allows(rule: Rule, part: CallPart, how: Matching): boolean {
  const { pattern } = rule;
  if (pattern === null) return namesMatch(rule, part, part.kind === "file" ? part.tools : []);
  if (!namesMatch(rule, part, [])) return false;
  switch (part.kind) {
    case "command":
      return allowsCommand(pattern, part);
    case "file":
      return part.paths.length > 0 && part.paths.every((path) => matchesPath(pattern, path, how.base));
    case "tool":
      return part.text !== null && matchesText(pattern, part.text);
  }
}

/** Variables set before a command are part of it, except those known to be harmless. */
function allowsCommand(pattern: string, { command }: CommandPart): boolean {
  const set = command.assignments.map(({ name, value }) => (value === null ? null : `${name}=${value}`));
  if (set.length > 0 && matchesWords(pattern, [...set, ...command.argv], "surely")) return true;
  return command.assignments.every(isHarmlessAssignment) && matchesWords(pattern, command.argv, "surely");
}

function namesMatch(rule: Rule, part: CallPart, further: readonly string[]): boolean {
  return [...part.names, ...further].some((name) => matchesName(rule.tool, name));
}

/** `*` stands for any characters. */
export function matchesName(pattern: string, name: string): boolean {
  return pattern === name || (pattern.includes("*") && matchesText(pattern, name));
}

function matchesText(pattern: string, text: string): boolean {
  const expression = pattern.replace(/:\*$/, "*").split("*").map(escapeExpression).join("[\\s\\S]*");
  return new RegExp(`^${expression}$`).test(text);
}

function plainGit(argv: readonly ShellWord[]): ShellWord[] {
  const unknown = "\0";
  const { subcommand, args } = readGitCommand(argv.slice(1).map((word) => word ?? unknown));
  return ["git", subcommand, ...args].map((word) => (word === unknown ? null : word));
}

/** As written, and by the program's plain name: `/bin/RM` is also `rm`, `git -C x push` also `git push`. */
function spellings({ command }: CommandPart): ShellWord[][] {
  const { argv, assignments } = command;
  const set = assignments.map(({ name, value }) => (value === null ? null : `${name}=${value}`));
  const name = programName(command);
  const plain = name === null || name === argv[0] ? [] : [[name, ...argv.slice(1)]];
  return [
    [...argv],
    ...plain,
    ...(name === "git" ? [plainGit(argv)] : []),
    ...(set.length > 0 ? [[...set, ...argv]] : []),
  ];
}
