// ReadLog: which content of which file the model has seen, so that it cannot overwrite what it has not.
import { createHash } from "node:crypto";
import type { FileStat } from "../sandbox/workspace.ts";

/** What was seen: the whole content by its hash, or, of a huge file read in part, its size and time. */
type Seen = { hash: string } | { size: number; modifiedMs: number };

/** `unread`: the model has not seen the file; `changed`: it has seen another content than the present one. */
export type ReadState = "fresh" | "changed" | "unread";

/** Keyed by real path. Shared by the tools of one session; forgets nothing by itself. */
export class ReadLog {
  readonly #seen = new Map<string, Seen>();

  /** The model has seen, or itself written, exactly these bytes. */
  record(path: string, bytes: Uint8Array): void {
    this.#seen.set(path, { hash: hashOf(bytes) });
  }

  /** The model has seen a part of a file that is too big to be held. */
  recordPart(path: string, { size, modifiedMs }: FileStat): void {
    this.#seen.set(path, { size, modifiedMs });
  }

  state(path: string, bytes: Uint8Array, stat: FileStat): ReadState {
    const seen = this.#seen.get(path);
    if (!seen) return "unread";
    if ("hash" in seen) return seen.hash === hashOf(bytes) ? "fresh" : "changed";
    return seen.size === stat.size && seen.modifiedMs === stat.modifiedMs ? "fresh" : "changed";
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("base64");
}
