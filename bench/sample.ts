// Takes samples with a bare Node before each, so that a busy moment of the machine shows in both.
import { bareNodeMb, bareNodeMs } from "./programs.ts";
import type { Row } from "./table.ts";

export type Measure = {
  /** What `--only` takes. */
  name: string;
  run: (rounds: Rounds) => Promise<Row[]>;
};

/** How often to measure what a full run measures `full` times. */
export type Rounds = (full: number) => number;

export type Samples<T> = { values: T[]; bareMs: number[] };

/** One unmeasured round first: it fills V8's compile cache and the file cache. */
export async function sample<T>(rounds: number, take: () => Promise<T>): Promise<Samples<T>> {
  await take();
  return sampleCold(rounds, take);
}

/** As sample, where what is measured needs no warm-up, or warms up itself. */
export async function sampleCold<T>(rounds: number, take: () => Promise<T>): Promise<Samples<T>> {
  const samples: Samples<T> = { values: [], bareMs: [] };
  for (let round = 0; round < rounds; round++) {
    samples.bareMs.push(await bareNodeMs());
    samples.values.push(await take());
  }
  return samples;
}

/** For rows in MB. */
export async function bareMemory(rounds: number): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) samples.push(await bareNodeMb());
  return samples;
}
