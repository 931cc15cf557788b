// The published form of a session file holds for what the program writes, and for nothing else.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as z from "zod";
import { sessionJsonSchema } from "../../src/session/session-schema.ts";
import { createSession } from "../../src/session/store.ts";
import { answer, call, result, storeContext, USAGE, writeRun } from "../support/session-entries.ts";
import { writeSessionFixture } from "../support/session-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const schema = sessionJsonSchema();
const validators = new Map(
  Object.entries(schema.$defs).map(([type, definition]) => [type, validatorOf(definition)]),
);

/** zod knows no "not": which types are unknown is looked at here. */
function validatorOf(definition: object): z.ZodType {
  const text = JSON.stringify(definition, (key, value) => (key === "not" ? undefined : value));
  return z.fromJSONSchema(JSON.parse(text));
}

function isValid(line: unknown): boolean {
  const type = typeof line === "object" && line !== null && "type" in line ? String(line.type) : "";
  return (validators.get(type) ?? validators.get("unknown"))?.safeParse(line).success === true;
}

const linesOf = (path: string): unknown[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** One of every kind that the store takes. */
async function everyKind(): Promise<string> {
  const store = createSession({
    dir: await temporaryFolder(),
    cwd: "/w",
    parentSession: "p",
    ...storeContext(),
  });
  await store.append({ type: "model", model: "a/b", thinking: "high" });
  await store.append({ type: "mode", mode: "auto" });
  await store.append({ type: "runtime", runtime: "native", externalSessionId: "x" });
  await writeRun(store, "one", answer("say", { type: "thinking", text: "t" }, call("c")), result("c"));
  await store.append({
    type: "partial",
    messageId: "m",
    deltas: [{ type: "text", index: 0, text: "p" }],
    reset: true,
  });
  const item = { id: "q", kind: "steer", text: "x", state: "pending", time: 1 } as const;
  await store.append({ type: "queue", items: [item] });
  await store.append({ type: "leaf", targetId: null });
  const lists = { filesRead: ["a"], filesModified: [] };
  await store.append({
    ...{ type: "compaction", summary: "s", firstKeptId: null, tokensBefore: 2, tokensAfter: 1 },
    ...lists,
    usage: USAGE,
  } as const);
  const dropped = { toolCallIds: ["c"], notice: "n", tokensBefore: 2, tokensAfter: 1 };
  await store.append({ type: "results_dropped", ...dropped });
  await store.append({ type: "role", role: "reviewer" });
  const undo = { action: "undo", from: "c1", to: "c0", conversation: true } as const;
  await store.append({
    type: "checkpoint",
    commit: "c2",
    kind: "safety",
    files: 1,
    name: "n",
    runId: "r",
    undo,
  });
  await store.append({ type: "system", text: "t" });
  await store.append({ type: "name", name: "n" });
  await store.append({ type: "label", targetId: "e1", label: "l" });
  await store.append({ type: "notice", level: "warning", message: "m", code: "c", hint: "h" });
  await store.append({ type: "approval", toolCallId: "c", outcome: null, reason: "r" });
  await store.append({ type: "plan", entries: [{ text: "t", status: "pending" }] });
  await store.close();
  return store.path ?? "";
}

it("holds for every kind of entry, each by its name", async () => {
  const lines = linesOf(await everyKind());
  const written = new Set(lines.map((line) => (line as { type: string }).type));
  const named = Object.keys(schema.$defs).filter((name) => name !== "unknown");
  expect([...written].toSorted()).toEqual(named.toSorted());
  for (const line of lines) expect(isValid(line), JSON.stringify(line)).toBe(true);
});

it("holds for every line of a long session", async () => {
  const { path } = await writeSessionFixture({ dir: await temporaryFolder(), cwd: "/w", entries: 1_000 });
  const lines = linesOf(path);
  expect(lines.length).toBeGreaterThan(1_000);
  expect(lines.filter((line) => !isValid(line))).toEqual([]);
});

it.each([
  [{ type: "name", id: "i", parentId: null, time: "", name: 5 }, false],
  [{ type: "name", id: "i", parentId: null, time: "", name: "n", later: true }, true],
  [{ type: "hologram", id: "i", parentId: null, time: "", beam: 1 }, true],
  [{ type: "hologram", parentId: null }, false],
  [{ type: "message", id: "i", parentId: null, time: "", message: { role: "ghost" } }, false],
  ["a text", false],
])("%j is a line of a session: %s", (line, isLine) => {
  expect(isValid(line)).toBe(isLine);
});
