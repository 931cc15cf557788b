import { createPiRuntime } from "../../src/runtimes/pi/pi-runtime.ts";
import { type PiAct, piAgent } from "../support/pi-agent.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

runtimeContract("pi", async (turns) => {
  const cwd = await temporaryFolder();
  const { command, args } = piAgent(await temporaryFolder(), { turns: turns.map(acts) });
  let ids = 0;
  const runtime = createPiRuntime({
    name: "pi",
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

function acts({ text, command, output = "", after, hold, fail }: ContractTurn): PiAct[] {
  const say = (words: string | undefined): PiAct[] =>
    words === undefined ? [] : [{ do: "say", text: words }];
  const call: PiAct[] =
    command === undefined
      ? say(text)
      : [{ do: "call", ...(text === undefined ? {} : { text }), tool: "bash", args: { command }, output }];
  return [
    ...call,
    ...say(after),
    ...(hold ? [{ do: "until" as const, command: "abort" as const }] : []),
    ...(fail === undefined ? [] : [{ do: "fail" as const, message: fail }]),
  ];
}
