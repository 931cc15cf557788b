import { readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { type Draft, formatDraft, parseDraft } from "../../../src/tui/editor/draft.ts";
import { createDraftFile, type DraftFile } from "../../../src/tui/editor/draft-file.ts";
import { joinFragments, plainFragment, tokenFragment } from "../../../src/tui/editor/fragment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { hardText } from "./hard-text.ts";

const draft = (text: string): Draft => ({ content: plainFragment(text), nextToken: 1 });

function open(folder: string, pid: number, alive: readonly number[] = []): DraftFile {
  const onError = (error: unknown): void => {
    throw error;
  };
  const historyFile = join(folder, "project.jsonl");
  return createDraftFile({ historyFile, pid, isAlive: (other) => alive.includes(other), onError });
}

const fileOf = (folder: string, pid: number): string => join(folder, `project.draft-${pid}.json`);

describe("a draft", () => {
  test("keeps any text with pastes in full and images by path", () => {
    fc.assert(
      fc.property(hardText, hardText, (text, pasted) => {
        const paste = tokenFragment("[pasted #1]", { kind: "paste", text: pasted });
        const image = tokenFragment("[image #2]", { kind: "image", path: "/a b.png" });
        const content = joinFragments(joinFragments(plainFragment(text), paste), image);
        expect(parseDraft(formatDraft({ content, nextToken: 3 }))).toEqual({ content, nextToken: 3 });
      }),
    );
  });

  test.each([
    "",
    "{",
    "[]",
    '{"text":"x"}',
    '{"text":"","tokens":[]}',
    '{"text":"x","tokens":[{"start":0,"end":9,"attachment":{"kind":"paste","text":"y"}}]}',
    '{"text":"x","tokens":[{"start":0,"end":1,"attachment":{"kind":"other"}}]}',
  ])("that is damaged is none: %s", (json) => {
    expect(parseDraft(json)).toBeNull();
  });
});

describe("the file of a draft", () => {
  test("holds the newest text after a while, private, and not one write a key", async () => {
    const folder = await temporaryFolder();
    const file = open(folder, 1);
    for (const text of ["h", "he", "hel"]) file.follow(draft(text));
    expect(await readdir(folder)).toEqual([]);
    await vi.waitFor(async () => expect(await readFile(fileOf(folder, 1), "utf8")).toContain('"hel"'), 5_000);
    expect((await stat(fileOf(folder, 1))).mode & 0o777).toBe(0o600);
  });

  test("is gone at once when the text was sent or cleared", async () => {
    const folder = await temporaryFolder();
    const file = open(folder, 1);
    file.follow(draft("hello"));
    await vi.waitFor(() => stat(fileOf(folder, 1)), 5_000);
    file.follow(draft(""));
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]));
  });

  test("is given back once to the next program, the newest first; those of running programs are not", async () => {
    const folder = await temporaryFolder();
    for (const [pid, text] of [
      [11, "old"],
      [12, "new"],
      [13, "running"],
    ] as const) {
      await writeFile(fileOf(folder, pid), formatDraft(draft(text)));
      await utimes(fileOf(folder, pid), pid, pid);
    }
    expect((await open(folder, 1, [13]).recover())?.content.text).toBe("new");
    expect((await open(folder, 2, [13, 1]).recover())?.content.text).toBe("old");
    expect(await open(folder, 3, [13, 1, 2]).recover()).toBeNull();
    expect((await readdir(folder)).sort()).toEqual([1, 13, 2].map((pid) => `project.draft-${pid}.json`));
  });

  test("of a saved session comes back with that session alone; one of none with any", async () => {
    const folder = await temporaryFolder();
    const put = async (pid: number, text: string, session?: string): Promise<void> => {
      await writeFile(fileOf(folder, pid), formatDraft({ ...draft(text), ...(session ? { session } : {}) }));
      await utimes(fileOf(folder, pid), pid, pid);
    };
    await put(11, "of nobody");
    await put(12, "of a", "a");
    await put(13, "of b", "b");
    const waiting: string[] = [];
    const recover = async (pid: number, session: string | null, alive: readonly number[] = []) =>
      (await open(folder, pid, alive).recover(session, (id) => waiting.push(id)))?.content.text;
    expect(await recover(1, "a")).toBe("of a");
    expect(await recover(2, null, [1])).toBe("of nobody");
    expect(await recover(3, "c", [1, 2])).toBeUndefined();
    expect(await recover(4, "b", [1, 2])).toBe("of b");
    expect(waiting).toEqual(["b", "b", "b"]);
  });

  test("is written at the end when a signal ends the program, and removed when there is nothing", async () => {
    const folder = await temporaryFolder();
    const file = open(folder, 1);
    file.follow(draft("unsent"));
    file.close();
    expect((await open(folder, 2).recover())?.content.text).toBe("unsent");
    const next = open(folder, 2);
    next.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test("is nothing where the folder is not there, or the file is damaged", async () => {
    const folder = await temporaryFolder();
    expect(await open(join(folder, "none"), 1).recover()).toBeNull();
    await writeFile(fileOf(folder, 9), "half a");
    expect(await open(folder, 1).recover()).toBeNull();
  });
});
