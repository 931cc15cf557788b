// A branch as a session file of its own: what `--format jsonl` gives and Hearth can open again. Its last line is a
// checksum of the others.
import { createHash } from "node:crypto";
import { checksumLine } from "../checksum.ts";
import { headerLine } from "../entry-line.ts";
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
  for (const entry of entries) {
    yield counted(`${JSON.stringify(redaction.value(entry.type === "unknown" ? entry.raw : entry))}\n`);
  }
  const last = entries.at(-1);
  const time = last?.time ?? header.time;
  yield checksumLine({ sha256: hash.digest("hex"), bytes, parentId: last?.id ?? null, time });
}
