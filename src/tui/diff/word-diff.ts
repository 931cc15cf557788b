// Which words of a changed line changed. The library is loaded on first use; before that lines change as a whole.
import type { diffWordsWithSpace } from "diff";

export type WordChange = { text: string; changed: boolean };

let diffWords: typeof diffWordsWithSpace | null = null;
let loading: Promise<void> | null = null;

/** Starts loading unless it is loaded or loading. A failure leaves lines that change as a whole. */
export function requestWordDiff(): void {
  if (diffWords || loading) return;
  loading = loadWordDiff()
    .catch(() => undefined) // Emphasis is no reason to fail.
    .finally(() => {
      loading = null;
    });
}

export function wordDiffLoaded(): boolean {
  return diffWords !== null;
}

/** Resolves when what was asked for can be used; null when nothing is under way. */
export function wordDiffLoading(): Promise<void> | null {
  return loading;
}

export async function loadWordDiff(): Promise<void> {
  diffWords ??= (await import("diff")).diffWordsWithSpace;
}

/** Longer lines are not compared: it takes time that grows with the square, and nobody reads it. */
const MAX_LENGTH = 400;
/** Lines with less in common are two lines, not one that changed. Blanks do not count: all lines have them. */
const MIN_COMMON = 0.4;

/** Both lines in pieces; null when they have too little in common. */
export function changedWords(
  before: string,
  after: string,
): { before: WordChange[]; after: WordChange[] } | null {
  if (!diffWords || before.length > MAX_LENGTH || after.length > MAX_LENGTH) return null;
  const changes = diffWords(before, after);
  const common = changes.reduce(
    (sum, change) => (change.added || change.removed ? sum : sum + solidLength(change.value)),
    0,
  );
  if (common < MIN_COMMON * Math.max(solidLength(before), solidLength(after))) return null;
  return {
    before: joinWords(
      changes
        .filter((change) => !change.added)
        .map(({ value, removed }) => ({ text: value, changed: removed })),
    ),
    after: joinWords(
      changes
        .filter((change) => !change.removed)
        .map(({ value, added }) => ({ text: value, changed: added })),
    ),
  };
}

function solidLength(text: string): number {
  return text.replace(/\s+/g, "").length;
}

/** A sign or two between changed words belong to the change: emphasis in crumbs is hard to read. */
const LONGEST_CRUMB = 2;

function joinWords(words: readonly WordChange[]): WordChange[] {
  const pieces = joinAlike(words);
  return joinAlike(
    pieces.map(({ text, changed }, index) => {
      const between = pieces[index - 1]?.changed === true && pieces[index + 1]?.changed === true;
      return { text, changed: changed || (between && text.trim().length <= LONGEST_CRUMB) };
    }),
  );
}

function joinAlike(words: readonly WordChange[]): WordChange[] {
  const joined: WordChange[] = [];
  for (const { text, changed } of words) {
    const last = joined.at(-1);
    if (last && last.changed === changed) last.text += text;
    else joined.push({ text, changed });
  }
  return joined;
}
