// What a host answers to what it is asked. Knows no socket.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../lib/app-error.ts";
import type { Activity } from "../activity/activity.ts";
import { keySequence } from "../keys.ts";
import type { PtySession } from "../session.ts";
import type { Audience } from "./audience.ts";
import type { Answer, Ask } from "./frames.ts";
import { snapshotOf } from "./snapshot.ts";

const WAIT_POLL_MS = 100;

export type AnswerParts = { name: string; session: PtySession; audience: Audience };

/** Throws AppErrors of what cannot be done. `signal` ends a wait whose asker has gone. */
export async function answer(
  ask: Ask,
  { name, session, audience }: AnswerParts,
  signal: AbortSignal,
): Promise<Answer> {
  switch (ask.type) {
    case "status":
      return {
        status: {
          state: session.state(),
          paused: audience.paused(),
          quietMs: session.quietMs(),
          clients: audience.infos(),
          ...session.screen.size(),
        },
      };
    case "send":
      assertTakesInput(name, session, audience);
      send(ask, session);
      return {};
    case "pause":
    case "resume":
      audience.pause(ask.type === "pause");
      return {};
    case "resize":
      audience.resize({ columns: ask.columns, rows: ask.rows });
      await session.drawn();
      return {};
    case "snapshot":
      await session.drawn();
      return { snapshot: snapshotOf(session.screen, ask) };
    case "detach":
      return { detached: detach(ask.client, name, audience) };
    case "end":
      return { end: await session.end({ force: ask.force }) };
    case "wait":
      return { state: await waitFor(ask, name, session, signal) };
  }
}

/** What a program that does not read may leave lying: more than anybody types or pastes into one that does. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** Throws `mux.paused`, `mux.exited`, `mux.unread`. */
export function assertTakesInput(name: string, session: PtySession, audience: Audience): void {
  if (session.ended() !== null) throw hasEnded(name);
  if (session.unread() > MOST_UNREAD) {
    throw new AppError("mux.unread", `${name} does not read what it is sent.`, {
      hint: `\`hearth mux snapshot ${name}\` shows what it is at.`,
    });
  }
  if (!audience.paused()) return;
  throw new AppError("mux.paused", `${name} is paused: it takes no input.`, {
    hint: `\`hearth mux resume ${name}\` lets it take input again; its program goes on meanwhile.`,
  });
}

function hasEnded(name: string): AppError {
  return new AppError("mux.exited", `The program of ${name} has ended.`, {
    hint: `\`hearth mux list\` tells how; \`hearth mux snapshot ${name}\` shows its last screen.`,
  });
}

/** All keys are looked up before anything is typed. */
function send({ text, keys, enter }: Extract<Ask, { type: "send" }>, session: PtySession): void {
  const sequences = keys.map((key) => keySequence(key, session.screen.modes()));
  const isLong = /[\r\n]/.test(text);
  if (isLong) session.paste(text);
  else if (text !== "") session.write(text);
  for (const sequence of sequences) session.write(sequence);
  if (enter) session.write("\r");
}

function detach(client: string | null, name: string, audience: Audience): number {
  const viewers = audience.viewers(client);
  if (client !== null && viewers.length === 0) {
    const known = audience.infos().map(({ id }) => id);
    throw new AppError("mux.client", `${name} has no client ${client}.`, {
      hint: known.length === 0 ? "Nobody is attached to it." : `Attached: ${known.join(", ")}.`,
    });
  }
  for (const viewer of viewers) {
    viewer.leave({ type: "detached" });
    audience.remove(viewer);
  }
  return viewers.length;
}

async function waitFor(
  { state, timeoutMs }: Extract<Ask, { type: "wait" }>,
  name: string,
  session: PtySession,
  signal: AbortSignal,
): Promise<Activity> {
  const deadline = timeoutMs === null ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  while (!signal.aborted) {
    const now = session.state();
    // Who waits for input is idle as well.
    if (now === state || (state === "idle" && now === "waiting")) return now;
    if (now === "exited") throw hasEnded(name);
    if (Date.now() >= deadline) {
      throw new AppError("mux.timeout", `${name} is still ${now} after ${(timeoutMs ?? 0) / 1_000} s.`, {
        hint: `\`hearth mux snapshot ${name}\` shows what it is at.`,
      });
    }
    await sleep(WAIT_POLL_MS);
  }
  return session.state();
}
