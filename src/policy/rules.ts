// Permission rules: their syntax and their layers. Pure.
//
//   bash                 every call of the tool          mcp__github__*   every tool of a server
//   bash(npm test)       this command line               *                every tool
//   bash(git log:*)      lines that begin with it, same as bash(git log *)
//   edit(src/**)         files, as in .gitignore: relative to the workspace, `~/` the home, `/` absolute
//
// `edit` stands for every tool that changes files and `read` for every tool that reads them.
import { AppError } from "../lib/app-error.ts";

export type Rule = {
  /** Tool name, with `*` for any characters. */
  tool: string;
  /** What the call must be about; null: any call. */
  pattern: string | null;
  /** As written. */
  text: string;
};

/** Rules of one origin. `log` writes an audit record for a call that would leave none. */
export type RuleLayer = {
  /** For reasons shown to a person: "your settings", "the project's settings", "--allow". */
  source: string;
  allow: readonly Rule[];
  ask: readonly Rule[];
  deny: readonly Rule[];
  log: readonly Rule[];
};

/**
 * All layers count alike: deny beats ask beats allow, whoever said it, so that no layer loosens another. Leave
 * out the allow rules of a project that the user does not trust.
 */
export type RuleSet = readonly RuleLayer[];

export type RuleTexts = Partial<Record<"allow" | "ask" | "deny" | "log", readonly string[] | undefined>>;

/** Throws AppError `policy.rule` for a text that is no rule. */
export function ruleLayer(source: string, texts: RuleTexts): RuleLayer {
  const parse = (list: readonly string[] | undefined) => (list ?? []).map(parseRule);
  return {
    source,
    allow: parse(texts.allow),
    ask: parse(texts.ask),
    deny: parse(texts.deny),
    log: parse(texts.log),
  };
}

/** Throws AppError `policy.rule`, which names the text. */
export function parseRule(text: string): Rule {
  const match = /^([\w.*-]+)(?:\(([\s\S]*)\))?$/.exec(text.trim());
  if (!match) {
    throw new AppError("policy.rule", `The rule "${text}" is neither "tool" nor "tool(pattern)".`, {
      hint: "Examples: bash(npm test), bash(git log:*), edit(src/**), mcp__github__*",
    });
  }
  const [, tool = "", pattern] = match;
  if (pattern !== undefined && pattern.trim() === "") {
    throw new AppError("policy.rule", `The rule "${text}" has an empty pattern.`, {
      hint: `Write "${tool}" to mean every call.`,
    });
  }
  const any = pattern === undefined || /^(?:\*|:\*|\*\*)$/.test(pattern.trim());
  return { tool, pattern: any ? null : pattern.trim(), text: text.trim() };
}
