import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import type { Key } from "ink";
import { describe, expect, test, vi } from "vitest";
import {
  type Composer,
  type ComposerOptions,
  type ComposerSubmission,
  createComposer,
} from "../../../src/tui/editor/composer.ts";
import { EMPTY_COMPOSER, openCompletion } from "../../../src/tui/editor/composer-state.ts";
import { readHistory } from "../../../src/tui/editor/history-file.ts";
import { pressKey } from "../../../src/tui/editor/press-key.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { KEY_ACTIONS } from "../../../src/tui/keys/keys.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { NO_KEY } from "../no-key.ts";
import { hardText } from "./hard-text.ts";

type Seen = { submissions: ComposerSubmission[]; actions: string[]; errors: unknown[] };

function open(change: Partial<ComposerOptions> = {}): { composer: Composer; seen: Seen } {
  const seen: Seen = { submissions: [], actions: [], errors: [] };
  const composer = createComposer({
    bindings: defaultKeybindings(),
    commands: [
      {
        name: "model",
        usage: "[vendor/model]",
        summary: "choose",
        complete: async () => [
          { value: "opus", detail: "" },
          { value: "sonnet", detail: "" },
        ],
      },
      { name: "exit", aliases: ["quit"], summary: "leave" },
      { name: "help", summary: "what there is" },
    ],
    listFiles: async () => ["README.md", "src/main.ts"],
    historyFile: null,
    cwd: "/",
    home: "/",
    now: () => 0,
    onSubmit: async (submission) => void seen.submissions.push(submission),
    onAction: (action) => void seen.actions.push(action),
    onError: (error) => void seen.errors.push(error),
    ...change,
  });
  return { composer, seen };
}

