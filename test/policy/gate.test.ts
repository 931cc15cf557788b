import { describe, expect, it } from "vitest";
import { createGate, type GateOptions, type GateRecord } from "../../src/policy/gate.ts";
import { type RuleTexts, ruleLayer } from "../../src/policy/rules.ts";
import type { ApprovalAnswer, ApprovalRequest, PermissionMode } from "../../src/protocol/approval.ts";
import { bash, other, PLACE, person, read, write } from "./calls.ts";

type Setup = Partial<GateOptions> & { texts?: RuleTexts; permissionMode?: PermissionMode };

function setUp({ texts = {}, permissionMode = "ask", ...options }: Setup = {}) {
  const remembered: [string, string][] = [];
  const records: GateRecord[] = [];
  const gate = createGate({
    mode: () => permissionMode,
    rules: () => [ruleLayer("your settings", texts)],
    place: () => PLACE,
    remember: async (rule, kind) => {
      remembered.push([rule, kind]);
    },
    interactive: true,
    audit: (record) => {
      records.push(record);
    },
    newId: () => "id-1",
    ...options,
  });
  return { gate, remembered, records };
}

const signal = new AbortController().signal;
const nobody = person();

describe("asking", () => {
  it("shows the exact command, place, reason and rule, and passes a denial with its reason on (A-074)", async () => {
    const { gate } = setUp();
    const { ask, asked } = person({ outcome: "reject_once", reason: "use make" });
    const verdict = await gate.check(bash("npm test"), { ask, signal });
    expect(asked).toEqual([
      {
        id: "id-1",
        toolCallId: "call-1",
        name: "bash",
        arguments: { command: "npm test" },
        subject: "npm test",
        place: "workspace",
        reason: "mode ask: commands ask",
        warnings: [],
        alwaysRule: "bash(npm test)",
      },
    ]);
    expect(verdict).toMatchObject({ allowed: false, kind: "user" });
    expect(verdict.allowed ? "" : verdict.message).toContain("use make");
  });

  it("warns, and offers no always, for what destroys", async () => {
    const { gate } = setUp();
    const { ask, asked } = person({ outcome: "allow_once" });
    expect(await gate.check(bash("rm -rf build"), { ask, signal })).toMatchObject({ allowed: true });
    expect(asked[0]).toMatchObject({ warnings: ["deletes build"] });
    expect(asked[0]).not.toHaveProperty("alwaysRule");
  });

  it("does not ask again after always, but asks for everything else (A-075)", async () => {
    const { gate, remembered } = setUp();
    const { ask, asked } = person(
      { outcome: "allow_always" },
      { outcome: "reject_once" },
      { outcome: "reject_once" },
    );
    expect(await gate.check(bash("npm test"), { ask, signal })).toMatchObject({ allowed: true });
    expect(await gate.check(bash("npm test"), { ask, signal })).toMatchObject({ allowed: true });
    expect(await gate.check(bash("npm publish"), { ask, signal })).toMatchObject({ allowed: false });
    expect(await gate.check(bash("npm test; rm -rf x"), { ask, signal })).toMatchObject({ allowed: false });
    expect(asked.map(({ subject }) => subject)).toEqual(["npm test", "npm publish", "npm test; rm -rf x"]);
    expect(remembered).toEqual([["bash(npm test)", "allow"]]);
  });

  it("remembers a rejection for always", async () => {
    const { gate, remembered } = setUp();
    const { ask } = person({ outcome: "reject_always" });
    await gate.check(bash("npm publish"), { ask, signal });
    expect(remembered).toEqual([["bash(npm publish)", "deny"]]);
    expect(await gate.check(bash("npm publish"), { ask: nobody.ask, signal })).toMatchObject({
      kind: "policy",
    });
  });

  it("shows the preview of an edit", async () => {
    const { gate } = setUp();
    const { ask, asked } = person({ outcome: "allow_once" });
    const call = write("a");
    const tool = call.tool && { ...call.tool, preview: async () => "+a" };
    await gate.check({ ...call, tool }, { ask, signal });
    expect(asked[0]?.patch).toBe("+a");
  });

  it("runs edited arguments, unless they are denied", async () => {
    const { gate } = setUp({ texts: { deny: ["bash(rm:*)"] } });
    const edited = (command: string): ApprovalAnswer => ({ outcome: "allow_once", arguments: { command } });
    const { ask } = person(edited("npm run lint"), edited("rm x"));
    expect(await gate.check(bash("npm test"), { ask, signal })).toEqual({
      allowed: true,
      arguments: { command: "npm run lint" },
    });
    expect(await gate.check(bash("npm test"), { ask, signal })).toMatchObject({
      allowed: false,
      kind: "policy",
    });
  });
});

