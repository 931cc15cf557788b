import { createCommandRuntime } from "../../src/runtimes/command/command-runtime.ts";
import { type AnswererTurn, answerer } from "../support/answerer.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

runtimeContract(
  "a program that answers",
  async (turns) => {
    const cwd = await temporaryFolder();
    const { command, args } = answerer(await temporaryFolder(), turns.map(asAnswer));
    let ids = 0;
    const runtime = createCommandRuntime({
      name: "scripted",
      command,
      args,
      env: { PATH: process.env.PATH ?? "" },
      timeoutSeconds: 60,
      history: true,
      newId: () => `id-${++ids}`,
      now: Date.now,
    });
    return { runtime, cwd };
  },
  { tools: false },
);

function asAnswer({ text, hold = false, fail }: ContractTurn): AnswererTurn {
  return {
    ...(text === undefined ? {} : { say: [text] }),
    ...(fail === undefined ? {} : { complain: fail, exit: 1 }),
    hold,
  };
}
