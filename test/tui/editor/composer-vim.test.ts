// Vim mode in the living composer: the clipboard, which answers a moment later, and keys and pastes of every kind.
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { AppError } from "../../../src/lib/app-error.ts";
import { snapToBorder } from "../../../src/tui/editor/borders.ts";
import { type Composer, type ComposerOptions, createComposer } from "../../../src/tui/editor/composer.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { NO_KEY } from "../no-key.ts";

const ESCAPE = "\x1b";

function press(composer: Composer, ...keys: string[]): void {
  for (const key of keys) {
    if (key === ESCAPE) composer.press("", { ...NO_KEY, escape: true });
    else if (key === "\r") composer.press("\r", { ...NO_KEY, return: true });
    else composer.press(key, NO_KEY);
  }
}

async function openVim(change: Partial<ComposerOptions> = {}): Promise<Composer> {
  const composer = createComposer({
    bindings: defaultKeybindings(),
    commands: [],
    listFiles: () => Promise.resolve(["a.ts"]),
    historyFile: null,
    cwd: "/",
    home: "/",
    now: () => 0,
    onSubmit: () => Promise.resolve(),
    onAction: () => undefined,
    onError: (error) => {
      throw error;
    },
    ...change,
  });
  composer.setVim(true);
  await vi.waitFor(() => {
    press(composer, ESCAPE);
    expect(composer.state().vim?.mode).toBe("normal");
  });
  return composer;
}

test("what is copied goes to the clipboard, and what is there comes from it", async () => {
  const written: string[] = [];
  const read = vi.fn(() => Promise.resolve("from elsewhere\n"));
  const composer = await openVim({ clipboard: { read, write: (text) => written.push(text) } });
  press(composer, "ione", ESCAPE, '"+yy');
  expect(written).toEqual(["one\n"]);
  press(composer, '"+p');
  await vi.waitFor(() => expect(composer.text()).toBe("one\nfrom elsewhere"));
  expect(read).toHaveBeenCalledTimes(1);
});

test("a clipboard that cannot be read is said in one line, and vim's own register serves", async () => {
  const said: string[] = [];
  const read = () => Promise.reject(new AppError("clipboard.text", "No text.", { hint: "xclip." }));
  const composer = await openVim({
    clipboard: { read, write: () => undefined },
    say: (hint) => void said.push(hint),
  });
  press(composer, "ione", ESCAPE, '"+yy"+p');
  await vi.waitFor(() => expect(said).toEqual(["No text. xclip."]));
  expect(composer.text()).toBe("one\none");
});

const KEYS = [
  ...'hjklwbeWB0^$GxdDcCyYpPuJ~.vVo"+_aAiIqm@`*n<>%{}()3',
  ESCAPE,
  ESCAPE,
  "\r",
  "text",
  "中👍🏽",
  "qa",
  "@a",
  "gv",
  "gi",
  "dat",
];

test("no row of keys, pastes and sends throws or leaves the cursor inside a character", async () => {
  const composer = await openVim();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...KEYS, "PASTE"), { maxLength: 60 }), async (keys) => {
      for (const key of keys) {
        if (key === "PASTE") composer.paste("<a>pasted 中\nrows</a>\n".repeat(12));
        else press(composer, key);
        const { editor } = composer.state();
        expect(snapToBorder(editor, editor.cursor)).toBe(editor.cursor);
        if (editor.text.length > 20_000) composer.setText("");
      }
    }),
    { numRuns: 150 },
  );
});
