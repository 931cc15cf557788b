// A real process that records a streamed run for ever, for tests that kill it. Prints the number of each prompt
// and of each finished answer once the recorder says they are written.
import { createRecorder } from "../../src/runtimes/recorder.ts";
import { createSession, openSession } from "../../src/session/store.ts";

const [dir = "", path = ""] = process.argv.slice(2);
const context = { clock: Date.now, newId: () => crypto.randomUUID(), writer: "hearth test" };
const store =
  path === "" ? createSession({ dir, cwd: "/w", ...context }) : (await openSession(path, context)).store;
const recorder = createRecorder({
  store,
  onFailure: (failure) => process.stdout.write(`failed ${failure.message}\n`),
  setTimer: (callback) => {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  },
});
const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
const text = "words that fill a line of the answer ".repeat(40);

process.stdout.write(`path ${store.path}\n`);
for (let run = store.state.runs; ; run++) {
  const runId = `r${run}`;
  await recorder.record({ type: "run_start", runId, prompt: `p${run}`, runtime: "native" });
  const message = { role: "user" as const, content: [{ type: "text" as const, text: `p${run}` }] };
  await recorder.record({ type: "message_end", messageId: `u${run}`, message });
  process.stdout.write(`prompt ${run}\n`);
  const messageId = `a${run}`;
  for (let chunk = 0; chunk < 5; chunk++) {
    await recorder.record({ type: "message_update", messageId, delta: { type: "text", index: 0, text } });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await recorder.record({
    type: "message_end",
    messageId,
    message: {
      role: "assistant",
      content: [{ type: "text", text: text.repeat(5) }],
      stopReason: "stop",
      usage,
      model: "m/m",
    },
  });
  process.stdout.write(`answer ${run}\n`);
  await recorder.record({ type: "run_end", runId, outcome: "completed", steps: 1, usage, durationMs: 1 });
}
