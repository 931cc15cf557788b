// Opening saved sessions: from start to a prompt that takes keys.
import { writeSessionFixture } from "../test/support/session-fixture.ts";
import { openPlace } from "./place.ts";
import { type Measure, type Rounds, sample } from "./sample.ts";
import { openPrompt } from "./screen.ts";
import type { Row } from "./table.ts";

/** The sessions name a model of the demo; this one has a key here. */
const MODEL = "anthropic/claude-sonnet-5-5";

export const sessions: Measure = {
  name: "sessions",
  run: async (rounds) => [
    await measureSize("open 2,000 messages", { messages: 2_000 }, 300, rounds),
    await measureSize("open 100,000 entries", { entries: 100_000 }, 400, rounds),
  ],
};

async function measureSize(
  name: string,
  size: { messages?: number; entries?: number },
  bound: number,
  rounds: Rounds,
): Promise<Row> {
  await using place = await openPlace([]);
  const { path } = await writeSessionFixture({ dir: place.sessionsDir, cwd: place.cwd, ...size });
  const { values, bareMs } = await sample(rounds(7), async () => {
    const { screen, usableMs } = await openPrompt(["--resume", path, "--model", MODEL], place);
    await screen.leave();
    return usableMs;
  });
  return { name, unit: "ms", samples: values, bound, bare: bareMs };
}
