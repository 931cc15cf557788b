import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCall } from "../../src/policy/call-parts.ts";
import { decide } from "../../src/policy/decide.ts";
import { parseRule, type RuleLayer, type RuleTexts, ruleLayer } from "../../src/policy/rules.ts";
import { exactPattern, matchesWords } from "../../src/policy/word-pattern.ts";
import type { GateCall, PermissionMode, PolicyDecision } from "../../src/protocol/approval.ts";
import { bash, other, PLACE, read, write } from "./calls.ts";
import { corpus, hasCorpora } from "./corpus.ts";

async function decideCall(call: GateCall, layers: RuleLayer[], mode: PermissionMode = "ask") {
  const reading = await readCall(call, PLACE);
  return decide(reading, { mode, readOnly: false, sandboxed: false, rules: layers, base: PLACE });
}

async function outcome(call: GateCall, texts: RuleTexts, mode?: PermissionMode): Promise<PolicyDecision> {
  return (await decideCall(call, [ruleLayer("your settings", texts)], mode)).decision;
}

describe("rule syntax", () => {
  it.each([
    ["bash", "bash", null],
    ["bash(npm test)", "bash", "npm test"],
    [" bash( git log:* ) ", "bash", "git log:*"],
    ["bash(*)", "bash", null],
    ["mcp__git-hub__*", "mcp__git-hub__*", null],
    ["edit(a (1).txt)", "edit", "a (1).txt"],
    ["*", "*", null],
  ])("%s", (text, tool, pattern) => {
    expect(parseRule(text)).toEqual({ tool, pattern, text: text.trim() });
  });

  it.each(["", "bash(", "bash()", "(npm test)", "bash npm", "bash(a) b"])(
    "refuses %j and names it",
    (text) => {
      expect(() => parseRule(text)).toThrow(expect.objectContaining({ code: "policy.rule" }));
      expect(() => parseRule(text)).toThrow(text);
    },
  );
});

describe("patterns of commands", () => {
  it.each<[string, (string | null)[], boolean]>([
    ["npm test", ["npm", "test"], true],
    ["npm test", ["npm", "test", "x"], false],
    ["npm test", ["npm", "test x"], false],
    ["git log:*", ["git", "log"], true],
    ["git log:*", ["git", "log", "-p", null], true],
    ["git log:*", ["git", "logout"], false],
    ["git log*", ["git", "logout", "x"], true],
    ["npm run *", ["npm", "run", "build"], true],
    ["npm run test*", ["npm", "run", "test:unit", "-w"], true],
    ["find * -delete*", ["find", "src", "-delete"], true],
    ["find * -delete*", ["find", "src"], false],
    ["git * main", ["git", "push", "origin", "main"], true],
    ["git commit -m 'a b'", ["git", "commit", "-m", "a b"], true],
    ["echo '*'", ["echo", "x"], false],
    ["echo \\*", ["echo", "*"], true],
    ["ls", [null], false],
    ["rm x", ["rm", null], false],
  ])("%s %j", (pattern, words, matches) => {
    expect(matchesWords(pattern, words, "surely")).toBe(matches);
  });

  it.each<[string, (string | null)[], boolean]>([
    ["rm:*", [null, "x"], true],
    ["git push:*", ["git", null], true],
    ["git push -f", ["git", null], true],
    ["rm:*", ["ls", null], false],
  ])("%s could match %j: %s", (pattern, words, matches) => {
    expect(matchesWords(pattern, words, "possibly")).toBe(matches);
  });

  it("an exact pattern matches its own words and no others", () => {
    const words = fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 8 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(words, words, (one, two) => {
        const pattern = exactPattern(one);
        expect(matchesWords(pattern, one, "surely")).toBe(true);
        const same = JSON.stringify(one) === JSON.stringify(two);
        expect(matchesWords(pattern, two, "surely")).toBe(same);
      }),
    );
  });
});

