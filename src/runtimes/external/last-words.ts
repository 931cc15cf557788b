// When a program can no longer be heard, by whichever way that comes about.
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { PipedProcess } from "../../lib/piped-process.ts";

/** What is still in the pipe of a program that ended is there at once, unless a child of it holds the pipe open. */
const LAST_WORDS_MS = 500;

/** Resolves when everything that will ever come was read. To be called before that. */
export function untilDrained(stdout: Readable): Promise<void> {
  return new Promise((resolve) => stdout.once("close", resolve));
}

/**
 * Resolves once the program ended and all it said was taken in (`drained`); soon after one of both, since a child may
 * hold its output open, and one that closed its output lives on for nothing. Never rejects.
 */
export async function untilUnheard(
  { exited }: Pick<PipedProcess, "exited">,
  drained: Promise<unknown>,
): Promise<void> {
  await Promise.race([drained, exited]);
  const waited = new AbortController();
  const late = sleep(LAST_WORDS_MS, undefined, waited).catch(() => undefined);
  await Promise.race([Promise.all([drained, exited]), late]);
  waited.abort();
}
