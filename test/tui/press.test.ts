// Keys on the real screen over the real app, without a terminal and with a clock of its own.
import { realpath } from "node:fs/promises";
import type { Key } from "ink";
import { expect, onTestFinished, test } from "vitest";
import { createApp } from "../../src/app/create-app.ts";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { readKeybindings } from "../../src/tui/keys/keybindings.ts";
import { createPresser } from "../../src/tui/press.ts";
import { Screen } from "../../src/tui/screen.ts";
import { pointedAt } from "../e2e/scripted.ts";
import { newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { testView } from "./theme/test-view.ts";

const NO_KEY: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

async function openScreen(script: ScriptInput) {
  const [place, stub] = await Promise.all([newPlace(), withStub(script)]);
  const app = await createApp({
    cwd: await realpath(place.cwd),
    env: pointedAt(place, stub).env,
    flags: {},
    demo: false,
    interactive: true,
    session: { kind: "new" },
  });
  const clock = { ms: 1_000_000 };
  const left: number[] = [];
  const { theme, glyphs, links } = testView(99);
  const screen = new Screen({
    app,
    bindings: await readKeybindings(app.paths.keybindingsFile),
    commands: [],
    paint: { theme, glyphs, links },
    repaint: () => ({ theme, glyphs, links }),
    size: () => ({ columns: 100, rows: 30 }),
    now: () => clock.ms,
    copy: () => undefined,
    openTranscript: () => undefined,
    openEditor: () => undefined,
    redraw: () => undefined,
    suspend: () => undefined,
    leave: (code) => left.push(code),
  });
  const { press } = createPresser(screen, () => clock.ms);
  onTestFinished(async () => {
    screen.close();
    await app.close();
    await stub.close();
  });
  onTestFinished(screen.store.attach(app.conversation));
  return {
    app,
    stub,
    screen,
    left,
    clock,
    type: (text: string) => {
      for (const letter of text) press(letter, NO_KEY);
    },
    key: (change: Partial<Key>, input = "") => press(input, { ...NO_KEY, ...change }),
    text: () => screen.frame.get().rows.join("\n"),
  };
}

test("Ctrl+C clears the input first and leaves on the second press within two seconds", async () => {
  const { type, key, screen, left, clock, text } = await openScreen([]);
  type("a draft");
  key({ ctrl: true }, "c");
  expect(screen.composer.text()).toBe("");
  expect(text()).toContain("Ctrl+C again leaves");
  clock.ms += 2_001;
  key({ ctrl: true }, "c");
  expect(left).toEqual([]);
  clock.ms += 1_999;
  key({ ctrl: true }, "c");
  expect(left).toEqual([0]);
});

test("Esc twice on an empty input opens the tree, with a text in it nothing happens to the text", async () => {
  const { type, key, screen, text } = await openScreen([]);
  type("a draft");
  key({ escape: true });
  key({ escape: true });
  expect(screen.composer.text()).toBe("a draft");
  key({ ctrl: true }, "u");
  key({ escape: true });
  expect(text()).toContain("Esc again shows the tree");
  key({ escape: true });
  await expect.poll(() => screen.store.log.items.get().length).toBeGreaterThan(0);
});

test("Shift+Tab goes through the permission modes and the status line says which", async () => {
  const { key, text } = await openScreen([]);
  for (const mode of ["accept-edits", "plan", "auto", "full", "ask"]) {
    key({ shift: true, tab: true });
    await expect.poll(text).toMatch(new RegExp(` · ${mode}$`));
  }
});

test("a question takes no letter while the person writes, and each of its keys when they stopped", async () => {
  const { type, key, screen, app, clock, text } = await openScreen([
    { toolCalls: [{ name: "bash", arguments: { command: "echo ran" } }] },
    "done here",
  ]);
  type("go");
  key({ return: true });
  type("yes and no");
  await expect.poll(text).toContain("bash wants to run");
  clock.ms += 599;
  type("y");
  expect(screen.composer.text()).toBe("yes and noy");
  expect(app.conversation.state().approvals).toHaveLength(1);
  clock.ms += 600;
  type("x");
  expect(text()).toContain("waits for y, a, n or e");
  expect(screen.composer.text()).toBe("yes and noy");
  clock.ms += 600;
  type("y");
  await expect.poll(() => app.conversation.state().state).toBe("idle");
  expect(screen.composer.text()).toBe("yes and noy");
});

test("Ctrl+D leaves only an idle session with an empty input", async () => {
  const { type, key, left, screen, text } = await openScreen([
    { text: "slow answer", chunkSize: 1, chunkDelayMs: 200 },
  ]);
  type("go");
  key({ ctrl: true }, "d");
  expect(left).toEqual([]);
  key({ return: true });
  await expect.poll(text).toContain("streaming");
  key({ ctrl: true }, "d");
  expect(left).toEqual([]);
  expect(text()).toContain("/exit leaves when it is done");
  key({ escape: true });
  await expect.poll(() => screen.app.conversation.state().state).toBe("idle");
  key({ ctrl: true }, "d");
  expect(left).toEqual([0]);
});
