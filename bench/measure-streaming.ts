// Streaming an answer onto the screen: CPU of the program, bytes to the terminal, full clears. Markdown on.
import { setTimeout as sleep } from "node:timers/promises";
import { answerText } from "./answer-text.ts";
import { openPlace } from "./place.ts";
import { cpuMs } from "./process-facts.ts";
import { type Measure, sampleCold } from "./sample.ts";
import { openPrompt } from "./screen.ts";
import type { Row } from "./table.ts";

type Stream = {
  name: string;
  tokens: number;
  /** Characters in a token. */
  size: number;
  /** Milliseconds between two tokens; 0: as fast as they are taken. */
  delayMs: number;
  bounds: { cpuMs: number; kilobytes: number };
};

type Cost = { cpuMs: number; kilobytes: number; clears: number };

const LAST_LINE = "This was the whole answer.";
/** After the last line, so that what the end of a run costs is in the figures. */
const SETTLE_MS = 300;

export const streaming: Measure = {
  name: "streaming",
  run: async (rounds) => [
    ...(await measureStream(rounds(5), {
      name: "5,000 tokens at 1,000/s",
      tokens: 5_000,
      size: 7,
      delayMs: 1,
      bounds: { cpuMs: 600, kilobytes: 250 },
    })),
    ...(await measureStream(rounds(5), {
      name: "20,000 tokens at once",
      tokens: 20_000,
      size: 4,
      delayMs: 0,
      bounds: { cpuMs: 700, kilobytes: 250 },
    })),
    ...(await measureStream(rounds(3), {
      name: "200 chunks/s for 20 s",
      tokens: 4_000,
      size: 7,
      delayMs: 5,
      bounds: { cpuMs: 1_800, kilobytes: 500 },
    })),
  ],
};

async function measureStream(rounds: number, stream: Stream): Promise<Row[]> {
  const { values, bareMs: bare } = await sampleCold(rounds, () => streamOnce(stream));
  const column = (field: keyof Cost): number[] => values.map((value) => value[field]);
  return [
    { name: `${stream.name}: CPU`, unit: "ms", samples: column("cpuMs"), bound: stream.bounds.cpuMs, bare },
    {
      name: `${stream.name}: written`,
      unit: "KB",
      samples: column("kilobytes"),
      bound: stream.bounds.kilobytes,
      bare,
    },
    { name: `${stream.name}: full clears`, unit: "times", samples: column("clears"), bound: 0, bare },
  ];
}

async function streamOnce({ tokens, size, delayMs }: Stream): Promise<Cost> {
  const text = `${answerText(tokens * size)}\n\`\`\`\n\n${LAST_LINE}`;
  await using place = await openPlace([{ text, chunkSize: size, chunkDelayMs: delayMs }]);
  const { screen, clear } = await openPrompt([], place);
  await clear();
  const before = { cpuMs: cpuMs(screen.pid), bytes: screen.bytes(), clears: screen.clears() };
  screen.type("go\r");
  await screen.waitFor(new RegExp(`${LAST_LINE}[\\s\\S]*\\bidle\\b`));
  await sleep(SETTLE_MS);
  const cost = {
    cpuMs: cpuMs(screen.pid) - before.cpuMs,
    kilobytes: (screen.bytes() - before.bytes) / 1000,
    clears: screen.clears() - before.clears,
  };
  await screen.leave();
  return cost;
}
