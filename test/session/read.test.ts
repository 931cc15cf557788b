import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch, readEntries, readState } from "../../src/session/read.ts";
import { createSession, openSession } from "../../src/session/store.ts";
import {
  allEntries,
  answer,
  storeContext,
  texts,
  user,
  writeRun,
  writeSession,
} from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CORPUS = "../shared/corpora/agent-sessions/pi-session-a.jsonl";
const cwd = "/repo/project";

describe("a file that is no session", () => {
  it.each([
    ["empty", "", "session.invalid"],
    ["text", "hello\nworld\n", "session.invalid"],
    [
      "a session of another program",
      '{"type":"session","id":"x","timestamp":"t","cwd":"/"}\n',
      "session.invalid",
    ],
    ["a header cut off", '{"type":"session","version":1,"id":"x"', "session.invalid"],
    ["binary", "\u0000\u0001\u0002", "session.invalid"],
  ])("%s: is refused", async (_name, content, code) => {
    const path = join(await temporaryFolder(), "file.jsonl");
    await writeFile(path, content);
    await expect(openSession(path, storeContext())).rejects.toMatchObject({ code });
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("of version 99 is refused with a hint and not touched (A-094)", async () => {
    const path = await writeSession(await temporaryFolder(), ["one"]);
    const changed = readFileSync(path, "utf8").replace('"version":1', '"version":99');
    writeFileSync(path, changed);
    await expect(openSession(path, storeContext())).rejects.toMatchObject({
      code: "session.version",
      hint: expect.stringContaining("Update"),
    });
    expect(readFileSync(path, "utf8")).toBe(changed);
  });

  it("that is missing or a folder is named", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "a.jsonl"));
    await expect(readBranch(join(folder, "none.jsonl"))).rejects.toMatchObject({ code: "session.not_found" });
    await expect(readBranch(join(folder, "a.jsonl"))).rejects.toMatchObject({ code: "session.invalid" });
  });
});

describe("a torn last line (A-092)", () => {
  it("is dropped with a notice, cut away at the next append and not before", async () => {
    const path = await writeSession(await temporaryFolder(), ["one"]);
    const whole = readFileSync(path, "utf8");
    await appendFile(path, '{"type":"message","id":"torn","parentId":"e5","ti');
    const { store, branch } = await openSession(path, storeContext("f"));
    expect(branch.notices.map((notice) => notice.code)).toEqual(["session.torn_line"]);
    expect(texts(sessionContext(branch).history)).toEqual(["one", "answer to one"]);
    expect(readFileSync(path, "utf8")).not.toBe(whole);
    await writeRun(store, "two");
    await store.close();
    expect(readFileSync(path, "utf8").startsWith(whole)).toBe(true);
    const again = await readBranch(path);
    expect(again.notices).toEqual([]);
    expect(texts(sessionContext(again).history)).toEqual(["one", "answer to one", "two"]);
  });

  it("that only lacks its line feed is kept, and the next entry starts on a line of its own", async () => {
    const path = await writeSession(await temporaryFolder(), ["one"]);
    writeFileSync(path, readFileSync(path, "utf8").trimEnd());
    const { store, branch } = await openSession(path, storeContext("f"));
    expect(branch.notices).toEqual([]);
    await writeRun(store, "two");
    await store.close();
    const again = await readBranch(path);
    expect(again.notices).toEqual([]);
    expect(again.state.runs).toBe(2);
  });

  it("property: cut at any byte, every whole line is kept and the session goes on", async () => {
    const folder = await temporaryFolder();
    const original = await writeSession(folder, ["eins — ä", "zwei 🔥", "drei"]);
    const bytes = readFileSync(original);
    const headerEnd = bytes.indexOf(10) + 1;
    const path = join(folder, "cut.jsonl");
    for (let length = headerEnd; length <= bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      const lines = bytes.subarray(headerEnd, length).toString("utf8").split("\n");
      const expected = lines.filter(isWhole).length;
      expect(await allEntries(readEntries(path))).toHaveLength(expected);
      if (length % 7 !== 0) continue;
      const { store, branch } = await openSession(path, storeContext("f"));
      await writeRun(store, "more");
      await store.close();
      const again = await readBranch(path);
      expect(again.notices).toEqual([]);
      expect(again.entries).toHaveLength(branch.entries.length + 3);
    }
  });
});

