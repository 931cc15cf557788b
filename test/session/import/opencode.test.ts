import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findProgram } from "../../../src/lib/find-program.ts";
import { foreignReader } from "../../../src/session/import/foreign-formats.ts";
import { databaseSources, storedSource } from "../../../src/session/import/opencode-source.ts";
import { sqliteOpener } from "../../../src/session/import/sqlite.ts";
import { outline, translated } from "../../support/foreign-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const created = Date.UTC(2026, 0, 1);
const session = { info: { id: "ses_1", directory: "/repo", title: "the title", time: { created } } };
const user = (id: string, ...parts: unknown[]) => ({ info: { id, role: "user", time: { created } }, parts });
const agent = (id: string, parts: unknown[], more: Record<string, unknown> = {}) => ({
  info: { id, role: "assistant", time: { created }, providerID: "p", modelID: "m", ...more },
  parts,
});
const text = (value: string) => ({ type: "text", text: value });
const finish = {
  type: "step-finish",
  tokens: { input: 5, output: 3, reasoning: 1, cache: { read: 2, write: 0 } },
  cost: 0.5,
};
const tool = (id: string, state: Record<string, unknown>) => ({
  type: "tool",
  callID: id,
  tool: "bash",
  state,
});

it("makes a step of what stands between two marks, with its usage and cost", () => {
  const { entries } = translated("opencode", [
    session,
    user(
      "m1",
      text("go"),
      { ...text("file content"), synthetic: true },
      { type: "file", mime: "image/png", url: "data:image/png;base64,QUJD" },
    ),
    agent("m2", [
      { type: "step-start" },
      { type: "reasoning", text: "hm" },
      tool("c1", { status: "completed", input: { command: "ls" }, output: "a", metadata: { exit: 0 } }),
      finish,
      { type: "step-start" },
      tool("c2", { status: "error", input: {}, error: "rejected" }),
      finish,
      { type: "step-start" },
      text("Done."),
      finish,
    ]),
    agent("m3", [], { error: { name: "APIError", data: { message: "overloaded" } } }),
    { info: { role: "robot" }, parts: [] },
  ]);
  expect(outline(entries)).toEqual([
    "prompt: go | image/png | file content",
    'assistant: (hm) | bash({"command":"ls"})',
    "tool_result: a",
    "assistant: bash({})",
    "tool_result!: rejected",
    "assistant: Done.",
    "assistant: ",
    "end: failed",
  ]);
  const end = entries.find((entry) => entry.type === "run_end");
  expect(end).toMatchObject({ usage: { input: 15, output: 12, reasoning: 3, cost: 1.5 } });
});

it("leaves a session where it was taken back to, and takes a summary in", () => {
  const reverted = { info: { ...session.info, revert: { messageID: "m3" } } };
  const values = [
    reverted,
    user("m1", text("one")),
    agent("m2", [text("1")]),
    user("m3", text("two")),
    agent("m4", [text("2")], { summary: true }),
  ];
  const { entries } = translated("opencode", values);
  expect(outline(entries)).toEqual([
    "prompt: one",
    "assistant: 1",
    "prompt: two",
    "summary: 2",
    "end: interrupted",
    "branch",
  ]);
  const answer = entries.find((entry) => entry.type === "message" && entry.message.role === "assistant");
  const end = entries.find((entry) => entry.type === "run_end" && entry.parentId === answer?.id);
  expect(entries.findLast((entry) => entry.type === "leaf")).toMatchObject({ targetId: end?.id });
});

const SCHEMA = `
create table session (id text primary key, parent_id text, directory text, title text, revert text, time_created integer);
create table message (id text primary key, session_id text, time_created integer, data text);
create table part (id text primary key, message_id text, session_id text, data text);
insert into session values ('ses_b', null, '/repo', 'B', null, 2), ('ses_a', null, '/repo', 'it''s A', null, 1), ('ses_c', 'ses_a', '/repo', 'child', null, 3);
insert into message values ('m1', 'ses_a', 1, '{"role":"user","time":{"created":1767225600000}}'), ('m2', 'ses_a', 2, '{"role":"assistant"}'), ('m3', 'ses_b', 1, '{"role":"user"}');
insert into part values ('p2', 'm1', 'ses_a', '{"type":"text","text":"two\\nlines"}'), ('p1', 'm1', 'ses_a', '{"type":"text","text":"one"}'), ('p3', 'm2', 'ses_a', '{"type":"text","text":"ü \u2028 answer"}');
`;

async function database(): Promise<string> {
  const path = join(await temporaryFolder(), "opencode.db");
  const { DatabaseSync } = await import("node:sqlite");
  const made = new DatabaseSync(path);
  made.exec(SCHEMA);
  made.close();
  return path;
}

async function outlinesOf(path: string, open: ReturnType<typeof sqliteOpener>): Promise<string[][]> {
  const outlines: string[][] = [];
  for (const { source } of await databaseSources(path, open)) {
    const values: unknown[] = [];
    for await (const batch of source.values({ update: () => undefined })) values.push(...batch.values);
    outlines.push(outline(translated("opencode", values).entries));
  }
  return outlines;
}

const EXPECTED = [["prompt: one | two\nlines", "assistant: ü \u2028 answer"], []];

it("reads the database with Node's own module: every session but those of subagents", async () => {
  expect(await outlinesOf(await database(), sqliteOpener({}))).toEqual(EXPECTED);
});

it("reads the database with the program sqlite3 where Node has no module, or says what is missing", async (context) => {
  const path = await database();
  const withoutModule = (env: Record<string, string>) => sqliteOpener(env, () => Promise.resolve(null));
  await expect(databaseSources(path, withoutModule({ PATH: "/nowhere" }))).rejects.toMatchObject({
    code: "import.sqlite",
  });
  if (findProgram("sqlite3", process.env.PATH ?? "") === null)
    return context.skip("sqlite3 is not installed");
  expect(await outlinesOf(path, withoutModule({ PATH: process.env.PATH ?? "" }))).toEqual(EXPECTED);
});

it("says what is wrong with a database that is none", async () => {
  const path = join(await temporaryFolder(), "opencode.db");
  await writeFile(path, "not a database at all");
  await expect(databaseSources(path, sqliteOpener({}))).rejects.toMatchObject({ code: "import.read" });
});

it("reads the folder of JSON files of the older versions", async () => {
  const storage = join(await temporaryFolder(), "storage");
  const put = async (path: string[], value: unknown) => {
    await mkdir(join(storage, ...path.slice(0, -1)), { recursive: true });
    await writeFile(join(storage, ...path), JSON.stringify(value));
  };
  await put(["session", "project", "ses_1.json"], session.info);
  await put(["message", "ses_1", "msg_1.json"], { id: "msg_1", role: "user", time: { created } });
  await put(["message", "ses_1", "msg_2.json"], { id: "msg_2", role: "assistant", time: { created } });
  await put(["part", "msg_1", "prt_1.json"], text("hi"));
  await put(["part", "msg_2", "prt_2.json"], text("ho"));
  const reader = foreignReader("opencode");
  const items = [];
  for await (const { values } of storedSource(join(storage, "session", "project", "ses_1.json")).values({
    update: () => undefined,
  })) {
    for (const value of values) items.push(...reader.take(value));
  }
  expect(items.map(({ kind }) => kind)).toEqual(["facts", "prompt", "message"]);
});
