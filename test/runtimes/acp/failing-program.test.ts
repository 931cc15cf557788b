import { describe, expect, it } from "vitest";
import { groupAlive } from "../../../src/lib/process-group.ts";
import { createAcpRuntime } from "../../../src/runtimes/acp/acp-runtime.ts";
import type { AgentAct } from "../../support/acp-agent.ts";
import { ofType } from "../../support/events.ts";
import { faults, startSession, talk } from "../../support/runtime-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ENV, failure, makeIds, outcome, prepare, running, say } from "./harness.ts";

describe("a program that fails", () => {
  it("before it opened a session makes the start fail with runtime.start and its last words", async () => {
    const { start } = await prepare({ turns: [], start: { exit: 1, say: "no key here" } });
    const error = await failure(start());
    expect(error.code).toBe("runtime.start");
    expect(error.hint).toContain("no key here");
  });

  it("to answer in time is ended, with runtime.start", async () => {
    const { start, agent } = await prepare({ turns: [], start: "hang" }, 1);
    expect((await failure(start())).code).toBe("runtime.start");
    expect(groupAlive(agent.told("start")[0]?.pid ?? 0)).toBe(false);
  });

  it("to be found is not available, and does not start", async () => {
    const cwd = await temporaryFolder();
    const options = { name: "none", command: "no-such-agent-here", args: [], env: ENV };
    const runtime = createAcpRuntime({
      ...options,
      idleTimeoutSeconds: 5,
      releaseSeconds: 60,
      newId: makeIds(),
      now: Date.now,
    });
    expect(await runtime.check(new AbortController().signal)).toMatchObject({ available: false });
    expect((await failure(startSession(runtime, cwd))).code).toBe("runtime.start");
    const { runtime: there } = await prepare({ turns: [] });
    expect(await there.check(new AbortController().signal)).toMatchObject({ available: true });
  });

  it("in the middle of a turn fails the run with what it last said, and is started anew by the next prompt", async () => {
    const crash: AgentAct[] = [
      say("Half"),
      running("c", "make"),
      { do: "complain", text: "out of memory\n" },
      { do: "crash", code: 9 },
    ];
    const { start, agent } = await prepare({ turns: [crash] });
    await using session = await start();
    agent.rescript({ turns: [[say("Back.")]], sessionId: "external-2" });
    await session.ask("go");
    expect(outcome(session)).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.crashed", hint: "It last said: out of memory" },
    });
    expect(faults(session.messages())).toEqual([]);
    await session.ask("go on");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Back.");
    expect(agent.prompts()[1]?.[0]).toContain("- bash make (failed)");
    expect(ofType(session.events, "runtime_changed").map((event) => event.externalSessionId)).toEqual([
      "external-1",
      "external-2",
    ]);
  });

  it("to give a sign of life in time is ended and the run failed", async () => {
    const { start, agent } = await prepare({ turns: [[say("hm"), { do: "hang" }]] }, 1);
    await using session = await start();
    await session.ask("go");
    expect(outcome(session)?.error?.code).toBe("runtime.timeout");
    expect(groupAlive(agent.told("start")[0]?.pid ?? 0)).toBe(false);
  });
});
