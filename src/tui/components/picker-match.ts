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
const prepared = new WeakMap<object, SnapshotKey<Target>>();

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
  const found = fuzzysort.go(query, prepare(items), { threshold: THRESHOLD, limit });
  const wanted = query.trim().toLowerCase();
  const order = found
    .map(({ obj, score }) => ({ ...obj, score: beginsWith(obj.text, wanted) ? 1 + score : score }))
    .sort((one, other) => other.score - one.score || one.index - other.index);
  return { matches: order.flatMap(({ index }) => items[index] ?? []), total: found.total };
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

function prepare(items: readonly Searched[]): SnapshotKey<Target> {
  const known = prepared.get(items);
  if (known) return known;
  const targets = items.map((item, index) => ({
    index,
    text: searchedText(item).slice(0, JUDGED_CHARACTERS),
  }));
  const snapshot = fuzzysort.snapshot<Target>(targets, { key: "text" });
  prepared.set(items, snapshot);
  return snapshot;
}