describe("commands", () => {
  it.each<[string, string[], PolicyDecision]>([
    ["npm test", ["bash(npm test)"], "allow"],
    ["npm publish", ["bash(npm test)"], "ask"],
    ["npm test; rm -rf x", ["bash(npm test)"], "ask"],
    ["npm test && npm test", ["bash(npm test)"], "allow"],
    ["npm test $(rm x)", ["bash(npm test:*)"], "ask"],
    ["timeout 9 npm test", ["bash(npm test)"], "allow"],
    ["bash -lc 'npm test'", ["bash(npm test)"], "allow"],
    ["sudo npm test", ["bash(npm test)"], "ask"],
    ["NODE_ENV=test npm test", ["bash(npm test)"], "allow"],
    ["PATH=/tmp npm test", ["bash(npm test)"], "ask"],
    ["PATH=/tmp npm test", ["bash(PATH=/tmp npm test)"], "allow"],
    ["export PATH=/tmp; npm test", ["bash(npm test)"], "ask"],
    ["npm_config_script_shell=x npm test", ["bash(npm test)"], "ask"],
    ["n=1; npm test", ["bash(npm test)"], "allow"],
    ["/tmp/npm test", ["bash(npm test)"], "ask"],
    ["npm test > out.txt", ["bash(npm test)"], "ask"],
    ["npm test > out.txt", ["bash(npm test)", "edit(*.txt)"], "allow"],
    ["npm test > out.txt", ["bash"], "allow"],
    ["npm test > /dev/null 2>&1", ["bash(npm test)"], "allow"],
    ["cd .. && npm test > out.txt", ["bash(npm test)", "bash(cd:*)", "edit(out.txt)"], "ask"],
    ["echo 'open", ["bash(echo:*)"], "ask"],
    ["echo 'open", ["bash"], "allow"],
    ["$x", ["bash(npm test)"], "ask"],
    ["A=1", [], "ask"],
    ["find . -exec rm {} \\;", ["bash(find:*)"], "ask"],
    ["echo x | xargs rm", ["bash(echo:*)", "bash(xargs:*)"], "ask"],
  ])("%s with %j allowed: %s", async (command, allow, decision) => {
    expect(await outcome(bash(command), { allow })).toBe(decision);
  });

  it.each<[string, string, PolicyDecision]>([
    ["ls; rm x", "bash(rm:*)", "deny"],
    ["/bin/rm x", "bash(rm:*)", "deny"],
    ["RM x", "bash(rm:*)", "deny"],
    ["sudo rm x", "bash(rm:*)", "deny"],
    ["sudo ls", "bash(sudo:*)", "deny"],
    ["git -C x -c a=b push", "bash(git push:*)", "deny"],
    ["git -C x $y", "bash(git push:*)", "ask"],
    ["bash -c 'rm x'", "bash(rm:*)", "deny"],
    ["find . -exec rm {} +", "bash(rm:*)", "deny"],
    ["$x y", "bash(rm:*)", "ask"],
    ["ls", "bash(rm:*)", "allow"],
    ["cat .env", "read(.env)", "deny"],
    ["cat < .env", "read(.env)", "deny"],
    ["echo x > src/a", "edit(src/**)", "deny"],
    ["echo x > $f", "edit(src/**)", "ask"],
    ["rm src/a", "edit(src)", "deny"],
    ["ls lib", "edit", "allow"],
    ["ls > lib", "edit", "deny"],
    ["ls", "*", "deny"],
  ])("%s with everything allowed but %s denied: %s", async (command, rule, decision) => {
    expect(await outcome(bash(command), { allow: ["*"], deny: [rule] })).toBe(decision);
  });

  it("a denial is not lifted by mode full, a question is", async () => {
    const rules = { ask: ["bash(npm publish)"], deny: ["bash(rm:*)"] };
    expect(await outcome(bash("rm x"), rules, "full")).toBe("deny");
    expect(await outcome(bash("npm publish"), rules, "full")).toBe("allow");
  });

  it("adding a command to a line never loosens the decision", async () => {
    const strictness = { allow: 0, ask: 1, deny: 2 };
    const part = fc.constantFrom(
      "npm test",
      "ls",
      "rm x",
      "git push",
      "$x",
      "echo a > b",
      "sudo ls",
      "A=1",
      "PATH=x",
    );
    const joint = fc.constantFrom(" && ", " | ", "; ", "\n", " || ");
    const texts = fc.constantFrom(
      "bash(npm test)",
      "bash(ls)",
      "bash(rm:*)",
      "bash",
      "edit(b)",
      "bash(git *)",
    );
    const lists = fc.record({ allow: fc.array(texts), ask: fc.array(texts), deny: fc.array(texts) });
    await fc.assert(
      fc.asyncProperty(part, part, joint, lists, async (one, two, between, rules) => {
        // A bare variable is nothing to run; alone it asks only because a call must be something.
        fc.pre(!/^[A-Z]+=/.test(one));
        const alone = await outcome(bash(one), rules);
        const joined = await outcome(bash(one + between + two), rules);
        expect(strictness[joined]).toBeGreaterThanOrEqual(strictness[alone]);
      }),
      { numRuns: 300 },
    );
  });

  it("deny wins in any order of rules and layers", async () => {
    const rule = fc.constantFrom("bash", "bash(npm test)", "bash(npm *)", "*");
    const layer = fc.record({ allow: fc.array(rule), ask: fc.array(rule), deny: fc.array(rule) });
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { maxLength: 4 }), fc.nat(4), async (layers, position) => {
        const texts: RuleTexts[] = layers.toSpliced(position, 0, {
          allow: [],
          ask: [],
          deny: ["bash(npm test)"],
        });
        const rules = texts.map((each, index) => ruleLayer(`layer ${index}`, each));
        expect((await decideCall(bash("npm test"), rules)).decision).toBe("deny");
      }),
    );
  });
});

