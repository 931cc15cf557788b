import { rm, symlink, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { searchSessions } from "../../src/session/search.ts";
import { findWord, parseQuery } from "../../src/session/search-query.ts";
import { createSession, type SessionStore } from "../../src/session/store.ts";
import { answer, call, result, storeContext, user, writeRun } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CWD = "/repo/project";
let written = 0;

async function session(
  dir: string,
  id: string,
  fill: (store: SessionStore) => Promise<unknown>,
  options: { cwd?: string } = {},
): Promise<string> {
  const store = createSession({ dir, cwd: CWD, ...storeContext(id), id, ...options });
  await writeRun(store, "start", answer("begun"));
  await fill(store);
  await store.close();
  written += 1;
  await utimes(store.path ?? "", written, written);
  return store.path ?? "";
}

const search = (dir: string, query: string, options: { cwd?: string; limit?: number } = { cwd: CWD }) =>
  searchSessions({ dir, query, signal: new AbortController().signal, ...options });

const found = async (dir: string, query: string, options?: { cwd?: string; limit?: number }) =>
  (await search(dir, query, options)).map(({ file, kind }) => `${file.id} ${kind}`);

describe("a search over the texts of sessions", () => {
  it("ranks names and prompts over answers over what tools printed, and newer over older", async () => {
    const dir = await temporaryFolder();
    await session(dir, "old-name", (store) => store.append({ type: "name", name: "The Zebra work" }));
    await session(dir, "prompt", (store) => writeRun(store, "count zebras", answer("1")));
    await session(dir, "answer", (store) => writeRun(store, "what is that?", answer("A ZEBRA, I think.")));
    await session(dir, "tool", (store) =>
      writeRun(store, "look", answer(call("c")), result("c", "a\nzebra\nb"), answer("seen")),
    );
    await session(dir, "nothing", (store) => writeRun(store, "hello", answer("hi")));
    expect(await found(dir, "zebra")).toEqual([
      "prompt prompt",
      "old-name name",
      "answer answer",
      "tool tool",
    ]);
  });

  it("wants every word, wherever it stands; where all stand together comes first", async () => {
    const dir = await temporaryFolder();
    await session(dir, "together", (store) => writeRun(store, "q", answer("the parser of comma files")));
    await session(dir, "apart", (store) => writeRun(store, "the parser", answer("splits at a comma")));
    await session(dir, "half", (store) => writeRun(store, "the parser", answer("splits")));
    expect(await found(dir, "parser comma")).toEqual(["together answer", "apart prompt"]);
    expect(await found(dir, "parser comma nowhere")).toEqual([]);
  });

  it.each([
    ['"carriage return"', true],
    ['"return carriage"', false],
    ['say "hi"', true],
    ["C:\\temp", true],
    ["a+b(c)[d]{e}|f.g?^$/", true],
    ["grüße 😀", true],
    ["GRÜSSE", false],
    ["naïve", true],
    ["toolCallId", false],
    ["assistant", false],
    ["nbar", false],
    ["foo bar", true],
  ])("%j is found: %s", async (query, isFound) => {
    const dir = await temporaryFolder();
    const text = 'carriage\n  return, say "hi", C:\\temp, a+b(c)[d]{e}|f.g?^$/ grüße 😀 naïve foo\nbar';
    await session(dir, "s", (store) => writeRun(store, "q", answer(text, call("c")), result("c", "x")));
    expect(await found(dir, query)).toEqual(isFound ? ["s answer"] : []);
  });

  it("tells the place: the entry, its neighbourhood on one line, how many entries hold it", async () => {
    const dir = await temporaryFolder();
    const long = `${"before ".repeat(50)}\nNEEDLE\n${"after ".repeat(50)}`;
    await session(dir, "s", async (store) => {
      await store.append({ type: "message", id: "u1", message: user("find it") });
      await store.append({ type: "message", id: "a1", message: answer(long) });
      await store.append({ type: "message", id: "a2", message: answer("the needle again") });
    });
    const [hit] = await search(dir, "needle");
    expect(hit).toMatchObject({ entryId: "a2", text: "the needle again", entries: 2 });
    const [other] = await search(dir, '"needle after"');
    expect(other?.entryId).toBe("a1");
    expect(other?.text).toMatch(/^….*before NEEDLE after.*…$/);
    expect(other?.text.length).toBeLessThan(200);
  });

  it("reads lines of any length and never takes a picture for a text", async () => {
    const dir = await temporaryFolder();
    const data = Buffer.from("zebra".repeat(200_000)).toString("base64");
    await session(dir, "s", async (store) => {
      const picture = { type: "image", mimeType: "image/png", data: `${data}zebra` } as const;
      const text = { type: "text", text: `${"x".repeat(300_000)} giraffe` } as const;
      await store.append({ type: "message", message: { role: "user", content: [picture, text] } });
    });
    expect(await found(dir, "zebra")).toEqual([]);
    expect(await found(dir, "giraffe")).toEqual(["s prompt"]);
  });

  it("is about one project, or all; behind links too", async () => {
    const dir = await temporaryFolder();
    await session(dir, "here", (store) => writeRun(store, "zebra", answer("1")));
    const path = await session(dir, "there", (store) => writeRun(store, "zebra", answer("1")), {
      cwd: "/other",
    });
    expect(await found(dir, "zebra")).toEqual(["here prompt"]);
    expect(await found(dir, "zebra", {})).toEqual(["there prompt", "here prompt"]);
    const elsewhere = join(await temporaryFolder(), "kept");
    await (await import("node:fs/promises")).rename(dirname(path), elsewhere);
    await symlink(elsewhere, join(dir, basename(dirname(path))));
    expect(await found(dir, "zebra", {})).toEqual(["there prompt", "here prompt"]);
  });

  it("stops at its limit, and finds nothing where there is nothing", async () => {
    const dir = await temporaryFolder();
    for (let number = 0; number < 6; number++) {
      await session(dir, `s${number}`, (store) => writeRun(store, "zebra", answer("1")));
    }
    expect(await found(dir, "zebra", { cwd: CWD, limit: 2 })).toEqual(["s5 prompt", "s4 prompt"]);
    expect(await found(join(dir, "nowhere"), "zebra")).toEqual([]);
    await rm(dir, { recursive: true });
    expect(await found(dir, "zebra", {})).toEqual([]);
  });

  it.each(["", "   ", '""', '" "'])("%j asks for nothing and is refused", async (query) => {
    await expect(search(await temporaryFolder(), query)).rejects.toMatchObject({ code: "search.query" });
  });

  it("ends when nobody waits for it any more", async () => {
    const dir = await temporaryFolder();
    await session(dir, "s", (store) => writeRun(store, "zebra", answer("1")));
    await expect(searchSessions({ dir, query: "zebra", signal: AbortSignal.abort() })).rejects.toThrow(
      /abort/i,
    );
  });
});

it("a query is words and phrases, each once, not more than eight", () => {
  expect(parseQuery('One two  "three  four" one').words).toEqual(["one", "two", "three  four"]);
  expect(parseQuery("a b c d e f g h i j").words).toHaveLength(8);
  expect(parseQuery('open "quote').words).toEqual(["open", '"quote']);
});

it("a word is found where it stands, white space of any kind between the words of a phrase", () => {
  expect(findWord("one\n\ttwo", "one two")).toEqual([0, 8]);
  expect(findWord("x.y", "x.y")).toEqual([0, 3]);
  expect(findWord("xay", "x.y")).toBeNull();
});
