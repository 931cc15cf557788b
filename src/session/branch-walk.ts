// Follows one branch of a session from its leaf towards the root while lines come in from the end of the file.
import type { FileLine } from "../lib/line-blocks.ts";
import { type EntryPlace, parseEntry, readPlace } from "./entry-line.ts";
import type { StoredEntry, StoredState } from "./state-entry.ts";
import { applyEntry, NEW_SESSION } from "./stored-state.ts";

/**
 * How far back to go. `state`: until the state is known; `history`: to what a model needs, but at least
 * `entries` entries of the branch; `newest`: `entries` entries, whatever a model needs; `whole`: to the root.
 */
export type WalkExtent = { to: "state" | "history" | "newest" | "whole"; entries: number };

/** Each costs a reading of what stands before it; a file with more gaps is beyond reading on. */
const MAX_DETOURS = 16;

/** Lines of a short rest are all looked at, so that damage in a short file is always found. */
const ALWAYS_READ_BYTES = 1024 * 1024;

/**
 * State of one backward reading. Parents stand before their children, so one pass suffices and no cycle can
 * trap it. Where a parent is missing, the walk goes on at the entry before the damaged line, or before the child.
 */
export class BranchWalk {
  readonly badOffsets = new Set<number>();
  readonly missing: string[] = [];
  #extent: WalkExtent;
  /** The entry looked for; undefined: whichever stands there; null: the root was reached. */
  #wanted: string | null | undefined;
  #path: StoredEntry[] = [];
  #sinceSnapshot: StoredEntry[] = [];
  #snapshotFound = false;
  /** First kept entry of the newest compaction on the branch; undefined: none met yet; null: nothing older kept. */
  #firstKeptId: string | null | undefined;
  #firstKeptFound = false;
  /** Where to go on when the wanted entry is nowhere: before the newest damaged line, else before the child. */
  #damage: number | null = null;
  #child: number | null = null;

  constructor(extent: WalkExtent) {
    this.#extent = extent;
  }

  /** Takes the next line before the ones seen so far. False: nothing more is needed. */
  take(line: FileLine): boolean {
    if (line.bytes.length > 0 && line.offset > 0) this.#takeEntry(line);
    return !this.#isDone() || (this.#extent.to !== "state" && line.offset < ALWAYS_READ_BYTES);
  }

  /**
   * To be called at the start of the file: where reading must go on from when an entry was missing, or null.
   */
  detour(): number | null {
    this.#snapshotFound = true;
    if (typeof this.#wanted !== "string") return null;
    this.missing.push(this.#wanted);
    const from = this.missing.length > MAX_DETOURS ? null : (this.#damage ?? this.#child);
    if (from !== null) this.#want(undefined, from);
    return from;
  }

  /** Oldest first. */
  entries(): StoredEntry[] {
    return this.#path.toReversed();
  }

  state(): StoredState {
    return this.#sinceSnapshot.toReversed().reduce(applyEntry, NEW_SESSION);
  }

  /** Whether the branch was read to its root. */
  complete(): boolean {
    return typeof this.#wanted !== "string";
  }

  #takeEntry(line: FileLine): void {
    const place = readPlace(line.bytes);
    if (place === null) {
      this.#reject(line);
      return;
    }
    const onPath = this.#isOnPath(place);
    if (!onPath && this.#snapshotFound && this.#wanted !== undefined) return;
    const entry = parseEntry(line.bytes);
    if (entry !== null) this.#keep(entry, onPath, line.offset);
    if (onPath) this.#want(place.parentId, line.offset);
    if (entry === null) this.#reject(line); // Its parent may be as wrong as the rest of it.
  }

  #isOnPath(place: EntryPlace): boolean {
    if (place.type === "leaf" || place.type === "state") return false;
    return this.#wanted === undefined || this.#wanted === place.id;
  }

  #keep(entry: StoredEntry, onPath: boolean, offset: number): void {
    if (this.#wanted === undefined && !onPath) this.#startFrom(entry, offset);
    if (onPath) this.#keepOnPath(entry);
    if (this.#snapshotFound) return;
    this.#sinceSnapshot.push(entry);
    if (entry.type === "state") this.#snapshotFound = true;
  }

  /** The newest entry is a move or a snapshot: the branch ends where it says. */
  #startFrom(entry: StoredEntry, offset: number): void {
    this.#want(entry.type === "leaf" ? entry.targetId : entry.parentId, offset);
  }

  #keepOnPath(entry: StoredEntry): void {
    this.#path.push(entry);
    if (entry.type === "compaction" && this.#firstKeptId === undefined) this.#firstKeptId = entry.firstKeptId;
    else if (entry.id === this.#firstKeptId) this.#firstKeptFound = true;
  }

  #want(id: string | null | undefined, child: number): void {
    this.#wanted = id;
    this.#damage = null;
    this.#child = child;
  }

  #reject(line: FileLine): void {
    this.badOffsets.add(line.offset);
    if (typeof this.#wanted === "string") this.#damage ??= line.offset;
  }

  #isDone(): boolean {
    if (!this.#snapshotFound || this.#wanted === undefined) return false;
    const { to, entries } = this.#extent;
    if (this.#wanted === null || to === "state") return true;
    if (to === "newest") return this.#path.length >= entries;
    const boundary = this.#firstKeptId === null || this.#firstKeptFound;
    return to === "history" && boundary && this.#path.length >= entries;
  }
}
