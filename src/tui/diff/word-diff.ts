// Which words of a changed line changed. The library is loaded on first use; before that lines change as a whole.
import type { diffWordsWithSpace } from "diff";

export type WordChange = { text: string; changed: boolean };

let diffWords: typeof diffWordsWithSpace | null = null;

export async function loadWordDiff(): Promise<void> {
  diffWords ??= (await import("diff")).diffWordsWithSpace;
}

/** Longer lines are not compared: it takes time that grows with the square, and nobody reads it. */
const MAX_LENGTH = 400;
/** Lines with less in common are two lines, not one that changed. */
const MIN_COMMON = 0.4;

/** Both lines in pieces; null when they have too little in common. */
export function changedWords(
  before: string,
  after: string,
): { before: WordChange[]; after: WordChange[] } | null {
  if (!diffWords || before.length > MAX_LENGTH || after.length > MAX_LENGTH) return null;
  const changes = diffWords(before, after);
  const common = changes.reduce(
    (sum, change) => (change.added || change.removed ? sum : sum + change.value.length),
    0,
  );
  if (common < MIN_COMMON * Math.max(before.length, after.length)) return null;
  return {
    before: changes
      .filter((change) => !change.added)
      .map(({ value, removed }) => ({ text: value, changed: removed })),
    after: changes
      .filter((change) => !change.removed)
      .map(({ value, added }) => ({ text: value, changed: added })),
  };
}
