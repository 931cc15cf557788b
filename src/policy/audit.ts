// The audit log: one JSON line for each call that the gate has a record of, and for each turn that was routed. Only ever
// appended to, secrets replaced.
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { isErrorCode } from "../lib/error-code.ts";
import { redactValue } from "../lib/redact.ts";
import type { RouteRecord } from "../protocol/audit.ts";
import type { GateRecord } from "./gate.ts";

export type AuditOptions = {
  /** Made with the first record, for its owner alone. */
  file: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Told once, with the first record that cannot be written. Calls go on. */
  onFailure: (error: unknown) => void;
};

/** Resolves when the operating system has the line; never rejects. */
export type AuditLog = (record: GateRecord | RouteRecord) => Promise<void>;

export function createAuditLog({ file, now, onFailure }: AuditOptions): AuditLog {
  let failed = false;
  return async (record) => {
    try {
      const line = JSON.stringify(redactValue({ time: new Date(now()).toISOString(), ...record }, new Set()));
      appendLine(file, line);
    } catch (error) {
      if (!failed) onFailure(error);
      failed = true;
    }
  };
}

/** At once, as session entries are: a small append takes less time than waiting for a thread to do it. */
function appendLine(file: string, line: string): void {
  const append = () => appendFileSync(file, `${line}\n`, { mode: 0o600 });
  try {
    append();
  } catch (error) {
    if (!isErrorCode(error, "ENOENT")) throw error;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    append();
  }
}
