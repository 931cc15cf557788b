import { describe, expect, it } from "vitest";
import { type GatePlace, readCall } from "../../src/policy/call-parts.ts";
import { type Decision, decide } from "../../src/policy/decide.ts";
import { offeredTools } from "../../src/policy/modes.ts";
import { ruleLayer } from "../../src/policy/rules.ts";
import type { GateCall, PermissionMode, PolicyDecision } from "../../src/protocol/approval.ts";
import type { Tool } from "../../src/protocol/tool.ts";
import { bash, other, PLACE, read, write } from "./calls.ts";
import { corpus, hasCorpora } from "./corpus.ts";

async function judge(call: GateCall, mode: PermissionMode, place: GatePlace = PLACE): Promise<Decision> {
  const reading = await readCall(call, place);
  return decide(reading, { mode, readOnly: false, sandboxed: place.sandboxed, rules: [], base: place });
}

const SANDBOX = { ...PLACE, name: "bubblewrap", sandboxed: true };
const todo: GateCall = { ...other("todo", { text: "x" }), tool: { readOnly: true, kind: "read" } };
const commit: GateCall = {
  ...other("git_commit", { message: "x" }),
  tool: { readOnly: false, kind: "edit" },
};

describe("what no rule speaks of", () => {
  it.each<[string, GateCall, PolicyDecision[]]>([
    //                          ask,    accept-edits, plan,  auto,   full
    ["read", read("a"), ["allow", "allow", "allow", "allow", "allow"]],
    ["read a secret", read("~/.ssh/id_rsa"), ["ask", "ask", "ask", "ask", "allow"]],
    ["a tool that only reads", todo, ["allow", "allow", "allow", "allow", "allow"]],
    ["write", write("a"), ["ask", "allow", "deny", "allow", "allow"]],
    ["write outside", write("../a"), ["ask", "ask", "deny", "ask", "allow"]],
    ["write to .git", write(".git/config"), ["ask", "ask", "deny", "ask", "allow"]],
    ["write to .hearth", write("sub/.hearth/settings.json"), ["ask", "ask", "deny", "ask", "allow"]],
    ["write a secret", write(".env"), ["ask", "ask", "deny", "ask", "allow"]],
    ["commit (A-062)", commit, ["ask", "ask", "deny", "ask", "allow"]],
    ["bash", bash("npm test"), ["ask", "ask", "deny", "ask", "allow"]],
    ["bash that reads", bash("ls src | wc -l"), ["ask", "ask", "allow", "allow", "allow"]],
    ["bash that reads outside", bash("cat /etc/passwd"), ["ask", "ask", "deny", "ask", "allow"]],
    ["bash that cannot be parsed", bash("ls 'x"), ["ask", "ask", "deny", "ask", "allow"]],
    ["an unknown tool", other("mcp__a__b"), ["ask", "ask", "deny", "ask", "allow"]],
  ])("%s", async (_, call, wanted) => {
    const modes: PermissionMode[] = ["ask", "accept-edits", "plan", "auto", "full"];
    const decisions = await Promise.all(modes.map((mode) => judge(call, mode)));
    expect(decisions.map(({ decision }) => decision)).toEqual(wanted);
  });

  it.each<[string, PolicyDecision]>([
    ["npm test", "allow"],
    ["rm -rf build", "ask"],
    ["cat .env", "ask"],
    ["curl https://example.com", "ask"],
    ["cp a /etc/hosts", "ask"],
    ['bash -c "$x"', "ask"],
    ["echo x > a", "allow"],
    ["echo x > /tmp/a", "ask"],
  ])("mode auto inside a sandbox: %s %s", async (command, decision) => {
    expect((await judge(bash(command), "auto", SANDBOX)).decision).toBe(decision);
  });

  it("mode auto without a sandbox says why it asks", async () => {
    expect((await judge(bash("npm test"), "auto")).reason).toBe(
      "mode auto: there is no sandbox, so commands ask",
    );
  });
});

