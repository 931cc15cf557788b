// A branch as a session file of its own, secrets redacted: what `--format jsonl` gives and Hearth can open again.
import { redactValue } from "../../lib/redact.ts";
import type { SessionHeader } from "../../protocol/session-entry.ts";
import { headerLine } from "../entry-line.ts";
import type { StoredEntry } from "../state-entry.ts";

/** Opaque to us: images, and signatures that only their vendor can read. */
const OPAQUE = new Set(["data", "signature"]);

/** One line at a time, each with its line feed. `entries` from the root, oldest first. */
export function* exportJsonl(branch: {
  header: SessionHeader;
  entries: readonly StoredEntry[];
}): Generator<string> {
  yield headerLine(branch.header);
  for (const entry of branch.entries) {
    yield `${JSON.stringify(redactValue(entry.type === "unknown" ? entry.raw : entry, OPAQUE))}\n`;
  }
}
