// The book: all items of a session in pages. Page 0 is what the log holds, with what is under way; older pages come
// from the session file when they are asked for, and only the newest asked for are kept.
import type { SessionArchive } from "../../app/session-archive.ts";
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { toFailure } from "../../lib/app-error.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import { TranscriptFeed } from "../transcript/feed.ts";
import type { TranscriptLog } from "../transcript/log.ts";

/** `head`: the first item of its run, the prompt. Runs count up in the order they began. */
export type BookItem = { item: TranscriptItem; run: number; head: boolean };

export interface Book {
  /** The oldest page known so far: 0 or below. */
  firstPage(): number;
  /** Oldest first; none for a page that is not there. */
  items(page: number): readonly BookItem[];
  /** False while older pages may still become known. */
  complete(): boolean;
}

/** Bytes of the file whose pages are kept: enough for any window of folded runs, and for paging to and fro. */
const KEPT_BYTES = 16 * 1024 * 1024;

export class SessionBook implements Book {
  readonly #log: TranscriptLog;
  /** Told of each page of the archive that is to be shown. */
  readonly #onPage: (items: readonly BookItem[]) => void;
  #archive: SessionArchive | null = null;
  /** There may be an archive, which is not known yet. */
  #waits: boolean;
  /** Items of the log before this one are in the archive. */
  #start = 0;
  #logPage: { items: unknown; live: unknown; page: readonly BookItem[] } | null = null;
  /** Those asked for last come last. */
  readonly #pages = new Map<number, readonly BookItem[]>();
  #keptBytes = 0;

  constructor(log: TranscriptLog, options: { waits: boolean; onPage: (items: readonly BookItem[]) => void }) {
    this.#log = log;
    this.#waits = options.waits;
    this.#onPage = options.onPage;
  }

  /**
   * What is older than the log, or null: nothing. `start`: the log's item that follows what the archive holds. Gives
   * by how many items the places in page 0 have moved up.
   */
  setArchive(archive: SessionArchive | null, start: number): number {
    const moved = start - this.#start;
    this.#archive = archive;
    this.#waits = false;
    this.#start = start;
    this.#logPage = null;
    return moved;
  }

  firstPage(): number {
    return this.#archive ? -this.#archive.pageCount() : 0;
  }

  complete(): boolean {
    return this.#archive?.complete() ?? !this.#waits;
  }

  items(page: number): readonly BookItem[] {
    if (page === 0) return this.#logItems();
    const known = this.#pages.get(page);
    const items = known ?? this.read(page);
    this.#pages.delete(page);
    this.#pages.set(page, items);
    if (known === undefined) {
      this.#keptBytes += this.#bytes(page);
      this.#forgetOldest();
      this.#onPage(items);
    }
    return items;
  }

