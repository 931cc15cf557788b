// Random damage to a session file: whatever is left is a valid conversation, and writing on never makes it worse.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { AppError } from "../../src/lib/app-error.ts";
import type { Message } from "../../src/protocol/message.ts";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch } from "../../src/session/read.ts";
import { replayEvents } from "../../src/session/replay.ts";
import { createSession, openSession } from "../../src/session/store.ts";
import { answer, call, result, storeContext, texts, writeRun } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const RUNS = 300;

type Damage = (lines: Buffer[]) => Buffer[];

const at = fc.nat({ max: 1_000 });
const noise = fc.uint8Array({ minLength: 1, maxLength: 60 });
const damages: fc.Arbitrary<Damage> = fc.oneof(
  at.map(
    (n): Damage =>
      (lines) =>
        lines.toSpliced(pick(lines, n), 1),
  ),
  at.map(
    (n): Damage =>
      (lines) =>
        lines.toSpliced(pick(lines, n), 0, line(lines, n)),
  ),
  fc.tuple(at, at).map(
    ([from, to]): Damage =>
      (lines) =>
        lines.toSpliced(pick(lines, to), 0, line(lines, from)),
  ),
  fc.tuple(at, at).map(
    ([n, length]): Damage =>
      (lines) =>
        put(lines, n, line(lines, n).subarray(0, length)),
  ),
  fc.tuple(at, noise).map(
    ([n, bytes]): Damage =>
      (lines) =>
        put(lines, n, Buffer.from(bytes)),
  ),
  fc.tuple(at, at, noise).map(
    ([n, offset, bytes]): Damage =>
      (lines) => {
        const whole = line(lines, n);
        return put(lines, n, Buffer.concat([whole.subarray(0, offset), bytes, whole.subarray(offset)]));
      },
  ),
  fc.tuple(at, at).map(
    ([n, other]): Damage =>
      (lines) => {
        const parent = /"id":"([^"]+)"/.exec(line(lines, other).toString())?.[1] ?? "none";
        const moved = line(lines, n)
          .toString()
          .replace(/"parentId":(null|"[^"]+")/, `"parentId":"${parent}"`);
        return put(lines, n, Buffer.from(moved));
      },
  ),
);

it(`property: after random damage a session is a valid conversation that can go on (${RUNS} files)`, async () => {
  const folder = await temporaryFolder();
  const original = readFileSync(await writeOriginal(folder));
  const path = join(folder, "damaged.jsonl");
  await fc.assert(
    fc.asyncProperty(
      fc.array(damages, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (steps, terminated) => {
        const [header = "", ...lines] = original.toString().trimEnd().split("\n");
        const damaged = steps.reduce<Buffer[]>(
          (rest, damage) => damage(rest),
          lines.map((text) => Buffer.from(text)),
        );
        const bytes = Buffer.concat([
          Buffer.from(header),
          ...damaged.flatMap((text) => [Buffer.from("\n"), text]),
        ]);
        writeFileSync(path, terminated ? Buffer.concat([bytes, Buffer.from("\n")]) : bytes);
        await goOn(path);
      },
    ),
    { numRuns: RUNS },
  );
}, 60_000);

async function goOn(path: string): Promise<void> {
  const before = readFileSync(path);
  const { store, branch } = await openSession(path, storeContext("later"));
  const context = sessionContext(branch);
  expect(problems(context.history.map(({ message }) => message))).toEqual([]);
  expect([...replayEvents(branch)].length).toBeGreaterThanOrEqual(0);
  await writeRun(store, "go on", answer("on"));
  await store.close();
  const after = readFileSync(path);
  expect(after.subarray(0, branch.end.size).equals(before.subarray(0, branch.end.size))).toBe(true);
  const again = await readBranch(path);
  expect(texts(sessionContext(again).history).slice(-2)).toEqual(["go on", "on"]);
}

/** Calls without a result right behind them. Results without their call are the wire's to leave out. */
function problems(messages: readonly Message[]): string[] {
  return messages.flatMap((message, index) => {
    if (message.role !== "assistant") return [];
    const end = messages.findIndex((other, place) => place > index && other.role !== "tool_result");
    const results = messages.slice(index + 1, end < 0 ? undefined : end);
    const answered = new Set(results.map((other) => (other.role === "tool_result" ? other.toolCallId : "")));
    return message.content.flatMap((part) =>
      part.type === "tool_call" && !answered.has(part.id) ? [part.id] : [],
    );
  });
}

it("a session damaged beyond reading fails with an AppError that has a code", async () => {
  const path = join(await temporaryFolder(), "broken.jsonl");
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      writeFileSync(path, bytes);
      const failure: unknown = await openSession(path, storeContext()).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(AppError);
      expect(readFileSync(path).equals(Buffer.from(bytes))).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

/** Runs with calls, answers cut off, a queue, a compaction and a second branch. */
async function writeOriginal(folder: string): Promise<string> {
  const store = createSession({ dir: folder, cwd: "/repo/project", ...storeContext() });
  await writeRun(
    store,
    "one",
    answer(call("c1"), call("c2")),
    result("c1"),
    result("c2"),
    answer("done one"),
  );
  const back = store.tip;
  await store.append({ type: "partial", messageId: "p1", deltas: [{ type: "text", index: 0, text: "cut" }] });
  await writeRun(store, "left", answer(call("c3")), result("c3"), answer("done left"));
  await store.append({ type: "leaf", targetId: back });
  await store.append({
    type: "queue",
    items: [{ id: "q1", kind: "follow_up", text: "later", state: "pending", time: 1 }],
  });
  await writeRun(store, "two", answer("thinking", call("c4")), result("c4"), answer("done two"));
  await store.close();
  return store.path ?? "";
}

function pick(lines: readonly Buffer[], n: number): number {
  return lines.length === 0 ? 0 : n % lines.length;
}

function line(lines: readonly Buffer[], n: number): Buffer {
  return lines[pick(lines, n)] ?? Buffer.alloc(0);
}

function put(lines: readonly Buffer[], n: number, content: Buffer): Buffer[] {
  return lines.toSpliced(pick(lines, n), 1, content);
}
