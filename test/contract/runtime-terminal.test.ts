import { createTerminalRuntime } from "../../src/runtimes/terminal/terminal-runtime.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type TerminalAct, terminalAgent } from "../support/terminal-agent.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

runtimeContract(
  "a program without a protocol, in a terminal",
  async (turns) => {
    const cwd = await temporaryFolder();
    const { command, args } = await terminalAgent(await temporaryFolder(), turns.map(act));
    let ids = 0;
    const runtime = createTerminalRuntime({
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
  },
  { tools: false },
);

function act({ text = "", after = "", hold = false, fail }: ContractTurn): TerminalAct {
  if (fail !== undefined) return { print: `${fail}\n`, exit: 1 };
  return hold ? { print: text, hold } : { print: `${text}${after}\n` };
}
