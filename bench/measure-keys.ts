// From a key to its letter on the screen: at rest, and while an answer streams.
import { setTimeout as sleep } from "node:timers/promises";
import { answerText } from "./answer-text.ts";
import { openPlace } from "./place.ts";
import { type Measure, type Samples, sampleCold } from "./sample.ts";
import { openPrompt, type Screen } from "./screen.ts";

const KEYS = 200;
const BETWEEN_KEYS_MS = 25;

export const keys: Measure = {
  name: "keys",
  run: async (rounds) => {
    const idle = await sampleCold(rounds(3), () => typeKeys(false));
    const busy = await sampleCold(rounds(3), () => typeKeys(true));
    return [
      { name: "key to echo, p95: idle", unit: "ms", ...pooled(idle), at: 0.95, bound: 5 },
      { name: "key to echo, p95: while streaming", unit: "ms", ...pooled(busy), at: 0.95 },
    ];
  },
};

/** Letters go and come, so that the input stays one line. */
async function typeKeys(streaming: boolean): Promise<number[]> {
  const text = answerText(40_000);
  await using place = await openPlace([{ text, chunkSize: 7, chunkDelayMs: 5 }]);
  const { screen, clear } = await openPrompt([], place);
  await clear();
  if (streaming) {
    screen.type("go\r");
    await screen.waitFor(/A section about lines/);
  }
  const samples: number[] = [];
  for (let key = 0; key < KEYS; key += 2) {
    samples.push(await echo(screen, "x", /› x/));
    samples.push(await echo(screen, "\x7f", /^(?![\s\S]*› x)/));
  }
  await screen.leave();
  return samples;
}

async function echo(screen: Screen, key: string, shown: RegExp): Promise<number> {
  await sleep(BETWEEN_KEYS_MS);
  const typedAt = performance.now();
  screen.type(key);
  return (await screen.waitFor(shown)) - typedAt;
}

function pooled({ values, bareMs }: Samples<number[]>): { samples: number[]; bare: number[] } {
  return { samples: values.flat(), bare: bareMs };
}
