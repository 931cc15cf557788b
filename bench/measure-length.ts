// What a key costs must not grow with the transcript: the same typing and scrolling in a session of 100 messages and in
// one of 10,000, side by side.
import { setTimeout as sleep } from "node:timers/promises";
import { writeSessionFixture } from "../test/support/session-fixture.ts";
import { openPlace } from "./place.ts";
import { threadsCpuMs } from "./process-facts.ts";
import { type Measure, sampleCold } from "./sample.ts";
import { openPrompt, type Screen } from "./screen.ts";
import { median } from "./statistics.ts";
import { typeLetters } from "./typing.ts";

/** The sessions name a model of the demo; this one has a key here. */
const MODEL = "anthropic/claude-sonnet-5-5";
const SHORT = 100;
const LONG = 10_000;
const KEYS = 200;
const SCROLLS = 60;
const BETWEEN_SCROLLS_MS = 25;
/** What starting and opening left to do is done then. */
const REST_MS = 1_500;
/** Of the short session's cost. */
const BOUND = 110;

/** Milliseconds: the median key to its echo, CPU of one key, CPU of one page in the transcript view. */
type Cost = { echoMs: number; keyCpuMs: number; scrollCpuMs: number };

export const length: Measure = {
  name: "length",
  run: async (rounds) => {
    const { values, bareMs: bare } = await sampleCold(rounds(5), async () => ({
      short: await measureSession(SHORT),
      long: await measureSession(LONG),
    }));
    const share = (field: keyof Cost): number[] =>
      values.map(({ short, long }) => (100 * long[field]) / short[field]);
    const name = "10,000 messages against 100";
    return [
      { name: `${name}: key to echo`, unit: "%", samples: share("echoMs"), bound: BOUND, bare },
      { name: `${name}: CPU of a key`, unit: "%", samples: share("keyCpuMs"), bound: BOUND, bare },
      { name: `${name}: CPU of a page`, unit: "%", samples: share("scrollCpuMs"), bound: BOUND, bare },
    ];
  },
};

async function measureSession(messages: number): Promise<Cost> {
  await using place = await openPlace([]);
  const { path } = await writeSessionFixture({ dir: place.sessionsDir, cwd: place.cwd, messages });
  const { screen, clear } = await openPrompt(["--resume", path, "--model", MODEL], place);
  await clear();
  await sleep(REST_MS);
  const before = threadsCpuMs(screen.pid);
  const echoMs = median(await typeLetters(screen, KEYS));
  const keyCpuMs = (threadsCpuMs(screen.pid) - before) / KEYS;
  const scrollCpuMs = await scroll(screen);
  await screen.leave();
  return { echoMs, keyCpuMs, scrollCpuMs };
}

/** CPU of a page up or down in the transcript view. */
async function scroll(screen: Screen): Promise<number> {
  screen.type("\x0f");
  await screen.waitFor(/q back/);
  await sleep(REST_MS);
  const before = threadsCpuMs(screen.pid);
  for (let page = 0; page < SCROLLS; page++) {
    screen.type(page % 2 === 0 ? "\x1b[5~" : "\x1b[6~");
    await sleep(BETWEEN_SCROLLS_MS);
  }
  const cost = (threadsCpuMs(screen.pid) - before) / SCROLLS;
  screen.type("q");
  await screen.waitFor(/›/);
  return cost;
}
