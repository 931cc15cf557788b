// A session file to leaf through from its end: pages of one branch, laid out in the background and read one by one.
// Changes nothing.
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { linesFromEnd } from "../lib/line-blocks.ts";
import type { AgentEvent } from "../protocol/event.ts";
import { BranchIndex, type BranchPage, type IndexedEntry } from "./branch-index.ts";
import { parseEntry } from "./entry-line.ts";
import { replayEvents } from "./replay.ts";
import { unreadable } from "./session-notice.ts";
import type { StoredEntry } from "./state-entry.ts";
import { NEW_SESSION } from "./stored-state.ts";

export interface BranchPages {
  /** Pages known so far, newest first. Pages are only ever added. */
  readonly pages: readonly BranchPage[];
  /** Whether all pages are known. */
  readonly complete: boolean;
  /** How much of the file was looked through, 0 to 1. */
  readonly progress: number;
  /** The message that was asked for is the first of its run: the newest run here is the one before. */
  readonly beginsRun: boolean;
  /** Lays out pages until all are known or the signal says stop, a block of the file at a time. Throws `session.read`. */
  layOut(options: { signal: AbortSignal; onProgress: () => void }): Promise<void>;
  /**
   * The events that made a page, in order, as `replayEvents` gives them; lines that cannot be read are left out. Reads
   * at once, some hundred kilobytes. Throws `session.read`.
   */
  events(page: number): AgentEvent[];
  /** Whether the lines of a page, as they are written, match all of the patterns, or say more than is written. */
  mayHold(page: number, patterns: readonly RegExp[]): boolean;
  close(): void;
}

/** Small enough that a key never waits for a block. */
const BLOCK_BYTES = 512 * 1024;

/** The branch up to the message `before` (null: all of it). Throws AppError `session.read`. */
export function openBranchPages(path: string, { before }: { before: string | null }): BranchPages {
  return new FilePages(path, before);
}

class FilePages implements BranchPages {
  complete = false;
  progress = 0;
  readonly #path: string;
  readonly #index: BranchIndex;
  #fd: number | null;

  constructor(path: string, before: string | null) {
    this.#path = path;
    this.#index = new BranchIndex(before);
    try {
      this.#fd = openSync(path, "r");
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  get pages(): readonly BranchPage[] {
    return this.#index.pages;
  }

  get beginsRun(): boolean {
    return this.#index.beginsRun;
  }

  async layOut({ signal, onProgress }: Parameters<BranchPages["layOut"]>[0]): Promise<void> {
    const handle = await open(this.#path, "r").catch((cause: unknown) => {
      throw unreadable(this.#path, cause);
    });
    try {
      const { size } = await handle.stat();
      for (let from: number | null = size; from !== null && !signal.aborted; ) {
        const before = from;
        const isDone = await this.#readBack(linesFromEnd(handle, before, BLOCK_BYTES), (offset) => {
          this.progress = Math.max(this.progress, 1 - offset / size);
          if (!signal.aborted) onProgress();
          return signal.aborted;
        });
        from = isDone ? null : this.#index.detour();
      }
    } finally {
      await handle.close();
    }
    if (signal.aborted) return;
    this.#index.end();
    this.complete = true;
    this.progress = 1;
    onProgress();
  }

  events(page: number): AgentEvent[] {
    const found = this.pages[page];
    if (found === undefined) return [];
    const entries = this.#read(found.entries);
    const isRunStart = found.entries[0]?.kind === "run_start";
    const start = isRunStart ? null : this.#runStart(page);
    const branch = { entries: start === null ? entries : [start, ...entries], state: NEW_SESSION };
    return [...replayEvents(branch, { goesOn: found.goesOn })].slice(start === null ? 0 : 1);
  }

  mayHold(page: number, patterns: readonly RegExp[]): boolean {
    const entries = this.pages[page]?.entries ?? [];
    const texts = neighbours(entries).map((group) => this.#group(group).toString("utf8"));
    // What a compaction is told with is made when it is shown.
    if (texts.some((text) => text.includes('{"type":"compaction"'))) return true;
    return patterns.every((pattern) => texts.some((text) => pattern.test(text)));
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  /** True when the root was reached, or `look` says stop. */
  async #readBack(
    blocks: ReturnType<typeof linesFromEnd>,
    look: (offset: number) => boolean,
  ): Promise<boolean> {
    for await (const lines of blocks) {
      for (const line of lines) if (!this.#index.take(line)) return true;
      if (look(lines.at(-1)?.offset ?? 0)) return true;
    }
    return false;
  }

  /** The start of the run that a page goes on with, as far as it is known. */
  #runStart(page: number): StoredEntry | null {
    for (const { entries } of this.pages.slice(page + 1)) {
      const start = entries.findLast((entry) => entry.kind === "run_start");
      if (start) return this.#read([start])[0] ?? null;
    }
    return null;
  }

  #read(entries: readonly IndexedEntry[]): StoredEntry[] {
    return neighbours(entries).flatMap((group) => {
      const start = group[0]?.offset ?? 0;
      const bytes = this.#group(group);
      return group.flatMap(({ offset, length }) => {
        return parseEntry(bytes.subarray(offset - start, offset - start + length)) ?? [];
      });
    });
  }

  #group(group: readonly IndexedEntry[]): Buffer {
    const start = group[0]?.offset ?? 0;
    const last = group.at(-1);
    return this.#bytes(start, last ? last.offset + last.length : start);
  }

  #bytes(start: number, end: number): Buffer {
    const bytes = Buffer.allocUnsafe(end - start);
    if (this.#fd === null) return bytes.fill(0);
    try {
      let filled = 0;
      while (filled < bytes.length) {
        const read = readSync(this.#fd, bytes, filled, bytes.length - filled, start + filled);
        if (read === 0) break;
        filled += read;
      }
      return bytes.subarray(0, filled);
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }
}

/** What stands between two entries and belongs to another branch is read with them as long as it is short. */
const NEAR_BYTES = 16 * 1024;

function neighbours(entries: readonly IndexedEntry[]): IndexedEntry[][] {
  const groups: IndexedEntry[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    const isNear = entry.offset >= end && entry.offset - end < NEAR_BYTES;
    const group = groups.at(-1);
    if (group && isNear) group.push(entry);
    else groups.push([entry]);
    end = entry.offset + entry.length;
  }
  return groups;
}
