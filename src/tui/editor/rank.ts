// Fuzzy ranking, the same for every list of the interface.
import fuzzysort from "fuzzysort";

/** Indices of the labels that match, best first; labels that match equally well keep their order. */
export type Rank = (query: string, labels: readonly string[]) => number[];

/** Longer labels are judged by their beginning. */
const JUDGED_CHARACTERS = 300;
const MOST_RESULTS = 200;
/** fuzzysort's score runs from 0 to 1; below this a match is hard to see. */
const THRESHOLD = 0.3;

export const rankFuzzily: Rank = (query, labels) => {
  const targets = labels.map((label, index) => ({ label: label.slice(0, JUDGED_CHARACTERS), index }));
  const found = fuzzysort.go(query, targets, {
    key: "label",
    threshold: THRESHOLD,
    limit: Math.max(1, labels.length),
  });
  return [...found]
    .sort((one, other) => other.score - one.score || one.obj.index - other.obj.index)
    .slice(0, MOST_RESULTS)
    .map((result) => result.obj.index);
};