const press = (composer: Composer, ...keys: (Partial<Key> | string)[]): void => {
  for (const key of keys) {
    if (typeof key === "string") composer.press(key, NO_KEY);
    else composer.press(key.return ? "\r" : "", { ...NO_KEY, ...key });
  }
};
const ctrl = (composer: Composer, letter: string): void => composer.press(letter, { ...NO_KEY, ctrl: true });
/** Until promises and immediates that are under way have run; nothing here waits for a clock. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
};
const ENTER = { return: true };
const UP = { upArrow: true };
const DOWN = { downArrow: true };
const TAB = { tab: true };
const ESCAPE = { escape: true };

describe("sending", () => {
  test("Enter sends, Alt+Enter queues a follow-up, Ctrl+S steers now, and the input is empty then", async () => {
    const { composer, seen } = open();
    press(composer, "one", ENTER, "two", { return: true, meta: true }, "three");
    ctrl(composer, "s");
    await settle();
    expect(seen.submissions).toEqual([
      { text: "one", images: [], as: "enter" },
      { text: "two", images: [], as: "follow_up" },
      { text: "three", images: [], as: "steer_now" },
    ]);
    expect(composer.text()).toBe("");
  });

  test("Ctrl+J and Shift+Enter begin a new line", () => {
    const { composer } = open();
    press(composer, "a", "\n", "b", { return: true, shift: true }, "c");
    expect(composer.text()).toBe("a\nb\nc");
  });

  test("a backslash before Enter is taken for a new line; elsewhere it stays", async () => {
    const { composer, seen } = open();
    press(composer, "a\\", ENTER, "C:\\x", ENTER);
    await settle();
    expect(seen.submissions.map(({ text }) => text)).toEqual(["a\nC:\\x"]);
  });

  test("a line that comes in one piece with its Enter is sent; lines that come together are a paste", async () => {
    const { composer, seen } = open();
    press(composer, "hello\r", "one\rtwo\r");
    await settle();
    expect(seen.submissions.map(({ text }) => text)).toEqual(["hello"]);
    expect(composer.text()).toBe("one\ntwo\n");
  });

  test("Enter on an empty input is told too", async () => {
    const { composer, seen } = open();
    press(composer, ENTER);
    await settle();
    expect(seen.submissions).toEqual([{ text: "", images: [], as: "enter" }]);
  });

  test("wide characters and emoji pasted over several lines are sent byte for byte (A-038)", async () => {
    const { composer, seen } = open();
    const text = "中文 👨‍👩‍👧‍👦\n\te\u0301 \x1b[31m \u202e\n".repeat(30);
    composer.paste(text.replaceAll("\n", "\r"));
    expect(composer.state().editor.text).toBe("[pasted 60 lines #1]");
    press(composer, " end", ENTER);
    await settle();
    expect(seen.submissions[0]?.text).toBe(`${text} end`);
  });

  test("a text that was refused comes back before what was written since, its paste still folded", async () => {
    const refused = new Error("full");
    const { composer, seen } = open({ onSubmit: () => Promise.reject(refused) });
    composer.paste("x\r".repeat(20));
    press(composer, ENTER, "next");
    await settle();
    expect(composer.state().editor.text).toBe("[pasted 20 lines #1]\nnext");
    expect(composer.text()).toBe(`${"x\n".repeat(20)}\nnext`);
    expect(seen.errors).toEqual([refused]);
  });

  test("an image is read when it is sent, and submissions keep their order", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "a.png");
    await writeFile(file, Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    const { composer, seen } = open();
    composer.paste(file);
    press(composer, ENTER, "after", ENTER);
    await vi.waitFor(() => expect(seen.submissions).toHaveLength(2));
    expect(seen.submissions.map(({ text, images }) => [text, images.length])).toEqual([
      ["[image #1 a.png]", 1],
      ["after", 0],
    ]);
  });

  test("an image that is gone is an error, and the text comes back", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "a.png");
    await writeFile(file, "no image");
    const { composer, seen } = open();
    composer.paste(file);
    press(composer, ENTER);
    await vi.waitFor(() => expect(seen.errors).toHaveLength(1));
    expect(seen.submissions).toEqual([]);
    expect(seen.errors).toMatchObject([{ code: "image.type" }]);
    expect(composer.state().editor.text).toBe("[image #1 a.png]");
  });
});

describe("keys that are not the composer's", () => {
  test("are handed on; Ctrl+C clears first, and undo brings the text back", () => {
    const { composer, seen } = open();
    press(composer, "draft", ESCAPE, { tab: true, shift: true });
    ctrl(composer, "c");
    expect(composer.text()).toBe("");
    ctrl(composer, "_");
    expect(composer.text()).toBe("draft");
    ctrl(composer, "o");
    ctrl(composer, "g");
    expect(seen.actions).toEqual([
      "interrupt",
      "cycle_mode",
      "clear_or_leave",
      "transcript",
      "external_editor",
    ]);
  });

  test("Ctrl+D deletes forward in a text and is handed on without one", () => {
    const { composer, seen } = open();
    press(composer, "ab", { home: true });
    ctrl(composer, "d");
    expect(composer.text()).toBe("b");
    ctrl(composer, "d");
    ctrl(composer, "d");
    expect(seen.actions).toEqual(["leave_if_empty"]);
  });

  test("texts taken back from the queue go before the draft, in order (A-028)", () => {
    const { composer } = open();
    press(composer, "draft");
    composer.restore(["first", "second"]);
    expect(composer.text()).toBe("first\nsecond\ndraft");
  });
});

describe("completion", () => {
  test("/mod and Tab give /model (A-034), then its arguments", async () => {
    const { composer } = open();
    press(composer, "/mod", TAB);
    expect(composer.text()).toBe("/model ");
    await settle();
    expect(composer.state().completion?.items.map(({ label }) => label)).toEqual(["opus", "sonnet"]);
    press(composer, "so");
    await settle();
    press(composer, TAB);
    expect(composer.text()).toBe("/model sonnet");
  });

  test("Enter takes and sends what makes the line whole: a command without arguments, the last argument", async () => {
    const { composer, seen } = open();
    press(composer, "/he", ENTER);
    await settle();
    press(composer, "/mod", ENTER);
    expect(composer.text()).toBe("/model ");
    await settle();
    press(composer, "son");
    await settle();
    press(composer, ENTER);
    await settle();
    press(composer, "/he", TAB);
    await settle();
    expect(seen.submissions.map(({ text }) => text)).toEqual(["/help", "/model sonnet"]);
    expect(composer.text()).toBe("/help ");
  });

  test("a command in full is sent with Enter, /quit is not completed to something else", async () => {
    const { composer, seen } = open();
    press(composer, "/quit", ENTER);
    await settle();
    expect(seen.submissions.map(({ text }) => text)).toEqual(["/quit"]);
  });

  test("@ offers files, the arrow keys choose, Enter takes it", async () => {
    const { composer, seen } = open();
    press(composer, "see @");
    await settle();
    expect(composer.state().completion?.items.map(({ label }) => label)).toEqual(["README.md", "src/"]);
    press(composer, DOWN, ENTER);
    expect(composer.text()).toBe("see @src/");
    await settle();
    press(composer, TAB);
    expect(composer.text()).toBe("see @src/main.ts ");
    expect(seen.submissions).toEqual([]);
  });

  test("Escape closes the list for this word only", async () => {
    const { composer, seen } = open();
    press(composer, "@R");
    await settle();
    press(composer, ESCAPE, "e");
    await settle();
    expect(composer.state().completion).toBeNull();
    expect(seen.actions).toEqual([]);
    press(composer, " @s");
    await settle();
    expect(composer.state().completion).not.toBeNull();
  });

  test("a list that comes late for something else is dropped, and never taken from", async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const { composer, seen } = open({ listFiles: () => promise });
    press(composer, "@READ");
    await settle();
    press(composer, "X", ENTER);
    resolve(["README.md"]);
    await settle();
    expect(seen.submissions.map(({ text }) => text)).toEqual(["@READX"]);
    expect(composer.state().completion).toBeNull();
  });

  test("a list that cannot be had is no list", async () => {
    const { composer, seen } = open({ listFiles: () => Promise.reject(new Error("no")) });
    press(composer, "@a", TAB);
    await settle();
    expect(openCompletion(composer.state())).toBeNull();
    expect(composer.text()).toBe("@a");
    expect(seen.errors).toEqual([]);
  });
});

describe("earlier prompts", () => {
  test("come with Up in the first row and go with Down; the draft is kept", () => {
    const { composer } = open();
    press(composer, "one", ENTER, "two\nlines", ENTER, "draft", UP);
    expect(composer.text()).toBe("two\nlines");
    press(composer, UP, UP);
    expect(composer.text()).toBe("one");
    press(composer, DOWN, DOWN);
    expect(composer.text()).toBe("draft");
  });

  test("are kept on disk for the next start", async () => {
    const historyFile = join(await temporaryFolder(), "history.jsonl");
    const first = open({ historyFile });
    press(first.composer, "kept", ENTER);
    await vi.waitFor(async () => expect(await readHistory(historyFile)).toEqual(["kept"]));
    const second = open({ historyFile });
    await vi.waitFor(() => expect(second.composer.state().history.prompts).toEqual(["kept"]));
    press(second.composer, UP);
    expect(second.composer.text()).toBe("kept");
  });

  test("are searched with Ctrl+R; Enter takes the match, Escape leaves the draft as it was", () => {
    const { composer } = open();
    press(composer, "fix the parser", ENTER, "add tests", ENTER, "draft");
    ctrl(composer, "r");
    press(composer, "pars");
    expect(composer.state().search?.matches).toEqual(["fix the parser"]);
    expect(composer.text()).toBe("draft");
    press(composer, ESCAPE);
    expect(composer.text()).toBe("draft");
    ctrl(composer, "r");
    press(composer, "parx", { backspace: true }, ENTER);
    expect(composer.text()).toBe("fix the parser");
    ctrl(composer, "_");
    expect(composer.text()).toBe("draft");
  });
});

describe("an external editor", () => {
  test("gets the text in full; what comes back keeps its images", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "a.png");
    await writeFile(file, "x");
    const { composer } = open();
    composer.paste(file);
    composer.setText(`look at ${composer.text()}\nplease`);
    expect(composer.state().editor).toMatchObject({
      text: "look at [image #1 a.png]\nplease",
      tokens: [{ start: 8 }],
    });
  });
});

test("no sequence of keys and texts throws or loses the place of the cursor", () => {
  const chords = [...new Set(KEY_ACTIONS.flatMap(({ keys }) => keys))];
  const presses = fc.array(
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc
          .constantFrom(...chords)
          .map((chord) => ({ chord, text: chord.length === 1 ? chord : null })),
      },
      { weight: 1, arbitrary: hardText.map((text) => ({ chord: null, text })) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("/", "@", "/mo", " @R").map((text) => ({ chord: null, text })),
      },
    ),
    { maxLength: 60 },
  );
  const context = { bindings: defaultKeybindings(), commands: [{ name: "model", summary: "" }], width: 20 };
  fc.assert(
    fc.property(presses, (keys) => {
      let state = EMPTY_COMPOSER;
      for (const key of keys) {
        state = pressKey(state, key, context).state;
        expect(state.editor.cursor).toBeGreaterThanOrEqual(0);
        expect(state.editor.cursor).toBeLessThanOrEqual(state.editor.text.length);
      }
    }),
  );
});

test("a key in a text of 100 lines costs under 5 ms", () => {
  const context = { bindings: defaultKeybindings(), commands: [], width: 98 };
  let state = pressKey(
    EMPTY_COMPOSER,
    { chord: null, text: "some words of a line, 中文 too\n".repeat(100) },
    context,
  ).state;
  const times: number[] = [];
  for (const text of "typing goes on and on for a while") {
    const started = performance.now();
    state = pressKey(state, { chord: text, text }, context).state;
    times.push(performance.now() - started);
  }
  expect(times.sort((first, second) => first - second)[Math.floor(times.length / 2)]).toBeLessThan(5);
});
