// kill -9 at random moments of one session that goes on after each: prompts, deltas, tools, queue edits, compaction.
// Every time what was told is in the file, the next process goes on, and the files of the workspace and the talk agree.
// `HEARTH_KILLS=1000 npx vitest run test/e2e/crash-chain` takes a thousand.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { EventEnvelope } from "../../src/protocol/event.ts";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { startProgram } from "../support/program.ts";
import { withStub } from "../support/stub.ts";
import { openCalls, pointedAt, type SessionLine, sessionFiles, strayResults, textsOf } from "./scripted.ts";
import { writeSettings } from "./tui-driver.ts";

const KILLS = Number(process.env.HEARTH_KILLS ?? "12");
/** A session is killed so often before the next one begins. */
const CHAIN = 12;
const FLAGS = ["--input-format", "stream-json", "-o", "stream-json", "--permission-mode", "full"];
const LATEST_MS = 900;
const SUMMARY = "What was done so far, in short.";

function scriptOf(round: number): ScriptInput {
  const text = `Answer ${round}: ${"some words that make the talk longer ".repeat(12)}`;
  const write = { name: "write", arguments: { path: `f${round}.txt`, content: `content ${round}\n` } };
  return {
    rules: [
      {
        when: { anywhere: "about to be replaced by a summary" },
        reply: { text: SUMMARY, chunkSize: 5, chunkDelayMs: 5 },
      },
    ],
    replies: [
      { text, toolCalls: [write], chunkSize: 40, chunkDelayMs: 3 },
      { toolCalls: [{ name: "bash", arguments: { command: "sleep 0.05; echo ran" } }] },
      { text, chunkSize: 20, chunkDelayMs: 5 },
    ],
    loop: true,
  } as ScriptInput;
}

test(`killed ${KILLS} times, a session goes on each time, and nothing that was told is lost`, {
  timeout: 60_000 + KILLS * 4_000,
}, async () => {
  const seen = { messages: 0, queues: 0, compactions: 0 };
  for (let kill = 0; kill < KILLS; ) {
    const place = await newPlace();
    await writeSettings(place, { compaction: { keepTokens: 200 }, retry: { attempts: 1 } });
    const told: EventEnvelope[] = [];
    for (let round = 0; round < CHAIN && kill < KILLS; round++, kill++) {
      const printed = await runAndKill(place, round);
      told.push(...printed);
      count(seen, printed);
      await checkKept(place, told, `round ${round} of the chain, kill ${kill}`);
    }
    await checkResume(place, told);
  }
  expect(seen.messages).toBeGreaterThan(KILLS);
  if (KILLS >= CHAIN) expect(Math.min(seen.queues, seen.compactions)).toBeGreaterThan(0);
});

/** One process from its start to its end at a random moment; gives what it told. */
async function runAndKill(place: Place, round: number): Promise<EventEnvelope[]> {
  // Another seed: calls of another process have other ids.
  await using stub = await withStub(scriptOf(round), { seed: `round ${round}` });
  const begun = (await sessionFiles(place)).length > 0;
  const program = startProgram(pointedAt(place, stub), [...FLAGS, ...(begun ? ["--continue"] : [])]);
  if (round % 3 === 2) program.send({ type: "compact" });
  program.send({ type: "prompt", text: `prompt ${round}` });
  await Promise.race([program.line(() => true), program.exited]);
  const stop = new AbortController();
  const later = (ms: number, message: object): void =>
    void wait(ms, undefined, { signal: stop.signal }).then(
      () => program.send(message),
      () => undefined,
    );
  later(40, { type: "follow_up", id: `f${round}`, text: `follow-up ${round}` });
  later(80, { type: "steer", id: `s${round}`, text: `steer ${round}` });
  later(120, {
    type: "queue",
    edit: { action: "edit", id: `f${round}`, text: `follow-up ${round}, edited` },
  });
  await wait(Math.random() ** 2 * LATEST_MS);
  program.kill("SIGKILL");
  stop.abort();
  await program.exited;
  return program.lines.map((line) => JSON.parse(line) as EventEnvelope);
}

function count(
  seen: { messages: number; queues: number; compactions: number },
  printed: readonly EventEnvelope[],
): void {
  for (const { event } of printed) {
    if (event.type === "message_end") seen.messages += 1;
    if (event.type === "queue_changed") seen.queues += 1;
    if (event.type === "compaction_end" && event.summary !== null) seen.compactions += 1;
  }
}

async function savedLines(place: Place): Promise<SessionLine[]> {
  const [file] = await sessionFiles(place);
  if (file === undefined) return [];
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as SessionLine);
}

/** Everything told since the session began is in its file; written files and calls agree. */
async function checkKept(place: Place, told: readonly EventEnvelope[], context: string): Promise<void> {
  const saved = await savedLines(place);
  const messages = new Map(
    saved.flatMap((line) => (line.type === "message" ? [[line.id, line.message]] : [])),
  );
  const queues = new Set(
    saved.flatMap((line) => (line.type === "queue" ? [JSON.stringify(line.items)] : [])),
  );
  const summaries = new Set(saved.flatMap((line) => (line.type === "compaction" ? [line.summary] : [])));
  for (const { event } of told) {
    if (event.type === "message_end") expect(messages.get(event.messageId), context).toEqual(event.message);
    if (event.type === "queue_changed" && event.items.length > 0)
      expect(queues, context).toContain(JSON.stringify(event.items));
    if (event.type === "compaction_end" && event.summary !== null)
      expect(summaries, context).toContain(event.summary);
  }
  await checkFiles(place, [...messages.values()], context);
}

type Part = { type: string; id?: string; name?: string; arguments?: { path?: string; content?: string } };
type Saved = { role: string; content: Part[]; toolCallId?: string; isError?: boolean };

/** A call that was answered well did what it says; what a file holds, a call said. */
async function checkFiles(place: Place, messages: readonly unknown[], context: string): Promise<void> {
  const all = messages as Saved[];
  const done = new Set(
    all.flatMap(({ role, toolCallId, isError }) => (role === "tool_result" && !isError ? [toolCallId] : [])),
  );
  const writes = all.flatMap(({ content }) =>
    content.filter(({ type, name }) => type === "tool_call" && name === "write"),
  );
  const said = new Map(writes.map((part) => [part.arguments?.path ?? "", part.arguments?.content]));
  for (const part of writes) {
    if (!done.has(part.id)) continue;
    const path = part.arguments?.path ?? "";
    expect(await readFile(join(place.cwd, path), "utf8"), context).toBe(said.get(path));
  }
  for (let round = 0; round < CHAIN; round++) {
    const found = await readFile(join(place.cwd, `f${round}.txt`), "utf8").catch(() => undefined);
    if (found !== undefined) expect(found, context).toBe(said.get(`f${round}.txt`));
  }
}

/** The next start has the whole talk, each text once, every call with its result. */
async function checkResume(place: Place, told: readonly EventEnvelope[]): Promise<void> {
  await using stub = await withStub({ replies: ["resumed"], loop: true });
  const run = await runHearth(pointedAt(place, stub), ["--continue", "-p", "go on"]);
  expect(run).toMatchObject({ stdout: "resumed\n", exitCode: 0 });
  for (const request of stub.requests) {
    expect([...openCalls(request), ...strayResults(request)]).toEqual([]);
  }
  const said = textsOf(stub.requests.at(-1), "user");
  expect(said.filter((text) => text === "go on")).toHaveLength(1);
  expect(new Set(said).size).toBe(said.length);
  expect(told.length).toBeGreaterThan(0);
}
