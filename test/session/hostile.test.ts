// Session files that nobody wrote: random bytes, mixed versions, circles, ids used twice, a million lines. Each is a
// working session or one clear sentence, and no byte of it changes.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { AppError } from "../../src/lib/app-error.ts";
import { openBranchPages } from "../../src/session/branch-pages.ts";
import { sessionContext } from "../../src/session/context.ts";
import { forkSession } from "../../src/session/fork.ts";
import { repairSession } from "../../src/session/repair.ts";
import { replayEvents } from "../../src/session/replay.ts";
import { openSession } from "../../src/session/store.ts";
import { collectTree, listBranches } from "../../src/session/tree.ts";
import { verifySession } from "../../src/session/verify.ts";
import { answer, call, result, storeContext, USAGE, user } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const FILES = 300;
const IDS = ["a", "b", "c", "d", "e"];

const id = fc.constantFrom(...IDS);
const parent = fc.option(id, { nil: null });
const place = fc.record({ id, parentId: parent, time: fc.constantFrom("", "2026-01-01T00:00:00Z", "never") });

const body = fc.oneof(
  fc.constantFrom(
    { type: "message", message: user("hi") },
    { type: "message", message: answer("say", call("x")) },
    { type: "message", message: result("x") },
    { type: "message", message: { role: "ghost", content: 5 } },
    { type: "run_start", runId: "r", prompt: "p", runtime: "native" },
    { type: "run_end", runId: "r", outcome: "completed", steps: 1, usage: USAGE, durationMs: 1 },
    { type: "partial", messageId: "a", deltas: [{ type: "text", index: 0, text: "x" }] },
    { type: "state", state: { queue: "none" } },
    { type: "hologram", beam: { deep: [1, 2, 3] } },
    { type: "session", version: 1 },
  ),
  id.map((targetId) => ({ type: "leaf", targetId })),
  id.map((targetId) => ({ type: "label", targetId, label: "l" })),
  fc.record({
    type: fc.constant("compaction"),
    summary: fc.string(),
    firstKeptId: parent,
    tokensBefore: fc.integer(),
    tokensAfter: fc.integer(),
    filesRead: fc.constant([]),
    filesModified: fc.constant([]),
  }),
);

const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(place, body).map(([at, what]) => JSON.stringify({ ...at, ...what })) },
  // With the place first, as we write it: such lines are followed without being parsed.
  {
    weight: 6,
    arbitrary: fc
      .tuple(place, body)
      .map(([{ id: own, parentId, time }, { type, ...rest }]) =>
        JSON.stringify({ type, id: own, parentId, time, ...rest }),
      ),
  },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constantFrom("", "{", "null", "[]", '{"type":"message"', "\u0000\u0000") },
);

const header = fc.constantFrom(
  ...[1, 1, 1, 0, 99, "one"].map((version) =>
    JSON.stringify({ type: "session", version, id: "h", time: "", cwd: "/w", writer: "x" }),
  ),
  "no header",
);

it(`property: a file of anything is a working session or one clear sentence (${FILES} files)`, async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "20260101T000000_hostile.jsonl");
  await fc.assert(
    fc.asyncProperty(header, fc.array(line, { maxLength: 25 }), fc.boolean(), async (first, lines, ended) => {
      await writeFile(path, [first, ...lines].join("\n") + (ended ? "\n" : ""));
      const before = await readFile(path);
      await useAll(path, folder);
      expect((await readFile(path)).equals(before)).toBe(true);
    }),
    { numRuns: FILES },
  );
}, 60_000);

/** Everything that reads a session; what fails, fails with a code of ours. */
async function useAll(path: string, folder: string): Promise<void> {
  await attempt(async () => {
    const { store, branch } = await openSession(path, storeContext("n"));
    for (const { message } of sessionContext(branch).history) expect(message.role).not.toBe("ghost");
    expect([...replayEvents(branch)].length).toBeGreaterThanOrEqual(0);
    expect(listBranches(await collectTree(store.entries())).length).toBeGreaterThanOrEqual(0);
    await store.close();
  });
  await attempt(async () => {
    const pages = openBranchPages(path, { before: null });
    await pages.layOut({ signal: new AbortController().signal, onProgress: () => undefined });
    for (const page of pages.pages.keys()) pages.events(page);
    pages.close();
  });
  await attempt(
    async () => void (await forkSession(path, { ...storeContext("f"), dir: join(folder, "forks") })),
  );
  await attempt(async () => {
    await verifySession(path);
    const { path: repaired } = await repairSession(path, { ...storeContext("r"), cwd: "/w" });
    if (repaired !== null) expect((await verifySession(repaired)).errors).toBe(0);
  });
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.message).toMatch(/\S.*\.$/s);
  }
}

const LINES = 1_000_000;

it("a million lines are read through and opened, and stay as they are", async () => {
  const path = join(await temporaryFolder(), "20260101T000000_million.jsonl");
  const first = JSON.stringify({ type: "session", version: 1, id: "h", time: "", cwd: "/w", writer: "x" });
  const kept = JSON.stringify({
    ...{ type: "compaction", id: "sum", parentId: `n${LINES}`, time: "", summary: "all of it" },
    ...{ firstKeptId: null, tokensBefore: 2, tokensAfter: 1, filesRead: [], filesModified: [] },
  });
  const parts = [`${first}\n`];
  for (let at = 1; at <= LINES; at++) {
    const above = at === 1 ? "null" : `"n${at - 1}"`;
    parts.push(
      `{"type":"notice","id":"n${at}","parentId":${above},"time":"","level":"info","message":"m"}\n`,
    );
  }
  await writeFile(path, `${parts.join("")}${kept}\n`);
  const before = await hashOf(path);
  expect(await verifySession(path)).toMatchObject({ entries: LINES + 1, errors: 0 });
  const { store, branch } = await openSession(path, storeContext());
  expect(sessionContext(branch).history).toMatchObject([{ id: "sum" }]);
  await store.close();
  expect(await hashOf(path)).toBe(before);
}, 180_000);

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