describe("files", () => {
  it.each<[GateCall, string[], PolicyDecision]>([
    [write("src/a.ts"), ["edit(src/**)"], "allow"],
    [write("src/x/a.ts"), ["edit(src/*)"], "allow"],
    [write("lib/src/a.ts"), ["edit(src/**)"], "ask"],
    [write("src/../lib/a.ts"), ["edit(src/**)"], "ask"],
    [write("/repo/src/a.ts"), ["edit(src)"], "allow"],
    [write("x/a.md"), ["edit(*.md)"], "allow"],
    [write("x/a.md"), ["edit(./a.md)"], "ask"],
    [write("~/notes/a"), ["edit(~/notes/**)"], "allow"],
    [write("/home/me/notes/a"), ["edit(~/notes/**)"], "allow"],
    [write("/etc/hosts"), ["edit(/etc/*)"], "allow"],
    [write("a"), ["write"], "allow"],
    [write("a"), ["edit"], "allow"],
    [write("a"), ["read"], "ask"],
    [write("a?c"), ["edit(a\\?c)"], "allow"],
    [write("abc"), ["edit(a\\?c)"], "ask"],
    [read("a"), [], "allow"],
    [read(".env"), [], "ask"],
    [read(".env"), ["read(.env)"], "allow"],
  ])("%o with %j allowed: %s", async (call, allow, decision) => {
    expect(await outcome(call, { allow })).toBe(decision);
  });

  it("judges the file behind a link as well as its name", async () => {
    const place = { ...PLACE, realPath: async (path: string) => path.replace("/repo/link", "/repo/.git") };
    const reading = await readCall(write("link/config"), place);
    const judge = (texts: RuleTexts) =>
      decide(reading, {
        mode: "accept-edits",
        readOnly: false,
        sandboxed: false,
        rules: [ruleLayer("your settings", texts)],
        base: place,
      }).decision;
    expect(judge({})).toBe("ask");
    expect(judge({ allow: ["edit(link/**)"] })).toBe("ask");
    expect(judge({ deny: ["edit(.git)"] })).toBe("deny");
    expect(judge({ deny: ["edit(link)"] })).toBe("deny");
  });
});

describe("layers", () => {
  it("a project's allow does not lift the user's ask (A-079)", async () => {
    const rules = [
      ruleLayer("your settings", { ask: ["write"] }),
      ruleLayer("the project's settings", { allow: ["*"] }),
    ];
    const { decision, reason, alwaysRules } = await decideCall(write("a"), rules);
    expect(decision).toBe("ask");
    expect(reason).toBe("rule write (your settings)");
    expect(alwaysRules).toEqual([]);
  });

  it("other tools match by name and first text", async () => {
    const call = other("mcp__srv__get", { url: "https://example.com/a", deep: 1 });
    expect(await outcome(call, { allow: ["mcp__srv__*"] })).toBe("allow");
    expect(await outcome(call, { allow: ["mcp__srv__get(https://example.com/*)"] })).toBe("allow");
    expect(await outcome(call, { allow: ["mcp__srv__get(https://example.org/*)"] })).toBe("ask");
    expect(await outcome(call, { allow: ["*"], deny: ["mcp__srv__*"] })).toBe("deny");
  });
});

type PriorityRow = {
  id: string;
  shell: boolean;
  call: { name: string; args?: { command?: string } };
  config: {
    rules?: {
      decision: string;
      toolName?: string;
      command_prefix?: string;
      allowRedirection?: boolean;
      priority?: number;
    }[];
    approvalMode?: string;
    nonInteractive?: boolean;
    defaultDecision?: string;
  };
  expected: PolicyDecision;
};
type LastMatchRow = {
  id: string;
  permission: string;
  input: string;
  rules: { permission: string; pattern: string; action: PolicyDecision }[];
  expected: PolicyDecision;
};
type WildcardRow = {
  kind: string;
  input: string;
  pattern: string;
  rules: Record<string, string>;
  head: string;
  tail: string[];
  expected: unknown;
};
type SubstitutionRow = { command: string; expected?: boolean; decision?: string; allow_prefixes?: string[] };

