import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileSource } from "../../../src/session/import/foreign-source.ts";
import { removeLeftovers } from "../../../src/session/import/import-file.ts";
import { FOREIGN_AGENTS } from "../../../src/session/import/import-item.ts";
import { importSession } from "../../../src/session/import/import-session.ts";
import { knownSessions } from "../../../src/session/import/known-sessions.ts";
import { readBranch } from "../../../src/session/read.ts";
import { listSessions } from "../../../src/session/session-list.ts";
import { openSession } from "../../../src/session/store.ts";
import { history, importLines, importOptions, outline, translated } from "../../support/foreign-session.ts";
import { storeContext, texts, user, writeRun } from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const head = {
  type: "session",
  version: 3,
  id: "the-one",
  timestamp: "2026-01-01T00:00:00.000Z",
  cwd: "/not/here",
};
const said = (id: string, parentId: string | null, role: string, text: string) => ({
  type: "message",
  id,
  parentId,
  timestamp: "2026-01-01T00:00:05.000Z",
  message: { role, content: [{ type: "text", text }], stopReason: "stop", provider: "p", model: "m" },
});
const ONE = [head, said("a", null, "user", "one"), said("b", "a", "assistant", "1")];
const TWO = [...ONE, said("c", "b", "user", "two"), said("d", "c", "assistant", "2")];

async function sessionsDir(): Promise<string> {
  const dir = join(await temporaryFolder(), "sessions");
  await mkdir(dir);
  return dir;
}

it("makes a session that opens and goes on like one of ours, and says where it came from", async () => {
  const dir = await sessionsDir();
  const report = await importLines("pi", ONE, importOptions(dir));
  expect(report).toMatchObject({ status: "imported", messages: 2, runs: 1, cwd: "/repo/here", name: "one" });
  const path = report.path ?? "";
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const { store, branch } = await openSession(path, storeContext("f"));
  expect(branch.notices).toEqual([]);
  expect(branch.header.origin).toMatchObject({ agent: "pi", sessionId: "the-one", cwd: "/not/here" });
  await writeRun(store, "go on", user("x"));
  await store.close();
  expect(texts((await history(path)).map((message) => ({ message })))).toEqual(["one", "1", "go on", "x"]);
  const [listed] = await listSessions(dir, { cwd: "/repo/here" });
  expect(listed).toMatchObject({ id: report.id, firstPrompt: "one", runs: 2, runtimes: ["pi", "native"] });
});

it("stands in lists at the time of its last entry, and in its own folder where that is here", async () => {
  const dir = await sessionsDir();
  const cwd = await temporaryFolder();
  const report = await importLines("pi", [{ ...head, cwd }, ...ONE.slice(1)], importOptions(dir));
  expect(report.cwd).toBe(cwd);
  expect((await stat(report.path ?? "")).mtimeMs).toBe(Date.UTC(2026, 0, 1, 0, 0, 5));
});

describe("importing again", () => {
  it("changes nothing where the source is the same", async () => {
    const dir = await sessionsDir();
    const first = await importLines("pi", ONE, importOptions(dir));
    const bytes = await readFile(first.path ?? "");
    const known = await knownSessions(dir);
    expect(await importLines("pi", ONE, importOptions(dir, { known }))).toMatchObject({
      status: "already",
      id: first.id,
    });
    expect(await readFile(first.path ?? "")).toEqual(bytes);
    expect((await knownSessions(dir)).size).toBe(1);
  });

  it("brings what is new where nobody went on with the import", async () => {
    const dir = await sessionsDir();
    const first = await importLines("pi", ONE, importOptions(dir));
    const again = await importLines("pi", TWO, importOptions(dir, { known: await knownSessions(dir) }));
    expect(again).toMatchObject({ status: "updated", id: first.id, messages: 4 });
    expect((await knownSessions(dir)).size).toBe(1);
    expect(await history(again.path ?? "")).toHaveLength(4);
  });

  it("leaves an import alone that somebody went on with: the newer source stands beside it, once", async () => {
    const dir = await sessionsDir();
    const first = await importLines("pi", ONE, importOptions(dir));
    const { store } = await openSession(first.path ?? "", storeContext("f"));
    await writeRun(store, "mine");
    await store.close();
    const bytes = await readFile(first.path ?? "");
    const again = await importLines("pi", TWO, importOptions(dir, { known: await knownSessions(dir) }));
    expect(again.status).toBe("imported");
    expect(again.id).not.toBe(first.id);
    expect(await readFile(first.path ?? "")).toEqual(bytes);
    const third = await importLines("pi", TWO, importOptions(dir, { known: await knownSessions(dir) }));
    expect(third).toMatchObject({ status: "already", id: again.id });
  });

  it("keeps two sessions apart of which one began with lines of the other", async () => {
    const dir = await sessionsDir();
    const line = (uuid: string, parentUuid: string | null, sessionId: string) => ({
      type: "user",
      uuid,
      parentUuid,
      sessionId,
      timestamp: "2026-01-01T00:00:00.000Z",
      message: { role: "user", content: uuid },
    });
    const first = [line("a", null, "s1"), line("b", "a", "s1")];
    const forked = [...first, line("c", "b", "s2")];
    await importLines("claude-code", first, importOptions(dir));
    const second = await importLines(
      "claude-code",
      forked,
      importOptions(dir, { known: await knownSessions(dir) }),
    );
    expect(second.status).toBe("imported");
    expect((await knownSessions(dir)).size).toBe(2);
  });

  it("makes a copy when that is asked for", async () => {
    const dir = await sessionsDir();
    const ids = new Set<string | null>();
    for (let count = 0; count < 4; count++) {
      const options = importOptions(dir, { known: await knownSessions(dir), again: true });
      ids.add((await importLines("pi", ONE, options)).id);
    }
    expect(ids.size).toBe(4);
    expect((await knownSessions(dir)).size).toBe(4);
  });
});

