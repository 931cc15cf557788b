import { createClaudeCodeRuntime } from "../../src/runtimes/claude-code/claude-code-runtime.ts";
import { claudeAgent } from "../support/claude-agent.ts";
import type { ClaudeAct } from "../support/claude-agent-acts.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

runtimeContract("Claude Code", async (turns) => {
  const cwd = await temporaryFolder();
  const folder = await temporaryFolder();
  const { command, args } = claudeAgent(folder, { turns: turns.map(acts) });
  let ids = 0;
  const runtime = createClaudeCodeRuntime({
    name: "scripted",
    command,
    args,
    env: { PATH: process.env.PATH ?? "", HOME: folder },
    idleTimeoutSeconds: 20,
    releaseSeconds: 60,
    newId: () => `id-${++ids}`,
    now: Date.now,
  });
  return { runtime, cwd };
});

function acts({ text, command, output = "", after, hold, fail }: ContractTurn): ClaudeAct[] {
  const say = (words: string | undefined): ClaudeAct[] =>
    words === undefined ? [] : [{ do: "say", text: words }];
  return [
    ...say(text),
    ...(command === undefined ? [] : [askToRun(command, output)]),
    ...say(after),
    ...(hold ? [{ do: "wait" as const }] : []),
    ...(fail === undefined ? [] : [{ do: "fail" as const, status: 500, message: fail }]),
  ];
}

function askToRun(command: string, output: string): ClaudeAct {
  const id = `call-${command}`;
  const allowed: ClaudeAct[] = [{ do: "result", id, text: output }];
  return { do: "ask", id, name: "Bash", input: { command }, allowed };
}
