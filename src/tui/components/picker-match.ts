// Finds the items of a picker that match what was typed, and which of their letters. The list is prepared once.
import fuzzysort, { type SnapshotKey } from "fuzzysort";

/** fuzzysort's score runs from 0 to 1; below this a match is hard to see. */
const THRESHOLD = 0.3;
/** Sorting all matches of a list of 10,000 takes ten times as long as finding its best. */
const LONG_LIST = 1_000;
const MOST_OF_LONG = 200;
/** Longer texts are judged by their beginning. */
const JUDGED_CHARACTERS = 300;

/** What an item is searched by. */
type Searched = { label: string; detail: string };
type Target = { index: number; text: string };

/** By the list itself: another list is another object. */
const prepared = new WeakMap<object, readonly SnapshotKey<Target>[]>();
/** What is prepared at once, in some 10 ms. */
const PART_ITEMS = 5_000;

/**
 * Best first, those that begin with the query before the others, with how many there are; of a long list the best 200.
 * Items that match equally well keep their order. Without a query all of them.
 */
export function matchItems<Item extends Searched>(
  query: string,
  items: readonly Item[],
): { matches: readonly Item[]; total: number } {
  if (query.trim() === "") return { matches: items, total: items.length };
  const limit = items.length > LONG_LIST ? MOST_OF_LONG : Math.max(1, items.length);
  const found = prepare(items).map((part) => fuzzysort.go(query, part, { threshold: THRESHOLD, limit }));
  const wanted = query.trim().toLowerCase();
  const order = found
    .flat()
    .map(({ obj, score }) => ({ index: obj.index, score: beginsWith(obj.text, wanted) ? 1 + score : score }))
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .slice(0, limit);
  const total = found.reduce((sum, part) => sum + part.total, 0);
  return { matches: order.flatMap(({ index }) => items[index] ?? []), total };
}

/** Prepares a long list piece by piece while nobody types, so that the first letter does not wait for all of it. */
export async function prepareMatching(items: readonly Searched[], signal: AbortSignal): Promise<void> {
  for (const part of prepare(items)) {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return;
    // The search prepares what it looks at.
    fuzzysort.go("e", part, { threshold: THRESHOLD, limit: 1 });
  }
}

/** A command begins with the letter after its slash too. */
function beginsWith(text: string, wanted: string): boolean {
  const start = text.slice(0, wanted.length + 1).toLowerCase();
  return start.startsWith(wanted) || start === `/${wanted}`;
}

/** Offsets of the letters of `text` that the query stands for; none without a query. */
export function matchedOffsets(query: string, text: string): ReadonlySet<number> {
  if (query.trim() === "") return new Set();
  return new Set(fuzzysort.single(query, text.slice(0, JUDGED_CHARACTERS))?.indexes);
}

/** The text that is searched, and what its matched offsets count in. */
export function searchedText({ label, detail }: Searched): string {
  return `${label} ${detail}`;
}

function prepare(items: readonly Searched[]): readonly SnapshotKey<Target>[] {
  const known = prepared.get(items);
  if (known) return known;
  const parts: SnapshotKey<Target>[] = [];
  for (let at = 0; at < items.length; at += PART_ITEMS) {
    const targets = items.slice(at, at + PART_ITEMS).map((item, index) => ({
      index: at + index,
      text: searchedText(item).slice(0, JUDGED_CHARACTERS),
    }));
    parts.push(fuzzysort.snapshot<Target>(targets, { key: "text" }));
  }
  prepared.set(items, parts);
  return parts;
}
