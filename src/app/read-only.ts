// What a session that is only looked at refuses, and what the person is told.
import type { AppError } from "../lib/app-error.ts";
import type { ControlMessage } from "../protocol/control.ts";
import type { SessionNotice } from "../session/session-notice.ts";
import type { SessionStore } from "../session/store.ts";

/** null for what may be done: leaving, and ending what was begun elsewhere. */
export function refusalOf(store: SessionStore, type: ControlMessage["type"] | "shell"): AppError | null {
  return type === "exit" || type === "interrupt" || type === "background" ? null : store.refusal;
}

export function readOnlyNotice({ refusal }: SessionStore): SessionNotice[] {
  if (refusal === null) return [];
  return [
    { level: "warning", code: refusal.code, message: `${refusal.message} ${refusal.hint ?? ""}`.trim() },
  ];
}
