// A branch as a session file of its own: what `--format jsonl` gives and Hearth can open again. Its last line is a
// checksum of the others.
import { createHash } from "node:crypto";
import { checksumLine } from "../checksum.ts";
import { headerLine } from "../entry-line.ts";
import { mendBranch } from "../mend.ts";
import type { StoredEntry } from "../state-entry.ts";
import { REDACTED, type Redaction } from "./redaction.ts";
import type { ExportBranch } from "./talk.ts";

/** One line at a time, each with its line feed. The branch's entries from the root, oldest first. */
export function* exportJsonl(
  { header, entries }: Pick<ExportBranch, "header" | "entries">,
  redaction: Redaction = REDACTED,
): Generator<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = (line: string): string => {
    hash.update(line);
    bytes += Buffer.byteLength(line);
    return line;
  };
  yield counted(headerLine(header));
  let last: StoredEntry | null = null;
  // Pieces of answers stay behind: a secret that is cut in two is not known as one.
  for (const entry of mendBranch(entries)) {
    const parentId: string | null = last?.id ?? null;
    const placed = entry.type === "unknown" ? { ...entry.raw, parentId } : { ...entry, parentId };
    yield counted(`${JSON.stringify(redaction.value(placed))}\n`);
    last = entry;
  }
  const time = last?.time ?? header.time;
  yield checksumLine({ sha256: hash.digest("hex"), bytes, parentId: last?.id ?? null, time });
}