function ruleTexts(rules: LastMatchRow["rules"]): RuleTexts {
  const of = (action: PolicyDecision) =>
    rules
      .filter((rule) => rule.action === action)
      .map(({ permission, pattern }) => (pattern === "*" ? permission : `${permission}(${pattern})`));
  return { allow: of("allow"), ask: of("ask"), deny: of("deny") };
}

// Ours is a set of rules (deny beats ask beats allow), theirs are lists (priority, last match). Mapped are the
// rows that mean the same in both: command prefixes for the shell; lists whose last match is also the strictest.
// Not mapped: regular expressions over JSON arguments, tool annotations, rule modes, defaults other than ask.
describe.runIf(hasCorpora)("corpora of rule engines", () => {
  const prefixed = corpus<PriorityRow>("shell-policy/rules-priority").filter(
    ({ shell, config }) =>
      shell &&
      config.rules?.length &&
      config.rules.every((rule) => rule.command_prefix !== undefined) &&
      new Set(config.rules.map((rule) => rule.decision)).size === 1 &&
      (config.defaultDecision ?? "ask_user") === "ask_user" &&
      !config.nonInteractive,
  );
  // With allowRedirection the peer lets a write to any file pass; we ask for the file.
  it(`rules-priority: ${prefixed.length} rows of command prefixes`, async () => {
    for (const { id, call, config, expected } of prefixed) {
      const list = (config.rules ?? []).map((rule) => `bash(${rule.command_prefix}:*)`);
      const decision = config.rules?.[0]?.decision;
      const texts: RuleTexts =
        decision === "allow" ? { allow: list } : decision === "deny" ? { deny: list } : { ask: list };
      const wanted = config.rules?.some((rule) => rule.allowRedirection) ? "ask" : expected;
      expect(await outcome(bash(call.args?.command ?? ""), texts), id).toBe(wanted);
    }
  });

  const strictness = { allow: 0, ask: 1, deny: 2 };
  const lastMatch = corpus<LastMatchRow>("shell-policy/rules-last-match");
  const same = lastMatch.filter(({ rules, expected }) =>
    rules.every((rule) => strictness[rule.action] <= strictness[expected]),
  );
  it(`rules-last-match: ${same.length} of ${lastMatch.length} rows, whose answer no stricter rule contradicts`, async () => {
    for (const { id, permission, input, rules, expected } of same) {
      const texts = ruleTexts(rules);
      const call =
        permission === "bash" ? bash(input) : permission === "edit" ? write(input) : other(permission);
      expect(await outcome(call, texts), id).toBe(expected);
    }
  });

  const wildcards = corpus<WildcardRow>("shell-policy/wildcard-match").filter(({ kind }) => kind === "match");
  it(`wildcard-match: ${wildcards.length} patterns`, () => {
    for (const { input, pattern, expected } of wildcards) {
      expect(matchesWords(pattern, input.split(" "), "surely"), `${pattern} ${input}`).toBe(expected);
    }
  });

  const structured = corpus<WildcardRow>("shell-policy/wildcard-match").filter(
    ({ kind }) => kind === "structured",
  );
  it(`wildcard-match: the matching rule of ${structured.length} commands`, () => {
    for (const { rules, head, tail, expected } of structured) {
      const matching = Object.entries(rules).filter(([pattern]) =>
        matchesWords(pattern, [head, ...tail], "surely"),
      );
      const actions = matching.map(([, action]) => action);
      expect(expected === null ? actions.length === 0 : actions.includes(String(expected)), head).toBe(true);
    }
  });

  // Left out: command-prefix (the prefix opencode would offer; we offer the exact line).
  const substitutions = corpus<SubstitutionRow>("shell-policy/dangerous-substitution");
  it(`dangerous-substitution: no dangerous one of ${substitutions.length} runs because its program is allowed`, async () => {
    for (const { command, expected, decision } of substitutions) {
      if (expected !== true && decision !== "ask_user") continue;
      expect(
        await outcome(bash(command), { allow: ["bash(echo:*)", "bash(node:*)", "bash(ls:*)"] }),
        command,
      ).toBe("ask");
    }
  });
});

it.runIf(!hasCorpora)("has no corpora here: the rule-engine cases did not run", () => {
  expect(hasCorpora).toBe(false);
});
