// A question that comes while something else has the keys: it is seen, and no key for that other thing answers it.
import { expect, test } from "vitest";
import { openScreen, RM } from "./open-screen.ts";

/** Starting a process and a question takes a second and more where others compute too. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 10_000 });
const LATER = { ...RM, delayMs: 400 };
const SERVER = {
  toolCalls: [{ name: "bash", arguments: { command: "echo up; sleep 60", background: true } }],
};
const BEHIND = /! a question waits behind: bash rm -rf build/;

/** A run that has started a process and will ask. */
async function openWorking() {
  const test = await openScreen([SERVER, LATER, "done here"], {
    allow: ["bash"],
    ask: ["bash(rm:*)"],
  });
  test.type("go");
  test.key({ return: true });
  await soon(() => test.app.processes().length).toBe(1);
  const isOpen = () => test.app.conversation.state().approvals.length === 1;
  return { ...test, isOpen };
}

test("before the list of processes it comes to the front, is answered there, and the list is back", async () => {
  const { screen, type, text, clock, isOpen } = await openWorking();
  screen.command("/ps");
  await soon(text).toContain("background ───");
  await soon(text).toContain("bash wants to run");
  expect(text()).not.toContain("background ───");
  expect(text()).toContain("y, n or e answers");
  clock.ms += 5_000;
  type("y");
  await soon(isOpen).toBe(false);
  await soon(text).toContain("background ───");
});

test("Esc meant for the list of processes closes that and interrupts nothing; the next one would", async () => {
  const { screen, key, text, app, isOpen } = await openWorking();
  screen.command("/ps");
  await soon(text).toContain("background ───");
  await soon(isOpen).toBe(true);
  key({ escape: true });
  expect(screen.focus().kind).toBe("composer");
  expect(isOpen()).toBe(true);
  key({ escape: true });
  await soon(() => app.conversation.state().run).toBeNull();
});

test("a key that ends a process ends none while the list is not to be seen", async () => {
  const { screen, key, text, app, isOpen } = await openWorking();
  screen.command("/ps");
  await soon(text).toContain("background ───");
  await soon(isOpen).toBe(true);
  key({ ctrl: true }, "x");
  await soon(text).not.toContain("Ending");
  expect(app.processes().map(({ endedMs }) => endedMs)).toEqual([null]);
});

test.each(["/model", "/permissions", "/settings", "/keys"])("%s says that it waits", async (command) => {
  const { screen, key, type, text, isOpen, clock } = await openWorking();
  screen.command(command);
  await soon(() => screen.focus().kind).toBe("picker");
  await soon(isOpen).toBe(true);
  await soon(text).toMatch(BEHIND);
  expect(text()).not.toContain("bash wants to run");
  clock.ms += 5_000;
  type("y");
  expect(isOpen()).toBe(true);
  key({ escape: true });
  await soon(text).toContain("bash wants to run");
});

test("beside the queue it is seen and answered by its letters; other keys are the queue's", async () => {
  const { screen, key, type, text, isOpen, clock } = await openWorking();
  type("later");
  key({ return: true, meta: true });
  await soon(text).toContain("follow-up");
  key({ upArrow: true });
  expect(screen.focus().kind).toBe("queue");
  await soon(isOpen).toBe(true);
  await soon(text).toMatch(/queued ───[\s\S]*bash wants to run/);
  clock.ms += 5_000;
  type("y");
  await soon(isOpen).toBe(false);
  expect(screen.composer.text()).toBe("");
});
