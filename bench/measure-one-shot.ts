// One-shot mode: `hearth -p` against the stub, from start to end.
import { openPlace, type Place } from "./place.ts";
import { HEARTH, peakMemoryMb, runNode } from "./programs.ts";
import { bareMemory, type Measure, sample, sampleCold } from "./sample.ts";

const ARGS = [HEARTH, "-p", "say hello"];

export const oneShot: Measure = {
  name: "one-shot",
  run: async (rounds) => {
    await using place = await openPlace({ replies: ["hello"], loop: true });
    const { values, bareMs: bare } = await sample(rounds(21), () => runOnce(place));
    const peaks = await sampleCold(rounds(5), () => peakMemoryMb(ARGS, place));
    const firstRequest = values.map(({ firstRequestMs }) => firstRequestMs);
    return [
      { name: "one-shot: first request", unit: "ms", samples: firstRequest, bound: 130, bare },
      { name: "one-shot: wall time", unit: "ms", samples: values.map(({ wallMs }) => wallMs), bare },
      { name: "one-shot: CPU", unit: "ms", samples: values.map(({ cpuMs }) => cpuMs), bare },
      { name: "one-shot: most memory", unit: "MB", samples: peaks.values, bare: await bareMemory(rounds(5)) },
    ];
  },
};

async function runOnce(place: Place): Promise<{ wallMs: number; cpuMs: number; firstRequestMs: number }> {
  const { startedAt, wallMs, cpuMs } = await runNode(ARGS, place);
  const times = await place.requestTimes();
  return { wallMs, cpuMs, firstRequestMs: (times.at(-1) ?? Number.NaN) - startedAt };
}
