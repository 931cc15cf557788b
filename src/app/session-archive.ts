// What of a session's branch lies before the rows that a frontend holds: the saved session in pages.
import type { AgentEvent } from "../protocol/event.ts";
import { openBranchPages } from "../session/branch-pages.ts";

/** `size` in entries of the file, for how far down something stands; `runs` begin in it. */
type ArchivePage = { size: number; bytes: number; runs: number };

export interface SessionArchive {
  /** How many pages are known so far; page 0 is the newest. */
  pageCount(): number;
  page(index: number): ArchivePage;
  /** Whether all pages are known. */
  complete(): boolean;
  /** How much of the file was looked through, 0 to 1. */
  progress(): number;
  /** The first message that the frontend holds begins a run; else its run began in here. */
  beginsRun(): boolean;
  /** The events of a page, in order. Reads at once, some hundred kilobytes. Throws `session.read`. */
  events(index: number): AgentEvent[];
  /** False only where no item of the page can match all of the patterns, each of them one word; quicker than `events`. */
  mayHold(index: number, patterns: readonly RegExp[]): boolean;
  /** Makes all pages known; `onProgress` is told of each step. Rejects with `session.read`. */
  layOut(options: { signal: AbortSignal; onProgress: () => void }): Promise<void>;
  close(): void;
}

/**
 * The branch that the session was left on, up to the message `before`, which the frontend holds with all that follows
 * it. Without pages when that message is not there. Throws `session.read`.
 */
export function openArchive(file: string, { before }: { before: string }): SessionArchive {
  const branch = openBranchPages(file, { before });
  return {
    pageCount: () => branch.pages.length,
    page: (index) => {
      const { entries = [], bytes = 0, runs = 0 } = branch.pages[index] ?? {};
      return { size: entries.length, bytes, runs };
    },
    complete: () => branch.complete,
    progress: () => branch.progress,
    beginsRun: () => branch.beginsRun,
    events: (index) => branch.events(index),
    mayHold: (index, patterns) => branch.mayHold(index, patterns),
    layOut: (options) => branch.layOut(options),
    close: () => branch.close(),
  };
}
