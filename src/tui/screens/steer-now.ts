// "Steer now": what runs is cancelled and every pending steer goes. Says in one line what that did.

import type { SessionState } from "../../app/state.ts";
import type { Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";

type Asker = Pick<Desk, "app" | "bindings">;

/** Enter on an empty line: goes on after a pause, else sends now what waits. Gives the line about it. */
export async function enterOnEmpty(desk: Asker): Promise<string> {
  const { app } = desk;
  if (!isPaused(app.conversation.state())) return sendNow(desk);
  await app.conversation.send({ type: "resume" });
  return "Goes on.";
}

/** Sends what waits; gives the line about it, "" where there was nothing to send. */
export async function sendNow({ app: { conversation }, bindings }: Asker): Promise<string> {
  const before = conversation.state();
  if (isPaused(before)) {
    return `Paused: it goes with /continue, or ${keyNames(bindings)("submit")} on an empty line.`;
  }
  if (before.run === null) {
    if (before.queue.length === 0) return "";
    await conversation.send({ type: "resume" });
    return "Sent: what was queued goes now.";
  }
  if (!before.queue.some(({ kind }) => kind === "steer")) return "";
  await conversation.send({ type: "steer", text: "", now: true });
  return redirectWords(before);
}

/** What an interruption for a steer cuts short. */
export function redirectWords({ runningTools, approvals, state }: SessionState): string {
  const names = [...new Set(runningTools.map(({ name }) => name))];
  if (names.length > 0) return `Steered now: ${names.join(", ")} cancelled.`;
  if (approvals.length > 0) return "Steered now: the question is off.";
  return state === "streaming" ? "Steered now: the answer was cut short." : "Steered now.";
}

function isPaused({ state, queue }: SessionState): boolean {
  return state === "paused" || queue.some(({ kind }) => kind === "pause");
}
