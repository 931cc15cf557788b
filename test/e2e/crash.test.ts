// kill -9 at random moments of a real run, then resume: what the program told anybody is never lost.
import { readFile, watch, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ControlMessage } from "../../src/protocol/control.ts";
import type { EventEnvelope } from "../../src/protocol/event.ts";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { startProgram } from "../support/program.ts";
import { withStub } from "../support/stub.ts";
import {
  openCalls,
  pointedAt,
  type SessionLine,
  sessionFiles,
  sessionLines,
  strayResults,
  textsOf,
} from "./scripted.ts";

const MOMENTS = 50;
const WRITES = 8;
const FLAGS = ["--input-format", "stream-json", "-o", "stream-json", "--permission-mode", "full"];
const PARALLEL = 2;
/** Most kills strike early, where most happens; some in the long answer at the end. */
const LATEST_MS = 2_200;
const TORN = "hearth: The last line of the session was cut off when Hearth was ended; it was dropped.\n";
const LONG_ANSWER = "The quick brown fox jumps over the lazy dog. ".repeat(12);

/** Text and tools with pauses between the pieces, so that there is something to interrupt everywhere. */
const SCRIPT: ScriptInput = {
  replies: [
    {
      thinking: "First I look around here.",
      text: "I write a file and run a command.",
      toolCalls: [
        { name: "write", arguments: { path: "a.txt", content: "one\n" } },
        { name: "bash", arguments: { command: "echo start; sleep 0.05; cat a.txt" } },
        { name: "ls", arguments: {} },
      ],
      chunkSize: 4,
      chunkDelayMs: 5,
    },
    { toolCalls: [{ name: "bash", arguments: { command: "sleep 0.1; echo again" } }] },
    { text: LONG_ANSWER, chunkSize: 6, chunkDelayMs: 20 },
    { text: "Next.", chunkSize: 2, chunkDelayMs: 10 },
  ],
  loop: true,
};

/** What the person does meanwhile; times in milliseconds after the first line on stdout. */
const INPUT: readonly (readonly [number, ControlMessage])[] = [
  [20, { type: "follow_up", id: "f1", text: "follow-up number one" }],
  [60, { type: "follow_up", id: "f2", text: "follow-up number two" }],
  [90, { type: "steer", id: "s1", text: "steer number one" }],
  [120, { type: "queue", edit: { action: "edit", id: "f1", text: "follow-up number one, edited" } }],
  [150, { type: "queue", edit: { action: "move", id: "f2", position: 0 } }],
  [170, { type: "follow_up", id: "f3", text: "follow-up number three" }],
  [190, { type: "queue", edit: { action: "remove", id: "f3" } }],
  [220, { type: "pause" }],
  [600, { type: "resume" }],
];

