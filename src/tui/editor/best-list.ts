// The best few of many, kept in order while they come in: cheap where most are not among them.

export type BestList = {
  offer: (place: number, score: number) => void;
  /** Best first. */
  places: () => number[];
};

/** Of equal scores the one that `isBefore` says comes first. */
export function createBestList(limit: number, isBefore: (one: number, other: number) => boolean): BestList {
  const kept: { place: number; score: number }[] = [];
  const beats = (place: number, score: number, other: { place: number; score: number }): boolean =>
    score > other.score || (score === other.score && isBefore(place, other.place));
  return {
    offer(place, score) {
      const worst = kept.at(-1);
      if (kept.length === limit && worst && !beats(place, score, worst)) return;
      let low = 0;
      let high = kept.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = kept[middle];
        if (other && beats(place, score, other)) high = middle;
        else low = middle + 1;
      }
      kept.splice(low, 0, { place, score });
      if (kept.length > limit) kept.pop();
    },
    places: () => kept.map(({ place }) => place),
  };
}
