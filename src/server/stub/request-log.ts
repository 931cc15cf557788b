// RequestLog: what the stub was asked, in memory and as JSON lines in a file. Keys are never kept.
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "../../lib/app-error.ts";

/**
 * `headers` and the query hold `redacted:HASH` in place of keys (see fingerprint). `body` is JSON, or the raw
 * text where it is none. `inFlight` counts requests under way when this one came, itself included.
 */
export type RecordedRequest = {
  seq: number;
  /** ISO 8601. */
  time: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
  inFlight: number;
};

const SECRET_HEADERS = new Set([
  "authorization",
  "proxy-authorization",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  "cookie",
]);

/** Stands for a secret, so that two can be told apart: a test compares `fingerprint("Bearer KEY")`. */
export function fingerprint(secret: string): string {
  return `redacted:${createHash("sha256").update(secret).digest("hex").slice(0, 12)}`;
}

export interface RequestLog {
  readonly requests: readonly RecordedRequest[];
  add(request: RecordedRequest): void;
  close(): void;
}

/** Lines are in the file before the request is answered. Throws AppError `stub.record`. */
export function createRequestLog(file?: string): RequestLog {
  const requests: RecordedRequest[] = [];
  const handle = file === undefined ? null : openFile(file);
  return {
    requests,
    add: (request) => {
      requests.push(request);
      if (handle !== null) writeSync(handle, `${JSON.stringify(request)}\n`);
    },
    close: () => {
      if (handle !== null) closeSync(handle);
    },
  };
}

function openFile(file: string): number {
  try {
    return openSync(file, "a", 0o600);
  } catch (error) {
    throw new AppError("stub.record", `The record file ${file} cannot be written.`, { cause: error });
  }
}

export function redactHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    const text = Array.isArray(value) ? value.join(", ") : (value ?? "");
    return [name, SECRET_HEADERS.has(name) ? fingerprint(text) : text];
  });
  return Object.fromEntries(entries);
}

/** Google's API also takes the key as `?key=`. */
export function redactPath(path: string): string {
  return path.replace(/([?&]key=)([^&]+)/, (_, name: string, key: string) => name + fingerprint(key));
}
