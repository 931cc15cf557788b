// Tool batches: order, parallel reads, the gate, and exactly one result for each call whatever happens.
import { describe, expect, it } from "vitest";
import { ofType } from "../support/events.ts";
import { aborted, askingGate, lines, quiet, requiring, results, session, states, tool } from "./harness.ts";

describe("the calls of one answer", () => {
  it("run in parallel when read-only, one after another when not, and a read after a write waits for it", async () => {
    const log: string[] = [];
    const slow = (name: string) => async (args: Record<string, unknown>) => {
      log.push(`${name}${args.n} starts`);
      await quiet();
      log.push(`${name}${args.n} ends`);
      return `${name}${args.n}`;
    };
    const read = tool("read", { readOnly: true, run: slow("read") });
    const write = tool("write", { run: slow("write") });
    const names = ["read", "read", "write", "write", "read"];
    const calls = names.map((name, n) => ({ name, args: { n } }));
    const s = session({ replies: [{ calls }], tools: [read, write] });
    await s.ask("go");
    expect(log).toEqual([
      "read0 starts",
      "read1 starts",
      "read0 ends",
      "read1 ends",
      "write2 starts",
      "write2 ends",
      "write3 starts",
      "write3 ends",
      "read4 starts",
      "read4 ends",
    ]);
  });

  it("have their results in call order, however they finish", async () => {
    const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const read = tool("read", { readOnly: true, run: (args) => gates[Number(args.n)]?.promise ?? "" });
    const calls = [0, 1].map((n) => ({ name: "read", args: { n } }));
    const s = session({ replies: [{ calls }], tools: [read] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start", 2);
    gates[1]?.resolve("second");
    await s.nth("tool_end");
    gates[0]?.resolve("first");
    await s.settled();
    expect(results(s.events)).toEqual(["first", "second"]);
  });

  it("that edit the same file in one batch both take effect, in order (A-048)", async () => {
    let file = "";
    const edit = tool("edit", {
      run: async (args) => {
        const before = file;
        await quiet();
        file = `${before}${args.add}`;
        return file;
      },
    });
    const calls = ["a", "b"].map((add) => ({ name: "edit", args: { add } }));
    const s = session({ replies: [{ calls }], tools: [edit] });
    await s.ask("go");
    expect(file).toBe("ab");
    expect(results(s.events)).toEqual(["a", "ab"]);
  });
});

describe("a call that cannot run", () => {
  const read = tool("read", { readOnly: true, parse: requiring("path") });

  it.each([
    [{ name: "frob" }, "tool not found: frob. There are: read, write."],
    [{ name: "raed" }, "tool not found: raed. Did you mean read?"],
    [{ name: "read", args: {} }, "path is missing"],
    [
      { name: "read", broken: '{"path": "a' },
      'the arguments of read are not valid JSON; nothing was run: {"path": "a',
    ],
  ])("%j is answered by an error and the loop goes on (A-064, A-065)", async (call, text) => {
    const s = session({ replies: [{ calls: [call] }, { text: "ok" }], tools: [read, tool("write")] });
    await s.ask("go");
    expect(results(s.events)).toEqual([text]);
    expect(ofType(s.events, "tool_end")[0]?.isError).toBe(true);
    expect(s.requests).toHaveLength(2);
  });

  it("because its tool throws keeps the sentence and the hint", async () => {
    const bash = tool("bash", { run: () => Promise.reject(new Error("disk full")) });
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash] });
    await s.ask("go");
    expect(results(s.events)).toEqual(["disk full"]);
  });

  it("because the gate itself fails is an error result, not a crash", async () => {
    const s = session({
      replies: [{ calls: [{ name: "bash" }] }],
      tools: [tool("bash")],
      gate: { witness: async () => null, check: () => Promise.reject(new Error("hook crashed")) },
    });
    await s.ask("go");
    expect(results(s.events)).toEqual(["hook crashed"]);
  });
});

