// Sittings nobody would think of, in a real pseudo-terminal: no line twice, none lost, nothing cleared. With
// HEARTH_FUZZ_SECONDS in the environment fresh seeds are tried for so long; the seed of a fault is in its message.
import { expect, test } from "vitest";
import { playSitting } from "./fuzz-run.ts";

const SECONDS = Number(process.env.HEARTH_FUZZ_SECONDS ?? 0);

test.for([1, 2, 3])("a fuzzed sitting leaves every line once, in order, seed %i", async (seed) => {
  await playSitting(seed, { actions: 60 });
});

test.runIf(SECONDS > 0)(
  "so do sittings of fresh seeds",
  async () => {
    const end = Date.now() + SECONDS * 1_000;
    let sittings = 0;
    while (Date.now() < end) {
      await playSitting(Date.now() % 1_000_000_007, { actions: 80 });
      sittings += 1;
    }
    expect(sittings).toBeGreaterThan(0);
  },
  (SECONDS + 60) * 1_000,
);
