// Keys in the view, without a terminal.
import type { Key } from "ink";
import { beforeAll, expect, it } from "vitest";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { loadMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import type { SessionBook } from "../../../src/tui/transcript-view/book.ts";
import { RowCache } from "../../../src/tui/transcript-view/item-strip.ts";
import { Viewer, type ViewerOptions } from "../../../src/tui/transcript-view/viewer.ts";
import { answer, call, result } from "../../support/session-entries.ts";
import { NO_KEY } from "../no-key.ts";
import { testView, visible } from "../theme/test-view.ts";
import { openBook, type TestRun } from "./test-book.ts";

beforeAll(() => loadMarkdown());

const PATCH = "@@ -1 +1 @@\n-old words\n+new words\n";

const edited = {
  ...result("e1", "ok", "edit"),
  details: { diff: { path: "a.ts", patch: PATCH, added: 1, removed: 1 } },
};

const RUNS: TestRun[] = [
  ...Array.from({ length: 20 }, (_, index) => ({ prompt: `prompt ${index}.` })),
  {
    prompt: "edit it",
    messages: [
      answer(
        "I edit:\n\n```js\nfirst();\n```\n\n```js\nsecond();\n```",
        call("e1", "edit", { path: "a.ts" }),
      ),
      edited,
      answer("done **now**"),
    ],
  },
];

function viewerOf(
  book: SessionBook,
  size: { rows: number; width: number },
  does: Partial<Pick<ViewerOptions, "copy" | "leave" | "isAsked">> = {},
): Viewer {
  return new Viewer({
    book,
    cache: new RowCache(),
    bindings: defaultKeybindings(),
    title: () => "the session",
    view: () => testView(size.width),
    rows: () => size.rows,
    progress: () => 1,
    now: () => 0,
    copy: () => undefined,
    isAsked: () => false,
    leave: () => undefined,
    ...does,
  });
}

async function openViewer(rows = 20, opens = true) {
  const { book, log, open } = await openBook(RUNS, { logged: 3, opens });
  const size = { rows, width: 79 };
  const copied: string[] = [];
  const left: (string | null)[] = [];
  let isAsked = false;
  const asks = (): void => {
    isAsked = true;
  };
  const viewer = viewerOf(book, size, {
    isAsked: () => isAsked,
    copy: (text) => copied.push(text),
    leave: (command) => left.push(command),
  });
  const text = (): string => visible(viewer.frame.get().rows).join("\n");
  const type = (keys: string): void => viewer.press(keys, NO_KEY);
  const key = (change: Partial<Key>): void => viewer.press("", { ...NO_KEY, ...change });
  /** Rows that have the bar of the selection. */
  const selected = (): string[] =>
    visible(viewer.frame.get().rows)
      .filter((row) => row.startsWith("▌"))
      .map((row) => row.slice(1).trim());
  return { viewer, open, log, size, copied, left, asks, text, type, key, selected };
}

it("opens at the end with the newest item selected, and goes item by item", async () => {
  const { text, type, selected } = await openViewer();
  expect(text()).toMatch(/the session +run 21 of 21 +100%/);
  // The line at the end of a run is nothing to do anything with.
  expect(selected()).toEqual(["done now"]);
  // Keys of a held key come together.
  type("kk");
  expect(selected()[0]).toBe("I edit:");
  type("j");
  expect(selected()[0]).toMatch(/^▾ ✓ edit {2}a\.ts +\+1 -1/);
});

it("the first row, the last row, and from prompt to prompt", async () => {
  const { text, type, key, selected } = await openViewer();
  key({ home: true });
  expect(selected()).toEqual(["▾ prompt 0."]);
  expect(text()).toMatch(/run 1 of 21/);
  expect(text()).toMatch(/more rows below \(End\)/);
  type("]]");
  expect(selected()).toEqual(["▾ prompt 2."]);
  type("[");
  expect(selected()).toEqual(["▾ prompt 1."]);
  key({ end: true });
  expect(text()).not.toContain("rows below");
});

it("scrolled up it stays put while more is said, and End follows again", async () => {
  const { viewer, log, text, key } = await openViewer();
  key({ pageUp: true });
  const body = (): string[] => text().split("\n").slice(1, -1);
  const before = body();
  for (let index = 0; index < 9; index++) {
    log.add({ kind: "assistant", id: `n${index}`, text: `news ${index}`, speaker: "" });
    viewer.draw();
    expect(body()).toEqual(before);
  }
  key({ end: true });
  expect(text()).toContain("news 8");
  log.add({ kind: "assistant", id: "n9", text: "the newest", speaker: "" });
  viewer.draw();
  expect(text()).toContain("the newest");
});

it("in another width the item at the top stays at the top", async () => {
  const { viewer, size, text, type, key } = await openViewer();
  key({ home: true });
  type("]]]");
  size.width = 33;
  viewer.draw();
  expect(text().split("\n")[1]).toContain("prompt 3.");
  size.width = 110;
  viewer.draw();
  expect(text().split("\n")[1]).toContain("prompt 3.");
});

it("folds an item, a run and all of them, and the selected one keeps its row", async () => {
  const { text, type, key, selected } = await openViewer();
  const rowOf = (words: string): number =>
    text()
      .split("\n")
      .findIndex((row) => row.includes(words));
  key({ home: true });
  type("]jj");
  expect(selected()).toEqual(["▾ prompt 2."]);
  const row = rowOf("prompt 2.");
  expect(row).toBeGreaterThan(3);
  type(" ");
  expect(selected()).toEqual(["▸ prompt 2."]);
  expect(rowOf("prompt 2.")).toBe(row);
  expect(text()).not.toContain("answer to prompt 2.");
  key({ end: true });
  type("kk ");
  expect(selected()).toEqual(["▸ I edit: …"]);
  type("ff");
  expect(text()).toContain("Only prompts are shown.");
  expect(selected()).toEqual(["▸ edit it"]);
  expect(text()).not.toContain("answer to");
});

it("searches, counts, steps from match to match and around the end", async () => {
  const { text, type, key, selected } = await openViewer();
  type("/");
  type("answer to prompt 1");
  expect(text()).toContain("/ answer to prompt 1");
  key({ return: true });
  await expect.poll(text).toMatch(/"answer to prompt 1" 11 of 11 items/);
  expect(text()).toContain("n N match");
  expect(selected()).toEqual(["answer to prompt 19."]);
  type("N");
  expect(selected()).toEqual(["answer to prompt 18."]);
  type("nn");
  expect(selected()).toEqual(["answer to prompt 1."]);
  expect(text()).toMatch(/1 of 11 items/);
  type("/");
  type("nowhere to be found");
  key({ return: true });
  await expect.poll(text).toContain('"nowhere to be found" is nowhere');
});

it("finds while it is typed, always from where one was, and says how many", async () => {
  const { text, type, key, selected } = await openViewer();
  const body = (): string[] => text().split("\n").slice(1, -1);
  type("/answer to prompt 1");
  await expect.poll(text).toMatch(/\/ answer to prompt 1 {3}11 of 11 items/);
  expect(selected()).toEqual(["answer to prompt 19."]);
  type("3");
  await expect.poll(text).toMatch(/prompt 13 {3}1 of 1 item$/m);
  expect(selected()).toEqual(["answer to prompt 13."]);
  const there = body();
  type("x");
  await expect.poll(text).toMatch(/prompt 13x {3}nowhere$/m);
  // One goes on to be where one was, as nothing was found.
  expect(selected()).toEqual(["done now"]);
  key({ backspace: true });
  await expect.poll(body).toEqual(there);
  key({ return: true });
  expect(text()).toMatch(/"answer to prompt 13" 1 of 1 item/);
  expect(body()).toEqual(there);
});

it("Esc in a search goes back to where one was, folds and the search before it too", async () => {
  const { text, type, key } = await openViewer();
  type("/prompt 19");
  key({ return: true });
  await expect.poll(text).toMatch(/"prompt 19" 2 of 2 items/);
  type("ff");
  key({ pageUp: true });
  const body = (): string[] => text().split("\n").slice(1, -1);
  const before = body();
  type("/answer to prompt 3");
  await expect.poll(text).toMatch(/▌ +answer to prompt 3\./);
  key({ escape: true });
  expect(body()).toEqual(before);
  expect(text()).toContain('"prompt 19" in 2 items');
  type("/");
  key({ return: true });
  expect(text()).toContain('"prompt 19"');
  type("/x");
  key({ backspace: true });
  expect(body()).toEqual(before);
  key({ backspace: true });
  expect(text()).toContain('"prompt 19"');
});

it("says in its title that a question waits, also over a change and while a search is typed", async () => {
  const { viewer, size, text, type, asks } = await openViewer();
  asks();
  viewer.draw();
  const title = (): string => text().split("\n")[0] ?? "";
  expect(title()).toMatch(/! a question waits \(q\) +run 21 of 21/);
  type("/");
  expect(title()).toContain("! a question waits (q)");
  viewer.press("", { ...NO_KEY, escape: true });
  type("kd");
  expect(title()).toMatch(/edit {2}a\.ts +! a question waits \(q\)/);
  size.width = 39;
  viewer.draw();
  expect(title()).toContain("! a question waits (q)");
});

it("a match in what is folded is unfolded", async () => {
  const { text, type, key } = await openViewer();
  type("ff");
  expect(text()).not.toContain("answer to");
  type("/");
  type("answer to prompt 3");
  key({ return: true });
  await expect.poll(text).toMatch(/▌ +answer to prompt 3\./);
});

it("copies the item, and one code block after the other", async () => {
  const { text, type, copied } = await openViewer();
  type("kky");
  expect(copied[0]).toContain("```js\nfirst();\n```");
  type("ccc");
  expect(copied.slice(1)).toEqual(["first();", "second();", "first();"]);
  expect(text()).toContain("Copied code block 1 of 2: 1 line.");
});

it("shows the change of a call over the whole window, and says where there is none", async () => {
  const { text, type, left } = await openViewer();
  type("d");
  expect(text()).toContain("This changed no file");
  type("kd");
  expect(text()).toMatch(/edit {2}a\.ts +\+1 -1/);
  expect(text()).toMatch(/1 {2}- old words\n +1 {2}\+ new words/);
  expect(text()).not.toContain("done now");
  type("q");
  expect(text()).toContain("done now");
  expect(left).toEqual([]);
  type("q");
  expect(left).toEqual([null]);
});

it("goes to the tree and to the runs", async () => {
  const { type, left } = await openViewer();
  type("t");
  type("r");
  expect(left).toEqual(["/tree", "/rewind"]);
});

it("in a narrow window the last row keeps the way back", async () => {
  const { viewer, size, text, key } = await openViewer();
  key({ home: true });
  size.width = 39;
  viewer.draw();
  const rows = text().split("\n");
  expect(rows.at(-1)).toMatch(/q back$/);
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(39);
});

it("what is pressed before older pages are known is done with them", async () => {
  const { open, viewer, key, text, selected } = await openViewer(20, false);
  key({ pageUp: true });
  const before = text().split("\n").slice(1, -1);
  key({ home: true });
  expect(selected()).toEqual(["▾ prompt 18."]);
  expect(text()).toContain("reading");
  key({ end: true });
  key({ pageUp: true });
  viewer.learnt(await open());
  expect(text().split("\n").slice(1, -1)).toEqual(before);
  key({ home: true });
  expect(selected()).toEqual(["▾ prompt 0."]);
});