describe("several calls at once", () => {
  it("asks one question at a time, and not what an answer before has settled", async () => {
    const { gate } = setUp();
    const questions = [Promise.withResolvers<ApprovalRequest>(), Promise.withResolvers<ApprovalRequest>()];
    const answers = [Promise.withResolvers<ApprovalAnswer>(), Promise.withResolvers<ApprovalAnswer>()];
    let asked = 0;
    const ask = (request: ApprovalRequest): Promise<ApprovalAnswer> => {
      const answer = answers[asked]?.promise;
      questions[asked]?.resolve(request);
      asked++;
      return answer ?? Promise.reject(new Error("a third question"));
    };
    const commands = ["npm test", "npm test", "npm publish"];
    const verdicts = commands.map((command) => gate.check(bash(command), { ask, signal }));
    expect((await questions[0]?.promise)?.subject).toBe("npm test");
    expect(asked).toBe(1);
    answers[0]?.resolve({ outcome: "allow_always" });
    expect((await questions[1]?.promise)?.subject).toBe("npm publish");
    answers[1]?.resolve({ outcome: "reject_once" });
    expect((await Promise.all(verdicts)).map(({ allowed }) => allowed)).toEqual([true, true, false]);
  });

  it("rejects when the signal aborts, and lets the next call ask", async () => {
    const { gate } = setUp();
    const controller = new AbortController();
    const asking = gate.check(bash("a"), {
      ask: () => {
        controller.abort(new Error("stopped"));
        return Promise.withResolvers<ApprovalAnswer>().promise;
      },
      signal: controller.signal,
    });
    const waiting = gate.check(bash("b"), { ask: nobody.ask, signal: controller.signal });
    await expect(asking).rejects.toThrow("stopped");
    await expect(waiting).rejects.toThrow("stopped");
    const { ask } = person({ outcome: "allow_once" });
    expect(await gate.check(bash("c"), { ask, signal })).toMatchObject({ allowed: true });
    await expect(gate.check(bash("d"), { ask, signal: controller.signal })).rejects.toThrow("stopped");
  });

  it("rejects when the one who is asked fails", async () => {
    const { gate } = setUp();
    const failing = () => Promise.reject(new Error("screen is gone"));
    await expect(gate.check(bash("a"), { ask: failing, signal })).rejects.toThrow("screen is gone");
  });
});

describe("one-shot", () => {
  const oneShot = async (call: Parameters<ReturnType<typeof createGate>["check"]>[0]) => {
    const { gate } = setUp({ interactive: false });
    return gate.check(call, { ask: nobody.ask, signal });
  };

  it.each([
    [bash("npm test"), "--allow 'bash(npm test)'"],
    [bash("cd a && npm test 'b'"), "--allow 'bash(cd a)' --allow 'bash(npm test b)'"],
    [bash('echo "it\'s"'), `--allow 'bash(echo "it'\\''s")'`],
    [write("a.txt"), "--allow 'edit(./a.txt)' or --permission-mode accept-edits"],
    [write(".git/config"), "--allow 'edit(./.git/config)'. "],
    [write(".env"), "--permission-mode full"],
    [bash("rm x"), "--allow 'bash(rm x)'. "],
    [bash(" # nothing"), "--permission-mode full"],
    [other("mcp__a__b"), "--allow 'mcp__a__b'"],
  ])("%o is denied at once and %s is named (A-076)", async (call, flags) => {
    const verdict = await oneShot(call);
    expect(verdict).toMatchObject({ allowed: false, kind: "unattended" });
    expect(verdict.allowed ? "" : verdict.message).toContain(flags);
  });

  it("reads without asking", async () => {
    expect(await oneShot(read("a"))).toEqual({ allowed: true, arguments: { path: "a" } });
  });
});

describe("rules and modes", () => {
  it("a forced call of a denied tool is denied by policy, whatever else is allowed (A-077)", async () => {
    const { gate } = setUp({ texts: { allow: ["*"], deny: ["bash"] } });
    const verdict = await gate.check(bash("ls"), { ask: nobody.ask, signal });
    expect(verdict).toMatchObject({ allowed: false, kind: "policy" });
    expect(verdict.allowed ? "" : verdict.message).toContain("rule bash (your settings)");
  });

  it.each([bash("ls"), write("a"), other("mcp__a__b")])(
    "--read-only refuses %o, allowed or not (A-058)",
    async (call) => {
      const { gate } = setUp({ readOnly: true, permissionMode: "full", texts: { allow: ["*"] } });
      expect(await gate.check(call, { ask: nobody.ask, signal })).toMatchObject({
        allowed: false,
        kind: "policy",
      });
      expect(await gate.check(read("a"), { ask: nobody.ask, signal })).toMatchObject({ allowed: true });
    },
  );
});

describe("hooks and audit", () => {
  it("a hook comes first: it may refuse, or change the arguments", async () => {
    const refusing = setUp({
      hooks: async () => ({ action: "deny", reason: "not on Fridays" }),
      permissionMode: "full",
    });
    expect(await refusing.gate.check(bash("ls"), { ask: nobody.ask, signal })).toMatchObject({
      kind: "hook",
      message: "Not run: a hook refused it: not on Fridays",
    });
    const changing = setUp({
      hooks: async () => ({ action: "pass", arguments: { command: "rm x" } }),
      texts: { allow: ["bash(ls)"], deny: ["bash(rm:*)"] },
    });
    expect(await changing.gate.check(bash("ls"), { ask: nobody.ask, signal })).toMatchObject({
      kind: "policy",
    });
  });

  it("a log rule makes one record of a call that would leave none, without a question (A-080)", async () => {
    const silent = setUp();
    await silent.gate.check(read("a"), { ask: nobody.ask, signal });
    expect(silent.records).toEqual([]);
    const logged = setUp({ texts: { log: ["read"] } });
    await logged.gate.check(read("a"), { ask: nobody.ask, signal });
    expect(logged.records).toMatchObject([{ name: "read", subject: "a", outcome: "allowed", asked: false }]);
  });

  it("denied and asked calls are recorded with who decided", async () => {
    const { gate, records } = setUp({ texts: { deny: ["bash(rm:*)"] } });
    const { ask } = person({ outcome: "reject_once", reason: "no" }, { outcome: "allow_once" });
    await gate.check(bash("rm x"), { ask, signal });
    await gate.check(bash("a"), { ask, signal });
    await gate.check(bash("b"), { ask, signal });
    expect(records.map(({ outcome, kind, asked }) => [outcome, kind, asked])).toEqual([
      ["denied", "policy", false],
      ["denied", "user", true],
      ["allowed", undefined, true],
    ]);
  });
});