describe("the narrowest rule", () => {
  it.each<[GateCall, string[]]>([
    [bash("npm test"), ["bash(npm test)"]],
    [bash("npm test -- x"), ["bash(npm test -- x)"]],
    [bash("cd a && FOO=1 npm test 'b c'"), ["bash(cd a)", "bash(FOO=1 npm test 'b c')"]],
    [bash("bash -lc 'npm test'"), ["bash(npm test)"]],
    [bash("npm test > out.txt"), ["bash(npm test)", "edit(./out.txt)"]],
    [bash("npm test $x"), []],
    [bash("rm a"), []],
    [bash("cat .env"), []],
    [bash("npm test; rm a"), []],
    [bash("echo 'open"), []],
    [write("src/a.ts"), ["edit(./src/a.ts)"]],
    [write("/etc/hosts"), ["edit(/etc/hosts)"]],
    [write(".env"), []],
    [other("mcp__a__b", { q: "x y" }), ["mcp__a__b(x y)"]],
    [other("mcp__a__b"), ["mcp__a__b"]],
  ])("%o: %j", async (call, rules) => {
    const { alwaysRules } = await judge(call, "ask");
    expect(alwaysRules).toEqual(rules);
    if (rules.length === 0) return;
    const reading = await readCall(call, PLACE);
    const layer = ruleLayer("session", { allow: alwaysRules });
    const again = decide(reading, {
      mode: "ask",
      readOnly: false,
      sandboxed: false,
      rules: [layer],
      base: PLACE,
    });
    expect(again.decision).toBe("allow");
  });
});

describe("offered tools", () => {
  const tool = (name: string, readOnly: boolean, kind: Tool["kind"], files: boolean) => ({
    name,
    readOnly,
    kind,
    ...(files ? { paths: () => [] } : {}),
  });
  const TOOLS = [
    tool("read", true, "read", true),
    tool("grep", true, "read", true),
    tool("write", false, "edit", true),
    tool("edit", false, "edit", true),
    tool("bash", false, "execute", false),
    tool("todo", true, "read", false),
  ];
  const names = (
    options: Partial<Parameters<typeof offeredTools>[1]>,
    deny: string[] = [],
    allow: string[] = [],
  ) =>
    offeredTools(TOOLS, {
      mode: "ask",
      rules: [ruleLayer("your settings", { allow, deny })],
      ...options,
    }).map(({ name }) => name);

  it("all in mode ask", () => {
    expect(names({})).toEqual(["read", "grep", "write", "edit", "bash", "todo"]);
  });
  it.each([{ mode: "plan" as const }, { readOnly: true }])(
    "none that could change anything with %o (A-058)",
    (options) => {
      expect(names(options)).toEqual(["read", "grep", "todo"]);
    },
  );
  it("none that a rule denies wholly (A-077)", () => {
    expect(names({}, ["bash"], ["*"])).toEqual(["read", "grep", "write", "edit", "todo"]);
    expect(names({}, ["bash(rm:*)"])).toContain("bash");
    expect(names({}, ["edit"])).toEqual(["read", "grep", "bash", "todo"]);
    expect(names({}, ["*"])).toEqual([]);
  });
  it("only reading of files in profile minimal (A-078)", () => {
    expect(names({ profile: "minimal" })).toEqual(["read", "grep"]);
  });
  it("only those that are listed", () => {
    expect(names({ only: ["bash", "read"] })).toEqual(["read", "bash"]);
  });
});

type Row = {
  command?: string;
  paths?: string[];
  sensitive?: boolean;
  expected?: string;
  auto_safe?: boolean;
  dangerous?: boolean;
};

describe.runIf(hasCorpora)("corpora shell-policy, one way: nothing that others block runs unasked", () => {
  const files = ["auto-safe", "dangerous-rm", "destructive", "secret-access"];
  const rows = files
    .flatMap((file) => corpus<Row>(`shell-policy/${file}`))
    .filter((row) => row.sensitive || row.dangerous || row.expected === "blocked" || row.auto_safe === false);
  it.each<PermissionMode>(["ask", "accept-edits", "auto"])(
    `in mode %s, ${rows.length} calls`,
    async (mode) => {
      const run = [];
      for (const { command, paths } of rows) {
        const calls =
          command === undefined
            ? (paths ?? []).flatMap((path) => [read(path), write(path)])
            : [bash(command)];
        for (const call of calls) {
          if ((await judge(call, mode)).decision === "allow") run.push(call.arguments);
        }
      }
      expect(run).toEqual([]);
    },
  );
});

it.runIf(!hasCorpora)("has no corpora here: the one-way cases did not run", () => {
  expect(hasCorpora).toBe(false);
});
