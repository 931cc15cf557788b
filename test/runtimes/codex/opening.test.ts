import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/protocol/message.ts";
import { ofType } from "../../support/events.ts";
import { failure } from "../acp/harness.ts";
import { prepare } from "./harness.ts";

const text = (words: string) => [{ type: "text" as const, text: words }];

const HISTORY = [
  { id: "m1", message: { role: "user", content: text("the word is PINEAPPLE") } },
  {
    id: "m2",
    message: {
      role: "assistant",
      content: [
        ...text("I look."),
        { type: "tool_call", id: "c:1", name: "bash", arguments: { command: "cat a" } },
      ],
      stopReason: "tool_use",
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
      model: "m",
      runtime: "native",
    },
  },
  {
    id: "m3",
    message: {
      role: "tool_result",
      toolCallId: "c:1",
      toolName: "bash",
      content: text("MANGO"),
      isError: false,
    },
  },
] satisfies { id: string; message: Message }[];

describe("opening a thread", () => {
  it("asks Codex to ask us before everything, whatever the person's own settings say", async () => {
    const { start, agent, cwd } = await prepare({ turns: [] });
    await using session = await start();
    await session.ask("go");
    expect(agent.told("initialize")[0]?.params.clientInfo.name).toBe("hearth");
    expect(agent.told("thread/start")[0]?.params).toEqual({
      cwd,
      approvalPolicy: "untrusted",
      approvalsReviewer: "user",
      sandbox: "workspace-write",
    });
    expect(session.capabilities).toMatchObject({ steer: "native", resume: true, images: true, cost: false });
  });

  it("puts the conversation into the thread as its own talk, and tells no digest", async () => {
    const { start, agent } = await prepare({ turns: [] });
    await using session = await start({ history: HISTORY });
    await session.ask("which word?");
    const [{ params } = { params: null }] = agent.told("thread/inject_items");
    expect(params.items.map(({ type, role }: { type: string; role?: string }) => role ?? type)).toEqual([
      "user",
      "assistant",
      "function_call",
      "function_call_output",
    ]);
    expect(params.items[2].call_id).toBe(params.items[3].call_id);
    expect(agent.prompts()).toEqual([["which word?"]]);
  });

  it("tells the conversation as a digest where that is refused", async () => {
    const { start, agent } = await prepare({
      turns: [],
      refuses: { "thread/inject_items": "unknown method" },
    });
    await using session = await start({ history: HISTORY });
    await session.ask("which word?");
    expect(agent.prompts()[0]?.[0]).toContain("PINEAPPLE");
    expect(agent.prompts()[0]?.[1]).toBe("which word?");
  });

  it("goes on with an earlier thread, and opens a new one with the conversation where it is gone", async () => {
    const { start, agent } = await prepare({ turns: [], knows: ["old"] });
    const resumed = await start({ history: HISTORY, externalSessionId: "old" });
    await resumed.close();
    expect(agent.told("thread/resume")[0]?.params).toMatchObject({ threadId: "old", excludeTurns: true });
    expect(agent.told("thread/inject_items")).toEqual([]);
    await using session = await start({ history: HISTORY, externalSessionId: "lost" });
    await session.ask("go");
    expect(agent.told("thread/inject_items")).toHaveLength(1);
    expect(ofType(session.events, "runtime_changed")[0]?.externalSessionId).toBe("thread-1");
  });

  it("puts what others said meanwhile into the thread that it goes on with", async () => {
    const own: Message = {
      role: "assistant",
      content: text("Mine."),
      stopReason: "stop",
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
      model: "codex/m",
      runtime: "codex",
    };
    const before = [
      { id: "b1", message: { role: "user", content: text("yours?") } satisfies Message },
      { id: "b2", message: own },
    ];
    const { start, agent } = await prepare({ turns: [], knows: ["old"] });
    await using session = await start({ history: [...before, ...HISTORY], externalSessionId: "old" });
    await session.ask("which word?");
    await session.ask("and now?");
    const [learned, ...more] = agent.told("thread/inject_items");
    expect(JSON.stringify(learned?.params.items)).toMatch(/PINEAPPLE.*MANGO/);
    expect(JSON.stringify(learned?.params.items)).not.toContain("yours?");
    expect(more).toEqual([]);
    expect(agent.prompts()).toEqual([["which word?"], ["and now?"]]);
  });

  it("tells what others said meanwhile as a digest where the thread takes it not", async () => {
    const { start, agent } = await prepare({
      turns: [],
      knows: ["old"],
      refuses: { "thread/inject_items": "no" },
    });
    await using session = await start({ history: HISTORY, externalSessionId: "old" });
    await session.ask("which word?");
    expect(agent.prompts()[0]?.[0]).toContain("PINEAPPLE");
  });

  it("without a login fails with what helps, and leaves nothing running", async () => {
    const { start } = await prepare({ turns: [], account: { account: null, requiresOpenaiAuth: true } });
    const error = await failure(start());
    expect(error).toMatchObject({ code: "runtime.auth", hint: expect.stringContaining("codex login") });
  });

  it("that is refused fails with the words of Codex", async () => {
    const { start } = await prepare({ turns: [], refuses: { "thread/start": "config.toml is broken" } });
    const error = await failure(start());
    expect(error).toMatchObject({
      code: "runtime.start",
      message: expect.stringContaining("config.toml is broken"),
    });
  });

  it("fails with the program's last words where it ends at once", async () => {
    const { start } = await prepare({ turns: [], start: { exit: 2, say: "no such option" } });
    expect((await failure(start())).hint).toContain("no such option");
  });
});
