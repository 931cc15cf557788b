// Typing: letters go and come, so that the input stays one line; each is timed from the key to its place on the screen.
import { setTimeout as sleep } from "node:timers/promises";
import type { Screen } from "./screen.ts";

const BETWEEN_KEYS_MS = 25;

/** Milliseconds of each key. */
export async function typeLetters(screen: Screen, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let key = 0; key < count; key += 2) {
    samples.push(await echo(screen, "x", /› x/));
    samples.push(await echo(screen, "\x7f", /^(?![\s\S]*› x)/));
  }
  return samples;
}

async function echo(screen: Screen, key: string, shown: RegExp): Promise<number> {
  await sleep(BETWEEN_KEYS_MS);
  const typedAt = performance.now();
  screen.type(key);
  return (await screen.waitFor(shown)) - typedAt;
}
