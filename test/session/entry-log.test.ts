// What reaches the device: when it is asked to keep what it has, and what follows when it does not.
import { closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { expect, it } from "vitest";
import { createRecorder } from "../../src/runtimes/recorder.ts";
import { readEntries } from "../../src/session/read.ts";
import { createSession } from "../../src/session/store.ts";
import { allEntries, answer, storeContext, user } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("prompts, ends of steps and ends of runs are on the device; what is between need not be", async () => {
  const synced: string[] = [];
  let last = "";
  const syncData = (): Promise<void> => Promise.resolve(void synced.push(last));
  const store = createSession({ dir: await temporaryFolder(), cwd: "/w", ...storeContext(), syncData });
  const recorder = createRecorder({ store, onFailure: () => undefined });
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  const record = (name: string, event: Parameters<typeof recorder.record>[0]) => {
    last = name;
    return recorder.record(event);
  };
  await record("start", { type: "run_start", runId: "r", prompt: "p", runtime: "native" });
  await record("prompt", { type: "message_end", messageId: "u", message: user("p") });
  await record("answer", { type: "message_end", messageId: "a", message: answer("x") });
  await record("step", { type: "step_end", step: 1 });
  await record("notice", { type: "notice", level: "info", message: "m" });
  await record("end", { type: "run_end", runId: "r", outcome: "completed", steps: 1, usage, durationMs: 1 });
  await recorder.close();
  expect(synced).toEqual(["prompt", "step", "end"]);
});

it("what a device did not take is told, and given to it again in its place with the next entry", async () => {
  let fails = true;
  const syncData = (): Promise<void> => (fails ? Promise.reject(new Error("EIO")) : Promise.resolve());
  const store = createSession({ dir: await temporaryFolder(), cwd: "/w", ...storeContext(), syncData });
  const failures: string[] = [];
  const recorder = createRecorder({ store, onFailure: ({ code }) => failures.push(code) });
  const say = (text: string) =>
    recorder.record({ type: "message_end", messageId: text, message: user(text) });
  fails = false;
  await say("kept");
  const path = store.path ?? "";
  const kept = statSync(path).size;
  fails = true;
  await say("lost");
  expect(failures).toEqual(["session.write"]);
  // The pages that the device never got are gone from the cache as well.
  const fd = openSync(path, "r+");
  writeSync(fd, Buffer.alloc(statSync(path).size - kept), 0, null, kept);
  closeSync(fd);
  fails = false;
  await say("next");
  const ids = (await allEntries(readEntries(path))).map(({ id }) => id);
  expect(ids).toEqual(["kept", "lost", "next"]);
  expect(readFileSync(path).includes(0)).toBe(false);
  await recorder.close();
});