it("writes nothing in a dry run, and tells the same", async () => {
  const dir = await sessionsDir();
  const dry = await importLines("pi", TWO, importOptions(dir, { dryRun: true }));
  expect(await readdir(dir)).toEqual([]);
  const real = await importLines("pi", TWO, importOptions(dir));
  expect({ ...dry, source: "" }).toEqual({ ...real, source: "" });
});

it("says whose file it is when it is another agent's, and makes nothing", async () => {
  const dir = await sessionsDir();
  await expect(importLines("codex", ONE, importOptions(dir))).rejects.toMatchObject({
    code: "import.format",
    hint: "Use --from pi.",
  });
  await expect(importLines("claude-code", [{ x: 1 }], importOptions(dir))).rejects.toMatchObject({
    code: "import.format",
  });
  expect(await readdir(dir)).toEqual([]);
});

it("counts lines that are no JSON, a torn last one too, and takes the rest", async () => {
  const dir = await sessionsDir();
  const file = join(dir, "..", "damaged.jsonl");
  const lines = TWO.map((value) => JSON.stringify(value));
  await writeFile(
    file,
    `\uFEFF${lines[0]}\r\n{{{\n\n${lines.slice(1).join("\n")}\n${lines[1]?.slice(0, 20)}`,
  );
  const report = await importSession("pi", fileSource(file), importOptions(dir));
  expect(report).toMatchObject({ status: "imported", messages: 4, unknown: { "not JSON": 2 } });
});

it("says in one sentence that the sessions' folder cannot be written", async () => {
  const dir = await sessionsDir();
  const options = importOptions("/dev/null/sessions");
  const file = join(dir, "..", "pi.jsonl");
  await writeFile(file, ONE.map((value) => JSON.stringify(value)).join("\n"));
  await expect(importSession("pi", fileSource(file), options)).rejects.toMatchObject({
    code: "session.write",
  });
});

it("never names a file by what the source says", async () => {
  const dir = await sessionsDir();
  const evil = { ...head, id: "../../../evil", cwd: "../../..", timestamp: "../../x" };
  const report = await importLines("pi", [evil, ...ONE.slice(1)], importOptions(dir));
  expect(report.path?.startsWith(`${dir}/here-`)).toBe(true);
  expect(report.id).toMatch(/^[0-9a-z]{17}$/);
});

it("never throws, whatever the values of a file are, and makes a tree that can be read", () => {
  const known = fc.constantFrom(
    ..."type uuid parentUuid message content role id text parts info payload tool_use user assistant session".split(
      " ",
    ),
    ..."system timestamp toolCalls name result output summary $set $rewindTo messages thoughts tokens state".split(
      " ",
    ),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      known,
      fc.string(),
      fc.double(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(known, tie("any"), { maxKeys: 6 }),
    ),
  })).any;
  for (const agent of FOREIGN_AGENTS) {
    if (agent === "hearth") continue;
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), (values) => {
        const { entries } = translated(agent, values);
        const ids = new Set<string | null>([null]);
        for (const entry of entries) {
          expect(ids.has(entry.parentId)).toBe(true);
          ids.add(entry.id);
        }
        outline(entries);
      }),
      { numRuns: 150, seed: 7 },
    );
  }
});

it("needs little memory for a big session, and leaves nothing in the list when it is killed in the middle", async () => {
  const dir = await sessionsDir();
  const file = join(dir, "..", "big.jsonl");
  await writeBig(file, 80 * 1024 * 1024);
  const child = fileURLToPath(new URL("../../support/importing-child.ts", import.meta.url));
  const run = (killAt: string) =>
    spawn(process.execPath, [child, file, dir, killAt], { stdio: ["ignore", "pipe", "inherit"] });

  const killed = run("kill");
  await once(killed, "exit");
  expect(killed.signalCode).toBe("SIGKILL");
  expect(await listSessions(dir)).toEqual([]);
  expect((await readdir(dir)).filter((name) => name.endsWith(".tmp"))).toHaveLength(1);
  await removeLeftovers(dir);
  expect(await readdir(dir)).toEqual([]);

  const whole = run("never");
  let told = "";
  whole.stdout.on("data", (data: Buffer) => (told += data));
  await once(whole, "close");
  const { peakMegabytes, report } = JSON.parse(told) as {
    peakMegabytes: number;
    report: { path: string; messages: number };
  };
  expect(peakMegabytes).toBeLessThan(400);
  expect((await readBranch(report.path)).notices).toEqual([]);
  expect(report.messages).toBeGreaterThan(500);
}, 120_000);

async function writeBig(file: string, bytes: number): Promise<void> {
  const stream = createWriteStream(file);
  const filler = "x".repeat(100_000);
  stream.write(`${JSON.stringify(head)}\n`);
  let parent: string | null = null;
  for (let size = 0, at = 0; size < bytes; at++) {
    const id = `m${at}`;
    const line: string = `${JSON.stringify(said(id, parent, at % 2 === 0 ? "user" : "assistant", `${at} ${filler}`))}\n`;
    parent = id;
    size += line.length;
    if (!stream.write(line)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
}
