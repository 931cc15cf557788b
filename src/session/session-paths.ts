// Where a session's file lies: SESSIONS/<project>/<time>_<id>.jsonl. Names only; touches no file.
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import type { SessionHeader } from "../protocol/session-entry.ts";

const EXTENSION = ".jsonl";
const FILE_NAME = /^(\d{8}T\d{6})_([A-Za-z0-9_-]+)\.jsonl$/;

/** The folder of a project's sessions: its name for people, a hash of its whole path for certainty. */
export function sessionFolder(dir: string, cwd: string): string {
  const readable = basename(cwd)
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 40);
  const hash = createHash("sha256").update(cwd).digest("hex").slice(0, 8);
  return join(dir, `${readable || "root"}-${hash}`);
}

/** Sorts by time. */
export function sessionFileName(header: Pick<SessionHeader, "id" | "time">): string {
  const time = header.time.replace(/\.\d+Z$/, "").replace(/[-:]/g, "");
  return `${time}_${header.id}${EXTENSION}`;
}

/** The session's id, or null when the file's name is none of ours. */
export function sessionIdOf(fileName: string): string | null {
  return FILE_NAME.exec(fileName)?.[2] ?? null;
}

/** The folder for sessions that tool calls of this one made (its tasks); they live and go with it. */
export function taskFolder(path: string): string {
  return path.endsWith(EXTENSION) ? path.slice(0, -EXTENSION.length) : `${path}.tasks`;
}
