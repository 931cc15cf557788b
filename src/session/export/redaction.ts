// What an export does with secrets: takes them out, unless the person asked for all of it.
import { redact, redactValue } from "../../lib/redact.ts";

export interface Redaction {
  text(value: string): string;
  /** A JSON value with every text in it; opaque ones stay: images, and signatures that only their vendor can read. */
  value(value: unknown): unknown;
}

const OPAQUE = new Set(["data", "signature"]);

export const REDACTED: Redaction = {
  text: (value) => redact(value).text,
  value: (value) => redactValue(value, OPAQUE),
};

export const PLAIN: Redaction = { text: (value) => value, value: (value) => value };
