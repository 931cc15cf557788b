import { createAcpRuntime } from "../../src/runtimes/acp/acp-runtime.ts";
import { type AgentAct, acpAgent } from "../support/acp-agent.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

runtimeContract("an ACP agent", async (turns) => {
  const cwd = await temporaryFolder();
  const { command, args } = acpAgent(await temporaryFolder(), { turns: turns.map(acts) });
  let ids = 0;
  const runtime = createAcpRuntime({
    name: "scripted",
    command,
    args,
    env: { PATH: process.env.PATH ?? "" },
    idleTimeoutSeconds: 20,
    releaseSeconds: 60,
    newId: () => `id-${++ids}`,
    now: Date.now,
  });
  return { runtime, cwd };
});

function acts({ text, command, output = "", after, hold, fail }: ContractTurn): AgentAct[] {
  const say = (words: string | undefined): AgentAct[] =>
    words === undefined ? [] : [{ do: "say", text: words }];
  return [
    ...say(text),
    ...(command === undefined ? [] : [askToRun(command, output)]),
    ...say(after),
    ...(hold ? [{ do: "wait" as const }] : []),
    ...(fail === undefined ? [] : [{ do: "fail" as const, code: -32603, message: fail }]),
  ];
}

function askToRun(command: string, output: string): AgentAct {
  const toolCallId = `call-${command}`;
  const done = {
    sessionUpdate: "tool_call_update",
    toolCallId,
    status: "completed",
    content: [{ type: "content", content: { type: "text", text: output } }],
  };
  return {
    do: "ask",
    toolCall: { toolCallId, title: command, kind: "execute", status: "pending", rawInput: { command } },
    allowed: [{ do: "update", update: done }],
  };
}
