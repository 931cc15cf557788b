// Sittings nobody would think of, in a real pseudo-terminal: no line twice, none lost, nothing cleared. With
// HEARTH_FUZZ_SECONDS in the environment fresh seeds are tried for so long, and with HEARTH_FUZZ_SEED that one; the seed
// of a fault is in its message.
import { expect, test } from "vitest";
import { playSitting } from "./fuzz-run.ts";

/** Odd seeds are wild. */
const optionsOf = (seed: number) => ({ actions: 40, wild: seed % 2 === 1 });
const SECONDS = Number(process.env.HEARTH_FUZZ_SECONDS ?? 0);
const SEEDS =
  process.env.HEARTH_FUZZ_SEED === undefined ? [1, 2, 3, 4] : [Number(process.env.HEARTH_FUZZ_SEED)];
/** A sitting of 40 actions takes five seconds, more on a busy machine. */
const PATIENCE_MS = 60_000;

test.for(SEEDS)(
  "a fuzzed sitting leaves every line once, in order, seed %i",
  { timeout: PATIENCE_MS },
  async (seed) => {
    await playSitting(seed, optionsOf(seed));
  },
);

test.runIf(SECONDS > 0)(
  "so do sittings of fresh seeds",
  { timeout: SECONDS * 1_000 + PATIENCE_MS },
  async () => {
    const end = Date.now() + SECONDS * 1_000;
    let sittings = 0;
    while (Date.now() < end) {
      const seed = Date.now() % 1_000_000_007;
      await playSitting(seed, optionsOf(seed));
      sittings += 1;
    }
    expect(sittings).toBeGreaterThan(0);
  },
);
