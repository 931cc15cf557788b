// Which added line took the place of which removed one: the two stand side by side, and their words are compared.
import type { ChangedLine, PatchLine } from "./parse-patch.ts";
import { changedWords, type WordChange } from "./word-diff.ts";

/** One place in both files; a line of context stands on both sides. A gap has neither. */
export type LinePair = {
  left: ChangedLine | null;
  right: ChangedLine | null;
  gap: Extract<PatchLine, { kind: "gap" }> | null;
  /** The words of a removed line and of the one in its place, when they have enough in common. */
  words: { before: WordChange[]; after: WordChange[] } | null;
};

/** More lines than this on one side are paired in their order: comparing all with all would take too long. */
const MOST_COMPARED = 40;
/** Lines that share less are not the same line changed. */
const MIN_ALIKE = 0.5;

export function pairChanges(lines: readonly PatchLine[]): LinePair[] {
  const pairs: LinePair[] = [];
  let at = 0;
  for (let line = lines[at]; line; line = lines[at]) {
    const removed = run(lines, at, "remove");
    const added = run(lines, at + removed.length, "add");
    at += removed.length + added.length;
    if (removed.length + added.length > 0) {
      pairs.push(...pairBlock(removed, added));
      continue;
    }
    at++;
    if (line.kind === "gap") pairs.push({ left: null, right: null, gap: line, words: null });
    else pairs.push({ left: line, right: line, gap: null, words: null });
  }
  return pairs;
}

function run(lines: readonly PatchLine[], start: number, kind: "add" | "remove"): ChangedLine[] {
  const found: ChangedLine[] = [];
  for (let line = lines[start]; line?.kind === kind; line = lines[start + found.length]) found.push(line);
  return found;
}

/** Lines between two that belong together stand beside each other in their order. */
function pairBlock(removed: readonly ChangedLine[], added: readonly ChangedLine[]): LinePair[] {
  const pairs: LinePair[] = [];
  let left = 0;
  let right = 0;
  for (const [old, now] of [...matches(removed, added), [removed.length, added.length] as const]) {
    while (left < old || right < now) {
      pairs.push(pairOf(left < old ? removed[left++] : undefined, right < now ? added[right++] : undefined));
    }
    if (left < removed.length || right < added.length) pairs.push(pairOf(removed[left++], added[right++]));
  }
  return pairs;
}

function pairOf(left: ChangedLine | undefined, right: ChangedLine | undefined): LinePair {
  const words = left && right ? changedWords(left.text.trimEnd(), right.text.trimEnd()) : null;
  return { left: left ?? null, right: right ?? null, gap: null, words };
}

type Match = readonly [removed: number, added: number];

/** Which lines belong together: as many in common as possible, in order (longest common subsequence by likeness). */
function matches(removed: readonly ChangedLine[], added: readonly ChangedLine[]): Match[] {
  if (removed.length === added.length) return removed.map((_, index) => [index, index] as const);
  if (removed.length > MOST_COMPARED || added.length > MOST_COMPARED) return [];
  const olds = removed.map((line) => wordsOf(line.text));
  const news = added.map((line) => wordsOf(line.text));
  const likeness = olds.map((old) => news.map((now) => alike(old, now)));
  const best = bestSums(likeness, added.length);
  const found: Match[] = [];
  let left = 0;
  let right = 0;
  while (left < removed.length && right < added.length) {
    const here = best[left]?.[right] ?? 0;
    if (here === (best[left + 1]?.[right] ?? 0)) left++;
    else if (here === (best[left]?.[right + 1] ?? 0)) right++;
    else found.push([left++, right++]);
  }
  return found;
}

/** The best sum of likeness of what is left from each place on. */
function bestSums(likeness: readonly (readonly number[])[], columns: number): number[][] {
  const best = Array.from({ length: likeness.length + 1 }, () => new Array<number>(columns + 1).fill(0));
  for (let left = likeness.length - 1; left >= 0; left--) {
    const row = best[left];
    const below = best[left + 1];
    if (!row || !below) continue;
    for (let right = columns - 1; right >= 0; right--) {
      const together = (likeness[left]?.[right] ?? 0) + (below[right + 1] ?? 0);
      row[right] = Math.max(below[right] ?? 0, row[right + 1] ?? 0, together);
    }
  }
  return best;
}

function wordsOf(text: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const [word] of text.slice(0, 400).matchAll(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu)) {
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

/** Share of words that both have, 0 to 1; 0 when it is too small to matter. */
function alike(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [word, count] of a) common += Math.min(count, b.get(word) ?? 0);
  const most = Math.max(total(a), total(b));
  const share = most === 0 ? 0 : common / most;
  return share < MIN_ALIKE ? 0 : share;
}

function total(words: ReadonlyMap<string, number>): number {
  return [...words.values()].reduce((sum, count) => sum + count, 0);
}
