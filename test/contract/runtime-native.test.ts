import { createNativeRuntime } from "../../src/runtimes/native/native-runtime.ts";
import { MODEL, NO_COMPACTION, type Reply, scriptedModel, tool } from "../agent/harness.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type ContractTurn, runtimeContract } from "./runtime-contract.ts";

runtimeContract("the native runtime", async (turns) => {
  const cwd = await temporaryFolder();
  const outputs = new Map(turns.map(({ command, output }) => [command, output ?? ""]));
  const bash = tool("bash", { run: ({ command }) => outputs.get(String(command)) ?? "" });
  let ids = 0;
  const runtime = createNativeRuntime({
    findModel: async () => ({ model: MODEL }),
    stream: scriptedModel(turns.flatMap(replies)).stream,
    openTools: () => () => ({ offered: [bash], withheld: [] }),
    takeNews: () => [],
    instructions: async () => ({ text: "You are a test.", tools: null }),
    limits: { maxSteps: 20 },
    compaction: NO_COMPACTION,
    newId: () => `id-${++ids}`,
    now: Date.now,
  });
  return { runtime, cwd };
});

/** A turn with a command takes two model responses. */
function replies({ text = "", command, after, hold, fail }: ContractTurn): Reply[] {
  const first: Reply = {
    text,
    ...(command === undefined ? {} : { calls: [{ name: "bash", args: { command } }] }),
    ...(hold ? { until: new Promise(() => undefined) } : {}),
    ...(fail === undefined ? {} : { error: { code: "provider.failed", message: fail } }),
  };
  return after === undefined ? [first] : [first, { text: after }];
}
