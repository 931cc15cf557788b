import { createCodexRuntime } from "../../src/runtimes/codex/codex-runtime.ts";
import { askToRun, runtimeOptions, say } from "../runtimes/codex/harness.ts";
import { type CodexAct, codexAgent } from "../support/codex-agent.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

runtimeContract("Codex", async (turns) => {
  const cwd = await temporaryFolder();
  const { command, args } = codexAgent(await temporaryFolder(), { turns: turns.map(acts) });
  return { runtime: createCodexRuntime(runtimeOptions({ command, args })), cwd };
});

function acts({ text, command, output = "", after, hold, fail }: ContractTurn): CodexAct[] {
  const words = (said: string | undefined) => (said === undefined ? [] : [say(said)]);
  return [
    ...words(text),
    ...(command === undefined ? [] : askToRun(`call-${command}`, command, output)),
    ...words(after),
    ...(hold ? [{ do: "wait" as const }] : []),
    ...(fail === undefined
      ? []
      : [{ do: "fail" as const, error: { message: fail, codexErrorInfo: "other" } }]),
  ];
}