describe("an approval", () => {
  const calls = [{ id: "c1", name: "bash", args: { command: "rm x" } }];

  it("denied with a reason gives the model that reason; nothing ran (A-074)", async () => {
    let ran = false;
    const bash = tool("bash", {
      run: () => {
        ran = true;
        return "";
      },
    });
    const s = session({ replies: [{ calls }], tools: [bash], gate: askingGate("bash") });
    s.send({ type: "prompt", text: "go" });
    await s.nth("approval_request");
    s.send({ type: "approve", requestId: "ask-c1", outcome: "reject_once", reason: "use make" });
    await s.settled();
    expect(ran).toBe(false);
    expect(results(s.events)).toEqual(["denied by user: use make"]);
    expect(states(s.events)).toBe(
      "idle streaming running_tools awaiting_approval running_tools streaming idle",
    );
    expect(ofType(s.events, "approval_resolved")[0]).toMatchObject({
      outcome: "reject_once",
      reason: "use make",
    });
  });

  it("with changed arguments runs those and tells the model", async () => {
    const bash = tool("bash", { run: (args) => `ran ${args.command}` });
    const s = session({ replies: [{ calls }], tools: [bash], gate: askingGate("bash") });
    s.send({ type: "prompt", text: "go" });
    await s.nth("approval_request");
    s.send({ type: "approve", requestId: "ask-c1", outcome: "allow_once", arguments: { command: "ls" } });
    await s.settled();
    expect(results(s.events)[0]).toContain("ran ls");
    expect(results(s.events)[0]).toContain('{"command":"ls"}');
    expect(ofType(s.events, "tool_start")[0]?.arguments).toEqual({ command: "ls" });
  });

  it("open at an interrupt is resolved without an answer, and the call was not run", async () => {
    const s = session({ replies: [{ calls }], tools: [tool("bash")], gate: askingGate("bash") });
    s.send({ type: "prompt", text: "go" });
    await s.nth("approval_request");
    s.send({ type: "interrupt" });
    await s.settled();
    expect(ofType(s.events, "approval_resolved")[0]?.outcome).toBeNull();
    expect(results(s.events)).toEqual(["not run: cancelled by user"]);
  });

  it("answered twice, or never asked, is a notice", async () => {
    const s = session();
    s.send({ type: "approve", requestId: "ask-c9", outcome: "allow_once" });
    expect(ofType(s.events, "notice")[0]?.code).toBe("approval.closed");
  });

  it("answered during a pause runs nothing until resume", async () => {
    let ran = 0;
    const s = session({
      replies: [{ calls }],
      tools: [tool("bash", { run: () => `${++ran}` })],
      gate: askingGate("bash"),
    });
    s.send({ type: "prompt", text: "go" });
    await s.nth("approval_request");
    s.send({ type: "pause" });
    s.send({ type: "approve", requestId: "ask-c1", outcome: "allow_once" });
    await s.inState("paused");
    await quiet();
    expect(ran).toBe(0);
    s.send({ type: "resume" });
    await s.settled();
    expect(ran).toBe(1);
  });
});

describe("an interrupt", () => {
  it("keeps the partial output, says who cancelled, and leaves no call without a result (A-027)", async () => {
    const bash = tool("bash", {
      run: async (_, { signal, onUpdate }) => {
        onUpdate("start\n");
        await aborted(signal);
        return { content: [{ type: "text", text: "start" }], isError: true };
      },
    });
    const calls = [{ name: "bash" }, { name: "bash" }];
    const s = session({ replies: [{ calls }], tools: [bash] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_update");
    s.send({ type: "interrupt" });
    await s.settled();
    expect(results(s.events)).toEqual(["start | cancelled by user", "not run: cancelled by user"]);
    expect(ofType(s.events, "run_end")[0]?.outcome).toBe("interrupted");
  });

  it("leaves a tool behind that does not stop", async () => {
    const bash = tool("bash", { run: () => new Promise(() => undefined) });
    const s = session({
      replies: [{ calls: [{ name: "bash" }] }],
      tools: [bash],
      sleep: async () => undefined,
    });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "interrupt" });
    await s.settled();
    expect(results(s.events)[0]).toContain("did not stop");
  });
});

