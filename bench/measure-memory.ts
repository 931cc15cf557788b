// Memory of the screen: at rest, and after fifty answers.
import { setTimeout as sleep } from "node:timers/promises";
import { answerText } from "./answer-text.ts";
import { openPlace } from "./place.ts";
import { memoryMb } from "./process-facts.ts";
import { bareMemory, type Measure, sampleCold } from "./sample.ts";
import { openPrompt } from "./screen.ts";

const ANSWERS = 50;
const ANSWER_CHARACTERS = 2_000;
const REST_MS = 2_000;

export const memory: Measure = {
  name: "memory",
  run: async (rounds) => {
    const { values } = await sampleCold(rounds(3), measureOnce);
    const bare = await bareMemory(rounds(3));
    const idle = values.map((value) => value.idle);
    const after = values.map((value) => value.after);
    return [
      { name: "memory: idle", unit: "MB", samples: idle, bound: 100, bare },
      { name: `memory: after ${ANSWERS} answers`, unit: "MB", samples: after, bound: 130, bare },
    ];
  },
};

async function measureOnce(): Promise<{ idle: number; after: number }> {
  const replies = Array.from(
    { length: ANSWERS },
    (_, index) => `${answerText(ANSWER_CHARACTERS)}\n\n\`\`\`\n\`\`\`\n\nThis was answer ${index}.`,
  );
  await using place = await openPlace(replies);
  const { screen, clear } = await openPrompt([], place);
  await clear();
  await sleep(REST_MS);
  const idle = memoryMb(screen.pid, "VmRSS");
  for (let index = 0; index < ANSWERS; index++) {
    screen.type(`question ${index}\r`);
    await screen.waitFor(new RegExp(`This was answer ${index}\\.[\\s\\S]*\\bidle\\b`));
  }
  await sleep(REST_MS);
  const after = memoryMb(screen.pid, "VmRSS");
  await screen.leave();
  return { idle, after };
}
