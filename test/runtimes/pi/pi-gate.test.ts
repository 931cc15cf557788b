import { describe, expect, it } from "vitest";

type Call = { toolCallId: string; toolName: string; input: Record<string, unknown> };
type Asked = { title: string; call: Call };
type Handler = (event: unknown, context: unknown) => unknown;

/** The extension as pi loads it, with a person who gives these answers. */
async function gate(answer: string | undefined) {
  const file = new URL("../../../src/runtimes/pi/pi-gate.js", import.meta.url).href;
  const { default: extension } = await import(file);
  const handlers = new Map<string, Handler>();
  extension({ on: (name: string, handler: Handler) => handlers.set(name, handler) });
  const asked: Asked[] = [];
  const statuses: string[] = [];
  const ui = {
    setStatus: (key: string) => statuses.push(key),
    input: async (title: string, call: string) => {
      asked.push({ title, call: JSON.parse(call) });
      return answer;
    },
  };
  const context = { ui, signal: new AbortController().signal };
  await handlers.get("session_start")?.({}, context);
  const call = async (input: Record<string, unknown>) =>
    handlers.get("tool_call")?.({ toolCallId: "c", toolName: "bash", input }, context);
  return { call, asked, statuses };
}

describe("our extension in pi", () => {
  it("says that it is there, and asks with the whole call", async () => {
    const { call, asked, statuses } = await gate('{"allow":true}');
    const input = { command: "ls" };
    expect(await call(input)).toBeUndefined();
    expect(statuses).toEqual(["hearth-gate"]);
    expect(asked).toEqual([
      { title: "hearth:permission", call: { toolCallId: "c", toolName: "bash", input } },
    ]);
  });

  it("changes the call where it was changed", async () => {
    const { call } = await gate('{"allow":true,"input":{"command":"ls -a"}}');
    const input = { command: "ls", timeout: 3 };
    await call(input);
    expect(input).toEqual({ command: "ls -a" });
  });

  it.each([
    ['{"allow":false,"message":"not today"}', "not today"],
    [undefined, "not run: the turn was stopped"],
    ['{"message":"half"}', "half"],
  ])("answer %s keeps the call from running", async (answer, reason) => {
    const { call } = await gate(answer);
    expect(await call({})).toEqual({ block: true, reason });
  });

  it("fails on an answer that it cannot read, which pi takes as a refusal", async () => {
    const { call } = await gate("yes");
    await expect(call({})).rejects.toThrow();
  });
});