  /** A page as it is in the file, which is not kept; what it failed with in place of one that cannot be read. */
  read(page: number): readonly BookItem[] {
    const archive = this.#archive;
    const index = -1 - page;
    if (page === 0) return this.#logItems();
    if (archive === null || index < 0 || index >= archive.pageCount()) return [];
    const run = this.#runBefore(archive, index);
    try {
      return bookItems(archive.events(index), run, this.#isFirst(page));
    } catch (error) {
      return [{ item: { kind: "error", id: `page ${page}`, failure: toFailure(error) }, run, head: false }];
    }
  }

  /** The first prompt of a session that is in the log as a whole; else "". */
  firstPrompt(): string {
    if (this.#archive !== null || this.#log.trimmed) return "";
    const first = this.#logItems().find(({ item }) => item.kind === "user");
    return first?.item.kind === "user" ? first.item.text : "";
  }

  /** False where no item of the page can match all of the words. */
  mayHold(page: number, words: readonly RegExp[]): boolean {
    return page === 0 || (this.#archive?.mayHold(-1 - page, words) ?? true);
  }

  /** Which run of how many, from 1; null as long as that is not known. */
  runNumber(run: number): { number: number; of: number } | null {
    if (!this.complete()) return null;
    const first = this.#archive ? this.#runBefore(this.#archive, this.#archive.pageCount() - 1) + 1 : 1;
    return { number: Math.max(0, run - first + 1), of: this.#log.run - first + 1 };
  }

  /** How far down an item stands, 0 to 1, by what the pages hold. */
  share({ page, item }: { page: number; item: number }): number {
    const sizes = this.#sizes();
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const own = sizes[page - this.firstPage()] ?? 0;
    const before = sizes.slice(0, page - this.firstPage()).reduce((sum, size) => sum + size, 0);
    const within = (item + 1) / Math.max(1, this.items(page).length);
    return total === 0 ? 1 : (before + own * within) / total;
  }

  #sizes(): number[] {
    const archive = this.#archive;
    const older = archive
      ? Array.from({ length: archive.pageCount() }, (_, index) => archive.page(index).size)
      : [];
    return [...older.reverse(), this.#logItems().length];
  }

  #isFirst(page: number): boolean {
    return page === this.firstPage() && this.complete();
  }

  /** The run that a page of the archive goes on with at its start. */
  #runBefore(archive: SessionArchive, index: number): number {
    const first = this.#log.items.get()[this.#start];
    const newest = (first ? this.#log.runOf(first) : this.#log.run) - (archive.beginsRun() ? 1 : 0);
    let runs = newest;
    for (let at = 0; at <= index; at++) runs -= archive.page(at).runs;
    return runs;
  }

  #logItems(): readonly BookItem[] {
    const items = this.#log.items.get();
    const live = this.#log.live();
    if (this.#logPage?.items === items && this.#logPage.live === live) return this.#logPage.page;
    const log = this.#log;
    const goesOn = this.#archive !== null && this.#archive.pageCount() > 0 && !this.#archive.beginsRun();
    let before = goesOn ? this.#runOfFirst() : null;
    const page = [...items.slice(this.#start), ...live].map((item) => {
      const run = log.runOf(item);
      const head = run !== before;
      before = run;
      return { item, run, head };
    });
    this.#logPage = { items, live, page };
    return page;
  }

  #runOfFirst(): number | null {
    const first = this.#log.items.get()[this.#start];
    return first ? this.#log.runOf(first) : null;
  }

  #bytes(page: number): number {
    return this.#archive?.page(-1 - page).bytes ?? 0;
  }

  /** All but the newest asked for, however big that is. */
  #forgetOldest(): void {
    for (const page of this.#pages.keys()) {
      if (this.#keptBytes <= KEPT_BYTES || this.#pages.size === 1) return;
      this.#pages.delete(page);
      this.#keptBytes -= this.#bytes(page);
    }
  }
}

/** `runBefore` is under way at the start; in the first page of all nothing is. */
function bookItems(events: readonly AgentEvent[], runBefore: number, isFirst: boolean): BookItem[] {
  // Calls of a saved session have ended: no time is asked for.
  const feed = new TranscriptFeed(() => 0);
  const items: BookItem[] = [];
  let run = runBefore;
  let isHead = isFirst;
  for (const event of events) {
    if (event.type === "run_start") {
      run += 1;
      isHead = true;
    }
    feed.apply(event);
    for (const item of feed.takeItems()) {
      items.push({ item, run, head: isHead });
      isHead = isFirst && run === runBefore;
    }
  }
  return items;
}

export type Seam = { start: number; before: string };

/**
 * Where the log and the session file meet: the first item of the log that is a message of the file, and that
 * message's id. Of a trimmed log the first answer may lack its beginning. Null: the file has nothing of it.
 */
export function findSeam(items: readonly TranscriptItem[], trimmed: boolean): Seam | null {
  const ids = items.map(messageId);
  const first = ids.findIndex((id) => id !== null);
  const isWhole = !trimmed || first < 0 || !/-[1-9]\d*$/.test(items[first]?.id ?? "");
  const start = isWhole ? first : ids.findIndex((id) => id !== null && id !== ids[first]);
  const before = ids[start];
  return before === undefined || before === null ? null : { start, before };
}

/** Parts of an answer are named after their message. */
function messageId(item: TranscriptItem): string | null {
  switch (item.kind) {
    case "user":
    case "shell":
      return item.id;
    case "assistant":
    case "thinking":
      return item.id.startsWith("note-") ? null : item.id.replace(/-\d+$/, "");
    case "tool":
    case "plan":
    case "notice":
    case "error":
    case "run_end":
    case "runtime":
      return null;
  }
}