test.each([
  ["fixed", 20_261_120],
  ["fresh", Date.now() % 1_000_000],
])(
  `killed at ${MOMENTS} random moments and resumed each time, nothing acknowledged is lost (%s seed %i)`,
  {
    timeout: 120_000,
  },
  async (_, seed) => {
    const random = randomNumbers(seed);
    const moments = Array.from({ length: MOMENTS }, () => Math.round(random() ** 3 * LATEST_MS));
    let resumed = 0;
    const work = async (): Promise<void> => {
      for (let moment = moments.pop(); moment !== undefined; moment = moments.pop()) {
        const place = await newPlace();
        const killed = await runAndKill(place, moment);
        const context = `seed ${seed}, killed ${moment} ms after the start`;
        resumed += (await checkResume(place, killed, context)) ? 1 : 0;
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    expect(resumed).toBeGreaterThan(MOMENTS / 2);
  },
);

test(`killed at ${WRITES} moments of a write of 4 MB, a file is whole, the old or the new one (A-049)`, async () => {
  const random = randomNumbers(49);
  for (let count = 0; count < WRITES; count++) {
    const place = await newPlace();
    const [before, after] = ["old\n".repeat(1_000_000), "new\n".repeat(1_000_000)];
    const file = join(place.cwd, "big.txt");
    await writeFile(file, before);
    const read = { name: "read", arguments: { path: "big.txt" } };
    const write = { name: "write", arguments: { path: "big.txt", content: after } };
    await using stub = await withStub([{ toolCalls: [read, write], chunkSize: 500_000 }, { fault: "stall" }]);
    const program = startProgram(pointedAt(place, stub), FLAGS);
    program.send({ type: "prompt", text: "write" });
    // The write begins: something new appears beside the file.
    for await (const _ of watch(place.cwd)) break;
    await wait(random() * 8);
    program.kill("SIGKILL");
    await program.exited;
    const found = await readFile(file, "utf8");
    expect(found === before || found === after).toBe(true);
  }
});

type Killed = { printed: EventEnvelope[]; killedAtMs: number };

/** The moment counts from the first line on stdout, so that a slow machine kills at the same places. */
async function runAndKill(place: Place, moment: number): Promise<Killed> {
  await using stub = await withStub(SCRIPT);
  const program = startProgram(pointedAt(place, stub), FLAGS);
  program.send({ type: "prompt", text: "the first prompt" });
  await program.line(() => true);
  const typing = new AbortController();
  for (const [at, message] of INPUT) {
    void wait(at, undefined, { signal: typing.signal }).then(
      () => program.send(message),
      () => undefined,
    );
  }
  await wait(moment);
  const killedAtMs = Date.now();
  program.kill("SIGKILL");
  typing.abort();
  await program.exited;
  return { printed: program.lines.map((line) => JSON.parse(line) as EventEnvelope), killedAtMs };
}

/** False when there was nothing to resume. */
async function checkResume(place: Place, killed: Killed, context: string): Promise<boolean> {
  const [file] = await sessionFiles(place);
  if (file === undefined || (await readFile(file)).length === 0) {
    expect(messagesIn(killed.printed), context).toEqual([]);
    return false;
  }
  const saved = await wholeLines(file);
  checkSaved(saved, killed, context);

  await using stub = await withStub({ replies: ["resumed"], loop: true });
  const run = await runHearth(pointedAt(place, stub), ["--continue", "-p", "go on"]);
  expect(run, context).toMatchObject({ stdout: "resumed\n", exitCode: 0 });
  expect(["", TORN], context).toContain(run.stderr);
  for (const request of stub.requests) {
    expect([...openCalls(request), ...strayResults(request)], context).toEqual([]);
  }
  const said = textsOf(stub.requests.at(-1), "user");
  const wanted = messagesIn(killed.printed).flatMap(({ message }) =>
    message.role === "user"
      ? message.content.flatMap((part) => (part.type === "text" ? [part.text] : []))
      : [],
  );
  for (const text of [...wanted, ...pendingTexts(saved), "go on"]) {
    expect(
      said.filter((one) => one === text),
      `${context}: ${text}`,
    ).toHaveLength(1);
  }
  await sessionLines(file);
  return true;
}

/** The file holds every message and every state of the queue that was printed, and text older than a second. */
function checkSaved(saved: readonly SessionLine[], { printed, killedAtMs }: Killed, context: string): void {
  const messages = new Map(
    saved.flatMap((line) => (line.type === "message" ? [[line.id, line.message]] : [])),
  );
  for (const { messageId, message } of messagesIn(printed)) {
    expect(messages.get(messageId), context).toEqual(message);
  }
  const queues = new Set(
    saved.flatMap((line) => (line.type === "queue" ? [JSON.stringify(line.items)] : [])),
  );
  for (const { event } of printed) {
    if (event.type === "queue_changed") expect(queues, context).toContain(JSON.stringify(event.items));
  }
  const old = printed.filter(({ time }) => Date.parse(time) <= killedAtMs - 1_000);
  for (const [messageId, text] of streamedTexts(old)) {
    if (messages.has(messageId)) continue;
    const kept = saved
      .filter((line) => line.type === "partial" && line.messageId === messageId)
      .flatMap((line) => line.deltas as { type: string; text?: string }[])
      .flatMap((delta) => (delta.type === "text" ? [delta.text ?? ""] : []))
      .join("");
    expect(kept.startsWith(text), `${context}: "${text}" in "${kept}"`).toBe(true);
  }
}

function messagesIn(printed: readonly EventEnvelope[]) {
  return printed.flatMap(({ event }) => (event.type === "message_end" ? [event] : []));
}

function streamedTexts(printed: readonly EventEnvelope[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { event } of printed) {
    if (event.type !== "message_update" || event.delta.type !== "text") continue;
    texts.set(event.messageId, (texts.get(event.messageId) ?? "") + event.delta.text);
  }
  return texts;
}

/** Texts that waited in the queue when the process ended. */
function pendingTexts(saved: readonly SessionLine[]): string[] {
  const delivered = new Set(saved.map(({ id }) => id));
  const items = saved.findLast((line) => line.type === "queue")?.items ?? [];
  return (items as { id: string; kind: string; text: string; state: string }[])
    .filter(({ id, kind, state }) => state === "pending" && kind !== "pause" && !delivered.has(id))
    .map(({ text }) => text);
}

/** All lines but a torn last one. */
async function wholeLines(file: string): Promise<SessionLine[]> {
  const lines = (await readFile(file, "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as SessionLine);
}

/** Mulberry32: the same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
