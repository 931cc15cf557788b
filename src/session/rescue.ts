// The last resort: what a session could not save when the program ends is kept elsewhere, ready to be added by hand.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import type { SessionHeader } from "../protocol/session-entry.ts";
import { entryLine, headerLine } from "./entry-line.ts";
import type { StoredEntry } from "./state-entry.ts";

type Unsaved = {
  header: SessionHeader;
  /** Of the session. */
  path: string;
  /** Nothing of it is on the disk, not even its header. */
  isWhole: boolean;
  entries: readonly StoredEntry[];
};

/** Writes the lines that are missing to a file of its own; gives the AppError `session.unsaved` that says where. */
export function rescueEntries({ header, path, isWhole, entries }: Unsaved, cause: unknown): AppError {
  const lost = `${entries.length} ${entries.length === 1 ? "entry" : "entries"} of the session could not be saved`;
  const file = join(tmpdir(), `hearth-${header.id}-unsaved-${process.pid}.jsonl`);
  try {
    const lines = entries.map(entryLine).join("");
    writeFileSync(file, isWhole ? headerLine(header) + lines : lines, { mode: 0o600, flag: "wx" });
  } catch {
    // No room anywhere: the person is told that much.
    return new AppError("session.unsaved", `${lost} and end with the program.`, { cause });
  }
  return new AppError("session.unsaved", `${lost}; they are kept in ${file}.`, {
    hint: `Once it can be written: cat ${file} >> ${path}`,
    cause,
  });
}
