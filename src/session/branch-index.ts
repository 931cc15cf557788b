// Where the entries of one branch stand in the file, without parsing them: a session of any length is laid out in
// pages, newest first, while the file is read from its end. Reads nothing itself.
import type { FileLine } from "../lib/line-blocks.ts";
import { type EntryPlace, parseEntry, readPlace } from "./entry-line.ts";

/** What a page may begin and end with depends on these alone. */
type EntryKind = "run_start" | "run_end" | "user" | "assistant" | "result" | "partial" | "other";

/** `offset` and `length` in bytes, without the line feed. */
export type IndexedEntry = { offset: number; length: number; kind: EntryKind };

/**
 * Neighbours on the branch, oldest first. `runs`: runs that begin in it. `goesOn`: the run at its end goes on in the
 * page after it. A page never parts a call from its result, nor the pieces of an answer from each other.
 */
export type BranchPage = { entries: IndexedEntry[]; bytes: number; runs: number; goesOn: boolean };

/** A page is closed at the next place where it may be. */
const PAGE_ENTRIES = 48;
const PAGE_BYTES = 256 * 1024;
/** Each costs a reading of what stands before it. */
const MAX_DETOURS = 16;
/** Bytes of a message's line that hold its role, where we wrote it. */
const ROLE_BYTES = 400;
const ROLE = /"message":\{"role":"([a-z_]+)"/;

/**
 * State of one backward reading. `before` is the id of the message that whoever asks has already, with all that
 * follows it; null: nothing. With it goes the start of its run, when it is the run's first message.
 */
export class BranchIndex {
  /** Newest first. */
  readonly pages: BranchPage[] = [];
  /** The message `before` is there. Until then there are no pages. */
  found: boolean;
  /** The run of `before` begins with it: the newest run here is the one before that. */
  beginsRun = false;
  readonly #before: string | null;
  /** Undefined: whichever entry stands there; null: the root was reached. */
  #wanted: string | null | undefined;
  #child: number | null = null;
  #detours = 0;
  /** Looking for the start of the run of `before`: what stands between the two goes with it. */
  #between: IndexedEntry[] | null;
  #open: IndexedEntry[] = [];
  #openBytes = 0;
  #newer: EntryKind | null = null;

  constructor(before: string | null) {
    this.#before = before;
    this.found = before === null;
    this.#between = before === null ? null : [];
  }

  /** Takes the next line before the ones seen so far. False: the root was reached. */
  take({ bytes, offset }: FileLine): boolean {
    if (bytes.length === 0 || offset === 0) return true;
    const place = readPlace(bytes);
    if (place !== null) this.#follow(place, bytes, offset);
    return this.#wanted !== null;
  }

  /** To be called at the start of the file: where to read on from when a parent was missing, or null. */
  detour(): number | null {
    if (typeof this.#wanted !== "string" || this.#detours === MAX_DETOURS) return null;
    this.#detours += 1;
    this.#wanted = undefined;
    return this.#child;
  }

  /** Closes the oldest page. */
  end(): void {
    this.#endBetween(false);
    this.#closePage();
  }

  #follow(place: EntryPlace, bytes: Buffer, offset: number): void {
    const isPlaced = place.type !== "leaf" && place.type !== "state";
    if (this.#wanted === undefined && !isPlaced) {
      const entry = parseEntry(bytes);
      if (entry === null) return;
      this.#want(entry.type === "leaf" ? entry.targetId : entry.parentId, offset);
    } else if (isPlaced && (this.#wanted === undefined || this.#wanted === place.id)) {
      this.#want(place.parentId, offset);
      this.#keep(place, { offset, length: bytes.length, kind: kindOf(place, bytes) });
    }
  }

  #want(id: string | null, child: number): void {
    this.#wanted = id;
    this.#child = child;
  }

  #keep(place: EntryPlace, entry: IndexedEntry): void {
    if (!this.found) {
      this.found = place.id === this.#before;
      return;
    }
    if (this.#between === null) {
      this.#add(entry);
      return;
    }
    if (entry.kind === "run_start") {
      this.#endBetween(true);
      return;
    }
    this.#between.push(entry);
    if (entry.kind !== "other") this.#endBetween(false);
  }

  #endBetween(beginsRun: boolean): void {
    const between = this.#between ?? [];
    this.#between = null;
    this.beginsRun ||= beginsRun;
    if (beginsRun) this.#newer = "run_start";
    else for (const entry of between) this.#add(entry);
  }

  #add(entry: IndexedEntry): void {
    const isFull = this.#open.length >= PAGE_ENTRIES || this.#openBytes >= PAGE_BYTES;
    if (isFull && mayPart(entry.kind, this.#newer)) this.#closePage();
    this.#open.push(entry);
    this.#openBytes += entry.length;
    this.#newer = entry.kind;
  }

  #closePage(): void {
    if (this.#open.length === 0) return;
    const newer = this.pages.at(-1)?.entries[0]?.kind ?? (this.beginsRun ? "run_start" : null);
    const entries = this.#open.reverse();
    const runs = entries.filter((entry) => entry.kind === "run_start").length;
    // What nobody has the rest of is all there is: a run without an end was interrupted.
    const goesOn = newer !== "run_start" && (this.pages.length > 0 || this.#before !== null);
    this.pages.push({ entries, bytes: this.#openBytes, runs, goesOn });
    this.#open = [];
    this.#openBytes = 0;
  }
}

/** True where nothing of the older entry belongs to the newer one. */
function mayPart(older: EntryKind, newer: EntryKind | null): boolean {
  if (newer === "run_start") return true;
  if (older !== "result" && older !== "user") return false;
  return newer === "assistant" || newer === "partial" || newer === "user";
}

function kindOf({ type }: EntryPlace, bytes: Buffer): EntryKind {
  if (type === "run_start" || type === "run_end" || type === "partial") return type;
  if (type !== "message") return "other";
  switch (ROLE.exec(bytes.toString("utf8", 0, ROLE_BYTES))?.[1]) {
    case "user":
      return "user";
    case "tool_result":
      return "result";
    default:
      // Unknown too: nothing is parted before an answer but behind a result or a prompt.
      return "assistant";
  }
}