describe("a damaged line inside (A-093)", () => {
  it.each([
    ["garbage", () => "\u0000garbage{{{"],
    ["half a line", (line: string) => line.slice(0, line.length / 2)],
    ["no entry", () => '{"hello":1}'],
    ["an entry with wrong fields", (line: string) => line.replace('"role":"assistant"', '"role":"pope"')],
  ])("%s: warns with its number, keeps the rest, leaves the bytes", async (_name, damage) => {
    const path = await writeSession(await temporaryFolder(), ["one", "two", "three"]);
    const lines = readFileSync(path, "utf8").split("\n");
    const bad = lines.findIndex((line) => line.includes("answer to two"));
    lines[bad] = damage(lines[bad] ?? "");
    const damaged = lines.join("\n");
    writeFileSync(path, damaged);
    const { store, branch } = await openSession(path, storeContext("f"));
    await store.close();
    expect(branch.notices[0]).toMatchObject({
      code: "session.bad_line",
      message: expect.stringContaining(`Line ${bad + 1} `),
    });
    expect(texts(sessionContext(branch).history)).toEqual([
      "one",
      "answer to one",
      "two",
      "three",
      "answer to three",
    ]);
    expect(readFileSync(path, "utf8")).toBe(damaged);
  });

  it("many: five are named, the rest counted", async () => {
    const path = await writeSession(await temporaryFolder(), ["one"]);
    const lines = readFileSync(path, "utf8").split("\n");
    lines.splice(2, 0, ...Array.from({ length: 12 }, () => "x"));
    writeFileSync(path, lines.join("\n"));
    const { notices } = await readBranch(path);
    expect(notices).toHaveLength(6);
    expect(notices[0]?.message).toContain("Line 3 ");
    expect(notices[5]?.message).toContain("7 more lines");
  });

  it("property: random bytes anywhere never make it throw or lose the entries around them", async () => {
    const folder = await temporaryFolder();
    const original = readFileSync(await writeSession(folder, ["one", "two", "three"]));
    const path = join(folder, "random.jsonl");
    const place = fc.integer({ min: original.indexOf(10) + 1, max: original.length });
    const noise = fc.uint8Array({ minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(place, noise, fc.boolean(), async (at, bytes, replace) => {
        const rest = original.subarray(replace ? at + bytes.length : at);
        writeFileSync(path, Buffer.concat([original.subarray(0, at), bytes, rest]));
        const branch = await readBranch(path);
        const before = original.subarray(0, at).toString().split("\n").slice(1, -1).length;
        const entries = await allEntries(readEntries(path));
        expect(entries.length).toBeGreaterThanOrEqual(before);
        expect(branch.entries.length).toBeGreaterThan(0);
        sessionContext(branch);
      }),
      { numRuns: 300 },
    );
  });
});

it("a queue item whose message was recorded before the queue could say so does not wait any more", async () => {
  const store = createSession({ dir: await temporaryFolder(), cwd, ...storeContext() });
  const item = (id: string) => ({ id, kind: "steer", text: id, state: "pending", time: 1 }) as const;
  await store.append({ type: "queue", items: [item("s1"), item("s2")] });
  await store.append({ type: "message", id: "s1", message: user("s1") });
  await store.close();
  const { state } = await readBranch(store.path ?? "");
  expect(state.queue.map(({ id }) => id)).toEqual(["s2"]);
});

it("a line that is gone costs no more than itself", async () => {
  const path = await writeSession(await temporaryFolder(), ["one", "two"]);
  const lines = readFileSync(path, "utf8").split("\n");
  const gone = lines.findIndex((line) => line.includes("answer to one"));
  writeFileSync(path, lines.filter((_, index) => index !== gone).join("\n"));
  const branch = await readBranch(path);
  expect(texts(sessionContext(branch).history)).toEqual(["one", "two", "answer to two"]);
  expect(branch.notices).toMatchObject([{ code: "session.missing_entry" }]);
});

describe("odd trees", () => {
  const line = (id: string, parentId: string | null, text: string) =>
    `${JSON.stringify({ type: "message", id, parentId, time: "t", message: user(text) })}\n`;
  const header = `${JSON.stringify({ type: "session", version: 1, id: "s", time: "t", cwd, writer: "w" })}\n`;

  it.each([
    ["a cycle", line("a", "b", "A") + line("b", "a", "B"), ["A", "B"]],
    ["an entry that is its own parent", line("a", "a", "A"), ["A"]],
    [
      "the same id twice",
      line("a", null, "A1") + line("a", "a", "A2") + line("b", "a", "B"),
      ["A1", "A2", "B"],
    ],
    ["a parent that is nowhere", line("a", "nowhere", "A") + line("b", "a", "B"), ["A", "B"]],
    [
      "a move to nowhere",
      `${line("a", null, "A")}${JSON.stringify({ type: "leaf", id: "l", parentId: "a", time: "t", targetId: "nowhere" })}\n`,
      ["A"],
    ],
  ])("%s: gives a consistent path", async (_name, content, expected) => {
    const path = join(await temporaryFolder(), "odd.jsonl");
    await writeFile(path, header + content);
    const { store, branch } = await openSession(path, storeContext("f"));
    expect(texts(sessionContext(branch).history)).toEqual(expected);
    await writeRun(store, "more");
    await store.close();
    expect(texts(sessionContext(await readBranch(path)).history)).toEqual([...expected, "more"]);
  });

  it("an entry of an unknown type stays in the file and on the path", async () => {
    const path = join(await temporaryFolder(), "future.jsonl");
    const future = '{"type":"hologram","id":"h","parentId":"a","time":"t","depth":3}\n';
    await writeFile(path, header + line("a", null, "A") + future + line("b", "h", "B"));
    const branch = await readBranch(path);
    expect(branch.notices).toEqual([]);
    expect(branch.entries[1]).toMatchObject({ type: "unknown", raw: { type: "hologram", depth: 3 } });
    expect(texts(sessionContext(branch).history)).toEqual(["A", "B"]);
  });

  it("property: any forest of entries and moves gives a path that each entry's parent precedes", async () => {
    const path = join(await temporaryFolder(), "forest.jsonl");
    const id = fc.integer({ min: 0, max: 12 }).map((n) => `n${n}`);
    const entry = fc.record({ id, parentId: fc.option(id), leaf: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 25 }), async (entries) => {
        const lines = entries.map(({ id, parentId, leaf }) =>
          leaf
            ? `${JSON.stringify({ type: "leaf", id: `l${id}`, parentId, time: "t", targetId: parentId })}\n`
            : line(id, parentId, id),
        );
        writeFileSync(path, header + lines.join(""));
        const branch = await readBranch(path);
        expect(new Set(branch.entries).size).toBe(branch.entries.length);
        expect(branch.entries.length).toBeLessThanOrEqual(entries.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe("reading from the end", () => {
  it("stops at what the newest compaction kept, and at the root when all is asked for", async () => {
    const store = createSession({ dir: await temporaryFolder(), cwd, ...storeContext() });
    const filler = "x".repeat(20_000);
    for (let index = 0; index < 100; index++) await writeRun(store, `${index} ${filler}`, answer("ok"));
    const keptId = await store.append({ type: "message", message: user("kept") });
    await store.append({
      type: "compaction",
      summary: "so far",
      firstKeptId: keptId,
      tokensBefore: 2,
      tokensAfter: 1,
      filesRead: [],
      filesModified: [],
    });
    await writeRun(store, "after", answer("ok"));
    await store.close();
    const path = store.path ?? "";

    const branch = await readBranch(path, { entries: 10 });
    expect(branch.complete).toBe(false);
    expect(branch.entries.length).toBeLessThan(20);
    expect(texts(sessionContext(branch).history)).toEqual(["so far", "kept", "after", "ok"]);
    expect(branch.state).toMatchObject({ runs: 101, firstPrompt: expect.stringMatching(/^0 x/) });
    const whole = await readBranch(path, { whole: true });
    expect(whole.complete).toBe(true);
    expect(whole.entries.filter((entry) => entry.type === "run_start")).toHaveLength(101);
    expect(sessionContext(whole).history).toEqual(sessionContext(branch).history);
    expect((await readState(path)).state).toEqual(branch.state);
  });
});

describe.runIf(existsSync(CORPUS))("the recorded session of another agent, 1,019 lines", () => {
  it("as entries of ours, cut at 200 places, keeps every whole line", async () => {
    const recorded = readFileSync(CORPUS, "utf8").trimEnd().split("\n");
    const header = { type: "session", version: 1, id: "s", time: "t", cwd, writer: "w" };
    const entries = recorded.slice(1).map((text, index) => {
      const { type, ...rest } = JSON.parse(text) as Record<string, unknown>;
      return {
        type: `pi_${type}`,
        id: `${index}`,
        parentId: index === 0 ? null : `${index - 1}`,
        time: "t",
        rest,
      };
    });
    const bytes = Buffer.from([header, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    const start = bytes.indexOf(10) + 1;
    const path = join(await temporaryFolder(), "cut.jsonl");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: bytes.length }), async (length) => {
        writeFileSync(path, bytes.subarray(0, length));
        const whole = bytes.subarray(start, length).toString("utf8").split("\n").filter(isWhole).length;
        const branch = await readBranch(path);
        expect(branch.entries).toHaveLength(whole);
        expect(branch.complete).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

it.runIf(!existsSync(CORPUS))("the recorded sessions are not here: their cases were not run", () => {
  expect(existsSync(CORPUS)).toBe(false);
});

function isWhole(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}
