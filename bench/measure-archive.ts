// Ten thousand saved sessions: searching them, listing them, choosing one. And writing a session: how many entries a
// second, and how long the event loop stands still for one.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "../src/lib/ids.ts";
import { createSession } from "../src/session/store.ts";
import { answer, call, result, storeContext, user, writeRun } from "../test/support/session-entries.ts";
import { openPlace, type Place } from "./place.ts";
import { HEARTH, runNode } from "./programs.ts";
import { type Measure, type Rounds, sample, sampleCold } from "./sample.ts";
import { openPrompt } from "./screen.ts";
import type { Row } from "./table.ts";

const SESSIONS = 10_000;
const RUNS = 3;
const WORDS =
  "parser line ending windows carriage return split buffer token stream offset table column cell".split(" ");

export const archive: Measure = {
  name: "archive",
  run: async (rounds) => {
    await using place = await openPlace([]);
    await writeSessions(place);
    return [
      await searchRow("search 10,000 sessions: a rare word", ["unique4321x1"], place, rounds),
      await searchRow("search 10,000 sessions: two common words", ["parser", "column"], place, rounds),
      await pickerRow(place, rounds),
      ...(await appendRows(rounds)),
    ];
  },
};

async function writeSessions({ sessionsDir: dir, cwd }: Place): Promise<void> {
  for (let number = 0; number < SESSIONS; number++) {
    const store = createSession({ dir, cwd, ...storeContext(`s${number}e`), id: newId() });
    for (let run = 0; run < RUNS; run++) {
      const steps = [answer(words(30, number), call(`c${run}`)), result(`c${run}`, words(400, number + run))];
      const last = answer(`${words(120, number * run)} unique${number}x${run}`);
      await writeRun(store, `prompt ${number} ${words(15, number + run)}`, ...steps, last);
    }
    await store.close();
  }
}

/** `count` words, not the same for each seed. */
function words(count: number, seed: number): string {
  const all = Array.from(
    { length: count },
    (_, index) => WORDS[(seed * 7 + index * (1 + (seed % 5))) % WORDS.length],
  );
  return all.join(" ");
}

async function searchRow(name: string, query: readonly string[], place: Place, rounds: Rounds): Promise<Row> {
  const { values, bareMs } = await sample(rounds(5), async () => {
    return (await runNode([HEARTH, "sessions", "search", "--json", ...query], place)).wallMs;
  });
  return { name, unit: "ms", samples: values, bound: 1_000, bare: bareMs };
}

/** From Enter behind /resume to the list with its first rows. */
async function pickerRow(place: Place, rounds: Rounds): Promise<Row> {
  const { values, bareMs } = await sample(rounds(5), async () => {
    const { screen, clear } = await openPrompt([], place);
    await clear();
    screen.type("/resume");
    await screen.waitFor(/\/resume/);
    const enteredAt = performance.now();
    screen.type("\r");
    const shownMs = (await screen.waitFor(/10000 of 10000/)) - enteredAt;
    screen.type("\x1b");
    await screen.leave();
    return shownMs;
  });
  return { name: "picker with 10,000 sessions", unit: "ms", samples: values, bound: 400, bare: bareMs };
}

const APPENDED = 20_000;
/** Every so many entries a picture of 300 KB. */
const PICTURE_EVERY = 250;
const SYNC_EVERY = 20;

async function appendRows(rounds: Rounds): Promise<Row[]> {
  const { values, bareMs } = await sampleCold(rounds(3), appendEntries);
  const rates = values.map(({ perSecond }) => perSecond);
  const stalls = values.flatMap(({ stallsMs }) => stallsMs);
  return [
    { name: "append: entries a second", unit: "entries/s", samples: rates, least: 5_000, bare: bareMs },
    {
      name: "append: the event loop stands still, p99",
      unit: "ms",
      samples: stalls,
      at: 0.99,
      bound: 5,
      bare: bareMs,
    },
  ];
}

/** As the recorder does it: prompts and steps to the device, the rest to the system. */
async function appendEntries(): Promise<{ perSecond: number; stallsMs: number[] }> {
  const dir = await mkdtemp(join(tmpdir(), "hearth-bench-"));
  const store = createSession({ dir, cwd: "/w", clock: Date.now, newId, writer: "bench" });
  const picture = { type: "image", mimeType: "image/png", data: "iVBORw0KGgoA".repeat(33_334) } as const;
  const stallsMs: number[] = [];
  const begun = performance.now();
  for (let index = 0; index < APPENDED; index++) {
    const text = words(120, index);
    const hasPicture = index % PICTURE_EVERY === 0;
    const message = hasPicture ? { role: "user" as const, content: [picture] } : user(text);
    const at = performance.now();
    const written = store.append({ type: "message", message }, { sync: index % SYNC_EVERY === 0 });
    stallsMs.push(performance.now() - at);
    await written;
  }
  const perSecond = (APPENDED * 1_000) / (performance.now() - begun);
  await store.close();
  await rm(dir, { recursive: true });
  return { perSecond, stallsMs };
}
