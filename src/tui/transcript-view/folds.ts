// What is folded: an item to its first row, a whole run to its prompt. Pure.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { isCommand } from "../transcript/tool-subject.ts";
import type { BookItem } from "./book.ts";
import type { Spot } from "./strip.ts";

/**
 * How all is folded unless it was changed by hand. `details`: as much as helps to read, what changed and what failed;
 * `lines`: calls and thoughts are a line each; `prompts`: runs are; `open`: nothing is folded.
 */
const FOLD_LEVELS = ["details", "lines", "prompts", "open"] as const;
type FoldLevel = (typeof FOLD_LEVELS)[number];

/** `changed` by hand: true is folded. */
export type Folds = { level: FoldLevel; changed: ReadonlyMap<string, boolean> };

export const FIRST_FOLDS: Folds = { level: "details", changed: new Map() };

export function isFolded(folds: Folds, spot: Spot, { item }: BookItem): boolean {
  return folds.changed.get(itemKey(spot)) ?? foldsAt(folds.level, item);
}

export function isRunFolded(folds: Folds, run: number): boolean {
  return folds.changed.get(runKey(run)) ?? folds.level === "prompts";
}

/** The head of a run stands for the run. Null where there is nothing to fold. */
export function toggleFold(folds: Folds, spot: Spot, entry: BookItem): Folds {
  const key = entry.head ? runKey(entry.run) : itemKey(spot);
  const folded = entry.head ? isRunFolded(folds, entry.run) : isFolded(folds, spot, entry);
  return { ...folds, changed: new Map(folds.changed).set(key, !folded) };
}

export function unfold(folds: Folds, spot: Spot, entry: BookItem): Folds {
  if (!isFolded(folds, spot, entry) && !isRunFolded(folds, entry.run)) return folds;
  const changed = new Map(folds.changed).set(runKey(entry.run), false).set(itemKey(spot), false);
  return { ...folds, changed };
}

/** The next level; what was changed by hand is forgotten. */
export function foldAll({ level }: Folds): Folds {
  const next = FOLD_LEVELS[(FOLD_LEVELS.indexOf(level) + 1) % FOLD_LEVELS.length];
  return { level: next ?? "details", changed: new Map() };
}

function foldsAt(level: FoldLevel, item: TranscriptItem): boolean {
  switch (level) {
    case "open":
      return false;
    case "lines":
    case "prompts":
      return item.kind === "tool" || item.kind === "thinking" || item.kind === "shell";
    case "details":
      // What a call read is seldom what one looks for.
      return item.kind === "tool" && item.status === "done" && !item.details?.diff && !isCommand(item);
  }
}

function itemKey({ page, item }: Spot): string {
  return `${page}:${item}`;
}

function runKey(run: number): string {
  return `run ${run}`;
}
