// The real screen over the real app with a stub of a provider, without a terminal and with a clock of its own.
import { realpath } from "node:fs/promises";
import type { Key } from "ink";
import { expect, onTestFinished } from "vitest";
import { type CreateAppOptions, createApp } from "../../src/app/create-app.ts";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { readKeybindings } from "../../src/tui/keys/keybindings.ts";
import { createPresser } from "../../src/tui/press.ts";
import { Screen } from "../../src/tui/screen.ts";
import { pointedAt } from "../e2e/scripted.ts";
import { newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { NO_KEY } from "./no-key.ts";
import { testView } from "./theme/test-view.ts";

export async function openScreen(script: ScriptInput, flags: CreateAppOptions["flags"] = {}) {
  const [place, stub] = await Promise.all([newPlace(), withStub(script)]);
  const app = await createApp({
    cwd: await realpath(place.cwd),
    env: pointedAt(place, stub).env,
    flags,
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
    editFile: () => Promise.resolve(),
    redraw: () => undefined,
    suspend: () => undefined,
    leave: (code) => left.push(code),
    restart: () => undefined,
  });
  const { press, paste } = createPresser(screen, () => clock.ms);
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
    paste,
    left,
    clock,
    type: (text: string) => {
      for (const letter of text) press(letter, NO_KEY);
    },
    key: (change: Partial<Key>, input = "") => press(input, { ...NO_KEY, ...change }),
    text: () => screen.frame.get().rows.join("\n"),
  };
}

/** A call that asks. */
export const RM = { toolCalls: [{ name: "bash", arguments: { command: "rm -rf build" } }] };
export const PLACEHOLDER = "y, n or e answers; anything else is a message";

export async function openQuestion(script: ScriptInput = [RM, "done here"]) {
  const test = await openScreen(script);
  test.type("go");
  test.key({ return: true });
  await expect.poll(test.text).toContain("bash wants to run");
  return { ...test, isOpen: () => test.app.conversation.state().approvals.length === 1 };
}
