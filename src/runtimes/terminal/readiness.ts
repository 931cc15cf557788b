// When a program in a terminal takes a prompt, and when its turn is over.
import type { PtySession } from "../../mux/session.ts";

export const POLL_MS = 100;

/**
 * Of a program that reads its terminal beside other things, or cannot be looked at and shows a prompt. Long, because one
 * that stopped reading to wait for the network looks the same: libuv takes a file off epoll's list only at its next event.
 */
const MAYBE_MS = 6_000;
/** Of one that does not seem to read, and is silent all the same. */
const SILENT_MS = 20_000;
/** After Esc and Ctrl+C. */
const HEEDED_MS = 300;

/** The program waits for input, or has been idle for so long that it must be taken to. */
export function isReady(session: PtySession): boolean {
  const state = session.state();
  if (state === "waiting") return session.readsOnly() || session.quietMs() >= MAYBE_MS;
  return state === "idle" && session.quietMs() >= SILENT_MS;
}

/** How a terminal itself shows Esc and Ctrl+C (ECHOCTL of termios(3)), whether the program heeds them or not. */
const ECHO = /\^\[|\^C|\s/g;

/** It was asked to stop, has written `since`, and takes input again. */
export function hasHeeded(session: PtySession, since: string): boolean {
  if (session.quietMs() < HEEDED_MS) return false;
  return session.readsOnly() || (since.replaceAll(ECHO, "") !== "" && session.reads());
}
