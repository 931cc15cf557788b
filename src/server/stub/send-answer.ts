// Sends an answer over HTTP: one write a frame, at the asked pace, as fast as the socket takes it.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "./faults.ts";

export type HttpAnswer = {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** A text is sent with its length; steps are streamed. */
  body: string | Iterable<Step>;
  /** Milliseconds before the first byte. */
  delayMs?: number;
  /** Milliseconds between deltas. */
  chunkDelayMs?: number;
  /** End the connection instead of answering. */
  hangUp?: boolean;
};

/** A silence that only the client, or the stub's end, breaks. The largest delay a timer takes. */
const FOR_EVER_MS = 2 ** 31 - 1;
/** So long a reset waits for the client to read what was sent before: a reset may overtake data. */
const RESET_GRACE_MS = 20;

/** Resolves when everything is sent; rejects with AbortError when the signal fires (the client went away). */
export async function sendAnswer(
  response: ServerResponse,
  answer: HttpAnswer,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  if (answer.delayMs) await sleep(answer.delayMs, undefined, { signal });
  if (answer.hangUp) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  if (typeof answer.body === "string") {
    response.end(answer.body);
    return;
  }
  const pace = createPace(answer.chunkDelayMs ?? 0, signal);
  for (const step of answer.body) {
    signal.throwIfAborted();
    if (step.do === "write") {
      if (step.delta) await pace();
      if (!response.write(step.data)) await once(response, "drain", { signal });
      continue;
    }
    await keepSilent(response, step, signal);
    if (step.do === "reset") {
      response.socket?.resetAndDestroy();
      return;
    }
  }
  response.end();
}

/** What was written before, headers alone too, is with the client when the silence begins. */
async function keepSilent(
  response: ServerResponse,
  step: Exclude<Step, { do: "write" }>,
  signal: AbortSignal,
): Promise<void> {
  response.flushHeaders();
  const ms = step.do === "reset" ? RESET_GRACE_MS : (step.ms ?? FOR_EVER_MS);
  await sleep(ms, undefined, { signal });
}

/** Waits so that the n-th call returns n delays after the first; a late one does not shift those after it. */
function createPace(delayMs: number, signal: AbortSignal): () => Promise<void> | undefined {
  let due: number | undefined;
  return () => {
    if (delayMs === 0) return undefined;
    due = due === undefined ? performance.now() : due + delayMs;
    const wait = due - performance.now();
    return wait > 0 ? sleep(wait, undefined, { signal }) : undefined;
  };
}
