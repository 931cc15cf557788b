// Opening saved sessions: from start to a prompt that takes keys.
import { writeSessionFixture } from "../test/support/session-fixture.ts";
import { openPlace } from "./place.ts";
import { memoryMb } from "./process-facts.ts";
import { bareMemory, type Measure, type Rounds, sample } from "./sample.ts";
import { openPrompt } from "./screen.ts";
import type { Row } from "./table.ts";

/** The sessions name a model of the demo; this one has a key here. */
const MODEL = "anthropic/claude-sonnet-5-5";

export const sessions: Measure = {
  name: "sessions",
  run: async (rounds) => [
    ...(await measureSize("open 2,000 messages", { messages: 2_000 }, 300, rounds)),
    ...(await measureSize("open 100 entries", { entries: 100 }, 400, rounds)),
    ...(await measureSize("open 10,000 entries", { entries: 10_000, pictureEvery: PICTURES }, 400, rounds)),
    ...(await measureSize("open 100,000 entries", { entries: 100_000, pictureEvery: PICTURES }, 400, rounds)),
  ],
};

/** Every so many runs one of 300 KB: a hundred thousand entries are some 250 MB then. */
const PICTURES = 20;
const MEMORY_BOUND_MB = 150;

async function measureSize(
  name: string,
  size: { messages?: number; entries?: number; pictureEvery?: number },
  bound: number,
  rounds: Rounds,
): Promise<Row[]> {
  await using place = await openPlace([]);
  const { path } = await writeSessionFixture({ dir: place.sessionsDir, cwd: place.cwd, ...size });
  const { values, bareMs } = await sample(rounds(7), async () => {
    const { screen, usableMs } = await openPrompt(["--resume", path, "--model", MODEL], place);
    const rssMb = memoryMb(screen.pid, "VmRSS");
    await screen.leave();
    return { usableMs, rssMb };
  });
  const times = values.map(({ usableMs }) => usableMs);
  const memory = values.map(({ rssMb }) => rssMb);
  const bare = await bareMemory(2);
  return [
    { name, unit: "ms", samples: times, bound, bare: bareMs },
    { name: `${name}: memory`, unit: "MB", samples: memory, bound: MEMORY_BOUND_MB, bare },
  ];
}
