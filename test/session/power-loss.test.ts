// A power cut: whatever was written after the last sync may be cut off or read as zeros. What was synced is there.
import { statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createRecorder } from "../../src/runtimes/recorder.ts";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch } from "../../src/session/read.ts";
import { createSession, openSession } from "../../src/session/store.ts";
import { answer, call, result, storeContext, user, writeRun } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CUTS = 400;
const RUNS = 6;

/** `size`: bytes that the device had; `ids`: messages that were acknowledged as being there. */
type Synced = { size: number; ids: string[] };

/** A session of several runs, and what was on the device after each sync. */
async function record() {
  const moments: Synced[] = [];
  const told: string[] = [];
  let path = "";
  const syncData = async (): Promise<void> => {
    const { size } = statSync(path);
    const ids = [...told];
    // The device takes its time, and entries are written meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    moments.push({ size, ids });
  };
  const store = createSession({ dir: await temporaryFolder(), cwd: "/w", ...storeContext(), syncData });
  path = store.path ?? "";
  const recorder = createRecorder({ store, onFailure: (failure) => expect(failure).toBeNull() });
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  const say = async (messageId: string, message: ReturnType<typeof user>): Promise<void> => {
    const recorded = recorder.record({ type: "message_end", messageId, message });
    told.push(messageId);
    await recorded;
  };
  for (let run = 0; run < RUNS; run++) {
    const runId = `r${run}`;
    await recorder.record({ type: "run_start", runId, prompt: `p${run}`, runtime: "native" });
    await say(`u${run}`, user(`prompt ${run}`));
    const text = `a text of ${"some words ".repeat(run * 20)}`;
    void recorder.record({
      type: "message_update",
      messageId: `a${run}`,
      delta: { type: "text", index: 0, text },
    });
    await say(`a${run}`, answer(text, call(`c${run}`)));
    await say(`t${run}`, result(`c${run}`));
    await recorder.record({ type: "step_end", step: 1 });
    const item = { id: `q${run}`, kind: "follow_up", text: "later", state: "pending", time: 1 } as const;
    await recorder.record({ type: "queue_changed", items: [item] });
    await say(`d${run}`, answer(`done ${run}`));
    await recorder.record({ type: "step_end", step: 2 });
    await recorder.record({ type: "run_end", runId, outcome: "completed", steps: 2, usage, durationMs: 1 });
  }
  await recorder.close();
  return { moments, bytes: await readFile(path) };
}

it(`whatever of the file is cut off or zeroed behind the last sync, all that was synced is there and the session goes on (${CUTS} cuts)`, async () => {
  const { moments, bytes } = await record();
  expect(moments.length).toBeGreaterThanOrEqual(RUNS * 4);
  const path = join(await temporaryFolder(), "20260101T000000_cut.jsonl");
  const kinds = fc.constantFrom("cut", "zeroed", "zeroed and longer");
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      kinds,
      async (which, part, kind) => {
        const moment = moments[which % moments.length] ?? { size: 0, ids: [] };
        const keep = moment.size + Math.round((bytes.length - moment.size) * part ** 3);
        const lost =
          kind === "cut" ? 0 : Math.min(bytes.length - keep, 5_000) + (kind === "zeroed" ? 0 : 4_096);
        await writeFile(path, Buffer.concat([bytes.subarray(0, keep), Buffer.alloc(lost)]));
        await checkWhole(path, moment);
      },
    ),
    { numRuns: CUTS },
  );
}, 60_000);

async function checkWhole(path: string, { ids, size }: Synced): Promise<void> {
  const before = await readFile(path);
  const { store, branch } = await openSession(path, storeContext("later"));
  expect(branch.notices.filter(({ code }) => code !== "session.torn_line")).toEqual([]);
  const there = new Set(sessionContext(branch).history.map(({ id }) => id));
  expect(ids.filter((id) => !there.has(id))).toEqual([]);
  await writeRun(store, "go on", answer("on"));
  await store.close();
  const again = await readBranch(path);
  expect(again.notices).toEqual([]);
  expect(sessionContext(again).history.at(-1)?.message.content).toEqual([{ type: "text", text: "on" }]);
  expect((await readFile(path)).subarray(0, size).equals(before.subarray(0, size))).toBe(true);
}
