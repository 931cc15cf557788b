// Numbers that look random and come again with the same seed, for tests that try what nobody thought of.

export type Random = {
  /** At least `least`, at most `most`, whole. */
  between: (least: number, most: number) => number;
  /** True so often, of 1. */
  chance: (share: number) => boolean;
  pick: <T>(from: readonly [T, ...T[]]) => T;
};

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  // Mulberry32: https://github.com/cprosche/mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    chance: (share) => next() < share,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
  };
}
