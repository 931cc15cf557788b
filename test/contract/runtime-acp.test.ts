import { createAcpRuntime } from "../../src/runtimes/acp/acp-runtime.ts";
import { type AgentAct, type AgentScript, acpAgent } from "../support/acp-agent.ts";
import type { Recorded } from "../support/acp-transcript.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

type Twin = Pick<AgentScript, "initialized"> & { options?: Recorded[] };

const capabilities = { loadSession: true, promptCapabilities: { image: true, embeddedContext: true } };

/** How each known agent introduces itself and what it lets a person choose, as recorded. */
const TWINS: Readonly<Record<string, Twin>> = {
  "an ACP agent": {},
  "Gemini CLI": {
    initialized: { agentInfo: { name: "gemini-cli", version: "0.61.0" }, agentCapabilities: capabilities },
    options: [
      { optionId: "proceed_always", name: "Allow for this session", kind: "allow_always" },
      { optionId: "proceed_once", name: "Allow", kind: "allow_once" },
      { optionId: "cancel", name: "Reject", kind: "reject_once" },
    ],
  },
  opencode: {
    initialized: {
      agentInfo: { name: "OpenCode", version: "1.18.33" },
      agentCapabilities: {
        ...capabilities,
        sessionCapabilities: { close: {}, fork: {}, list: {}, resume: {} },
      },
    },
    options: [
      { optionId: "once", kind: "allow_once", name: "Allow once" },
      { optionId: "always", kind: "allow_always", name: "Always allow" },
      { optionId: "reject", kind: "reject_once", name: "Reject" },
    ],
  },
  "claude-agent-acp": {
    initialized: {
      agentInfo: { name: "@agentclientprotocol/claude-agent-acp", version: "0.100.0" },
      agentCapabilities: {
        ...capabilities,
        sessionCapabilities: { resume: {}, fork: {}, list: {}, close: {} },
      },
      _meta: { steering: { supported: true } },
    },
    options: [
      { optionId: "allow-once", name: "Yes", kind: "allow_once" },
      { optionId: "reject", name: "No", kind: "reject_once" },
    ],
  },
};

for (const [name, { options, initialized }] of Object.entries(TWINS)) {
  runtimeContract(name, async (turns) => {
    const cwd = await temporaryFolder();
    const { command, args } = acpAgent(await temporaryFolder(), {
      turns: turns.map((turn) => acts(turn, options)),
      ...(initialized === undefined ? {} : { initialized }),
    });
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
}

function acts(
  { text, command, output = "", after, hold, fail }: ContractTurn,
  options: Recorded[] | undefined,
): AgentAct[] {
  const say = (words: string | undefined): AgentAct[] =>
    words === undefined ? [] : [{ do: "say", text: words }];
  return [
    ...say(text),
    ...(command === undefined ? [] : [askToRun(command, output, options)]),
    ...say(after),
    ...(hold ? [{ do: "wait" as const }] : []),
    ...(fail === undefined ? [] : [{ do: "fail" as const, code: -32603, message: fail }]),
  ];
}

function askToRun(command: string, output: string, options: Recorded[] | undefined): AgentAct {
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
    ...(options === undefined ? {} : { options }),
    allowed: [{ do: "update", update: done }],
  };
}
