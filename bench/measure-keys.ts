// From a key to its letter on the screen: at rest, while an answer streams, and after a long one.
import { answerText } from "./answer-text.ts";
import { openPlace } from "./place.ts";
import { type Measure, type Rounds, sampleCold } from "./sample.ts";
import { openPrompt, type Screen } from "./screen.ts";
import type { Row } from "./table.ts";
import { typeLetters } from "./typing.ts";

const KEYS = 200;

type Moment = {
  name: string;
  bound: number;
  /** What the model answers. */
  reply: { text: string; chunkSize?: number; chunkDelayMs?: number };
  /** Brings the screen to the moment in which keys are typed. */
  reach: (screen: Screen) => Promise<void>;
};

const MOMENTS: readonly Moment[] = [
  { name: "idle", bound: 3, reply: { text: "" }, reach: async () => undefined },
  {
    name: "while streaming",
    bound: 10,
    reply: { text: answerText(40_000), chunkSize: 7, chunkDelayMs: 5 },
    reach: async (screen) => {
      screen.type("go\r");
      await screen.waitFor(/A section about lines/);
    },
  },
  {
    name: "after 20,000 tokens",
    bound: 10,
    reply: { text: `${answerText(80_000)}\n\`\`\`\n\nThis was the whole answer.`, chunkSize: 4 },
    reach: async (screen) => {
      screen.type("go\r");
      await screen.waitFor(/This was the whole answer\.[\s\S]*\bidle\b/);
    },
  },
];

export const keys: Measure = {
  name: "keys",
  run: async (rounds) => {
    const rows: Row[] = [];
    for (const moment of MOMENTS) rows.push(await measureMoment(moment, rounds));
    return rows;
  },
};

async function measureMoment({ name, bound, reply, reach }: Moment, rounds: Rounds): Promise<Row> {
  const { values, bareMs } = await sampleCold(rounds(3), async () => {
    await using place = await openPlace([reply]);
    const { screen, clear } = await openPrompt([], place);
    await clear();
    await reach(screen);
    const samples = await typeLetters(screen, KEYS);
    await screen.leave();
    return samples;
  });
  return {
    name: `key to echo, p95: ${name}`,
    unit: "ms",
    samples: values.flat(),
    bare: bareMs,
    at: 0.95,
    bound,
  };
}
