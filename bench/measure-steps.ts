// What one step costs beside the model: 50 tool calls, one a step, timed where the stub sees the requests.
import { openPlace } from "./place.ts";
import { HEARTH, runNode } from "./programs.ts";
import { type Measure, type Rounds, sample } from "./sample.ts";
import type { Row } from "./table.ts";

const CALLS = 50;

type Call = { name: string; arguments: Record<string, unknown> };

/** No call is like another: the loop guard would stop the run. */
export const steps: Measure = {
  name: "steps",
  run: async (rounds) => [
    await measureCalls("step with read", 3.4, rounds, (index) => ({
      name: "read",
      arguments: { path: "notes.txt", offset: index + 1, limit: 20 },
    })),
    await measureCalls("step with bash", 9, rounds, (index) => ({
      name: "bash",
      arguments: { command: `echo ${index}` },
    })),
  ],
};

async function measureCalls(
  name: string,
  bound: number,
  rounds: Rounds,
  call: (index: number) => Call,
): Promise<Row> {
  const run = [...Array.from({ length: CALLS }, (_, index) => ({ toolCalls: [call(index)] })), "done"];
  const full = rounds(7);
  // One stub for all rounds, and the unmeasured one: a fresh one would be slow to answer at first.
  await using place = await openPlace(Array.from({ length: full + 1 }, () => run).flat());
  const args = [HEARTH, "-p", "go", "--permission-mode", "full", "--max-steps", String(CALLS + 1)];
  const { values, bareMs } = await sample(full, async () => {
    await runNode(args, place);
    const times = (await place.requestTimes()).slice(-run.length);
    return ((times.at(-1) ?? Number.NaN) - (times[0] ?? Number.NaN)) / CALLS;
  });
  return { name, unit: "ms", samples: values, bound, bare: bareMs };
}
