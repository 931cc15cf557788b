// A screen at which nothing happens costs nothing: CPU and bytes of ten seconds after a run.
import { setTimeout as sleep } from "node:timers/promises";
import { answerText } from "./answer-text.ts";
import { openPlace } from "./place.ts";
import { cpuMs } from "./process-facts.ts";
import { type Measure, sampleCold } from "./sample.ts";
import { openPrompt } from "./screen.ts";

const IDLE_MS = 10_000;
/** What the end of a run leaves to do (memory, files) is done then. */
const REST_MS = 3_000;
const LAST_LINE = "This was the whole answer.";

export const idle: Measure = {
  name: "idle",
  run: async (rounds) => {
    const { values, bareMs: bare } = await sampleCold(rounds(3), measureOnce);
    const name = "idle 10 s after a run";
    return [
      { name: `${name}: CPU`, unit: "ms", samples: values.map((value) => value.cpu), bound: 0, bare },
      {
        name: `${name}: written`,
        unit: "KB",
        samples: values.map((value) => value.kilobytes),
        bound: 0,
        bare,
      },
    ];
  },
};

async function measureOnce(): Promise<{ cpu: number; kilobytes: number }> {
  await using place = await openPlace([`${answerText(8_000)}\n\`\`\`\n\n${LAST_LINE}`]);
  const { screen, clear } = await openPrompt([], place);
  await clear();
  screen.type("go\r");
  await screen.waitFor(new RegExp(`${LAST_LINE}[\\s\\S]*\\bidle\\b`));
  await sleep(REST_MS);
  const before = { cpu: cpuMs(screen.pid), bytes: screen.bytes() };
  await sleep(IDLE_MS);
  const spent = { cpu: cpuMs(screen.pid) - before.cpu, kilobytes: (screen.bytes() - before.bytes) / 1000 };
  await screen.leave();
  return spent;
}