describe("a terminal tool", () => {
  it("ends the run as completed; calls after it are not run (A-199)", async () => {
    const ran: string[] = [];
    const named = (name: string, terminal = false) =>
      tool(name, {
        terminal,
        run: () => {
          ran.push(name);
          return name;
        },
      });
    const calls = [{ name: "a" }, { name: "finish" }, { name: "b" }];
    const s = session({ replies: [{ calls }], tools: [named("a"), named("finish", true), named("b")] });
    await s.ask("go");
    expect(ran).toEqual(["a", "finish"]);
    expect(results(s.events)).toEqual(["a", "finish", "not run, turn ended"]);
    expect(s.requests).toHaveLength(1);
    expect(lines(s.transcript.messages())).toHaveLength(5);
    expect(ofType(s.events, "run_end")[0]?.outcome).toBe("completed");
  });
});

describe("moving a running call to the background", () => {
  /** Runs until it is let go or moved. */
  const movable = (log: string[]) =>
    tool("bash", {
      backgroundable: true,
      run: async (_, { background, toolCallId, signal }) => {
        log.push(toolCallId);
        await Promise.race([aborted(background ?? signal), aborted(signal)]);
        return background?.aborted ? `${toolCallId} moved` : "cancelled";
      },
    });
  const call = (id: string) => ({ id, name: "bash" });

  it("ends the call at once with its result, and the run goes on; the next call is moved by a request of its own", async () => {
    const log: string[] = [];
    const s = session({ replies: [{ calls: [call("a"), call("b")] }], tools: [movable(log)] });
    const done = s.ask("go");
    await s.nth("tool_start");
    await quiet();
    s.send({ type: "background" });
    await s.nth("tool_start", 2);
    await quiet();
    expect(log).toEqual(["a", "b"]);
    s.send({ type: "background", toolCallId: "b" });
    await done;
    expect(results(s.events)).toEqual(["a moved", "b moved"]);
    expect(ofType(s.events, "tool_start").map((event) => event.backgroundable)).toEqual([true, true]);
  });

  it("moves every call that can when none is named, and of calls side by side only the one that is named", async () => {
    const log: string[] = [];
    const watch = { ...movable(log), name: "watch", readOnly: true };
    const calls = ["a", "b", "c"].map((id) => ({ id, name: "watch" }));
    const s = session({ replies: [{ calls }], tools: [watch] });
    const done = s.ask("go");
    await s.nth("tool_start", 3);
    await quiet();
    s.send({ type: "background", toolCallId: "b" });
    await s.nth("tool_end");
    expect(ofType(s.events, "tool_end").map((event) => event.toolCallId)).toEqual(["b"]);
    s.send({ type: "background" });
    await done;
    expect(results(s.events)).toEqual(["a moved", "b moved", "c moved"]);
  });

  it("is refused in one sentence where nothing that runs can go there", async () => {
    const held = tool("write", { run: async (_, { signal }) => aborted(signal).then(() => "stopped") });
    const s = session({ replies: [{ calls: [{ name: "write" }] }], tools: [held] });
    s.send({ type: "background" });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "background" });
    s.send({ type: "background", toolCallId: "unknown" });
    s.send({ type: "interrupt" });
    await s.settled();
    const words = "Nothing that native runs now can go on in the background.";
    expect(ofType(s.events, "notice").map(({ message }) => message)).toEqual([words, words, words]);
    expect(ofType(s.events, "tool_start").map((event) => event.backgroundable)).toEqual([undefined]);
  });
});

describe("news from beside the talk", () => {
  it("goes before the next request, after the results and what the person steered, marked as shown", async () => {
    let news: string[] = [];
    const look = tool("look", {
      run: () => {
        news = ["[p1 ended]"];
        s.send({ type: "steer", text: "and this" });
        return "seen";
      },
    });
    const takeNews = () => news.splice(0);
    const s = session({ replies: [{ calls: [{ name: "look" }] }], tools: [look], takeNews });
    s.send({ type: "prompt", text: "go" });
    await s.settled();
    expect(lines(s.requests.at(-1)?.messages ?? []).slice(-3)).toEqual([
      "tool_result: seen",
      "user: and this",
      "user: [p1 ended]",
    ]);
    const told = ofType(s.events, "message_end")
      .filter(({ message }) => message.role === "user")
      .at(-1);
    expect(told?.message).toMatchObject({ source: "notice", details: { shown: true } });
  });
});
