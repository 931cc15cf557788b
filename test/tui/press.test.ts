// Keys on the real screen over the real app, without a terminal and with a clock of its own.
import { expect, test } from "vitest";
import { openQuestion, openScreen, PLACEHOLDER, RM } from "./open-screen.ts";

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
  const { type, key, screen, text } = await openScreen(["one"]);
  type("first\r");
  await expect.poll(() => screen.app.conversation.state().runs).toBe(1);
  await expect.poll(() => screen.app.conversation.state().run).toBeNull();
  type("a draft");
  key({ escape: true });
  key({ escape: true });
  expect(screen.composer.text()).toBe("a draft");
  key({ ctrl: true }, "u");
  key({ escape: true });
  expect(text()).toContain("Esc again shows the tree");
  key({ escape: true });
  await expect.poll(text).toMatch(/the runs of this session[\s\S]*before the first prompt[\s\S]*● first/);
});

test("Shift+Tab goes through the permission modes but never into full, which has to be written", async () => {
  const { key, text, screen } = await openScreen([]);
  for (const mode of ["accept-edits", "plan", "auto", "ask"]) {
    key({ shift: true, tab: true });
    await expect.poll(text).toMatch(new RegExp(` · ${mode}$`));
  }
  screen.command("/permissions full");
  await expect.poll(text).toMatch(/ · full$/);
  key({ shift: true, tab: true });
  await expect.poll(text).toMatch(/ · ask$/);
});

test("Shift+Tab goes through full too where the session was started in it", async () => {
  const { key, text } = await openScreen([], { permissionMode: "full" });
  for (const mode of ["ask", "accept-edits", "plan", "auto", "full"]) {
    key({ shift: true, tab: true });
    await expect.poll(text).toMatch(new RegExp(` · ${mode}$`));
  }
});

test("a sentence that is written under a question answers nothing, and is sent as a steer", async () => {
  const { type, key, screen, isOpen, clock, text, app } = await openQuestion();
  expect(text()).toContain(PLACEHOLDER);
  clock.ms += 5_000;
  for (const letter of "oh yes any no") {
    type(letter);
    clock.ms += 1_000;
  }
  expect(screen.composer.text()).toBe("oh yes any no");
  expect(text()).toContain("The question above waits; send or clear your text to answer it.");
  expect(isOpen()).toBe(true);
  key({ return: true });
  await expect.poll(() => app.conversation.state().queue.map((item) => item.text)).toEqual(["oh yes any no"]);
  expect(isOpen()).toBe(true);
  expect(text()).toContain(PLACEHOLDER);
  clock.ms += 5_000;
  type("y");
  expect(screen.composer.text()).toBe("");
  await expect.poll(() => app.conversation.state().state).toBe("idle");
});

test("a draft from before the question keeps the keys until it is cleared; then the keys answer", async () => {
  const { type, key, screen, app, clock, text } = await openScreen([{ ...RM, delayMs: 50 }, "done here"]);
  type("go");
  key({ return: true });
  type("yes and ");
  await expect.poll(text).toContain("bash wants to run");
  clock.ms += 5_000;
  type("n");
  expect(screen.composer.text()).toBe("yes and n");
  key({ ctrl: true }, "u");
  expect(app.conversation.state().approvals).toHaveLength(1);
  clock.ms += 500;
  type("y");
  await expect.poll(() => app.conversation.state().state).toBe("idle");
});

test.for(["no", "yes please", "e", "y"])(
  "of %j right after the question appeared, one letter alone answers when nothing follows",
  async (words) => {
    const { type, screen, isOpen, clock, text } = await openQuestion();
    clock.ms += 499;
    type(words);
    if (words.length > 1) {
      expect(screen.composer.text()).toBe(words);
      // Longer than a letter is held.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(isOpen()).toBe(true);
      expect(screen.focus().kind).toBe("composer");
    } else if (words === "e") {
      await expect.poll(text).toContain("Edit, then Enter runs it");
    } else {
      await expect.poll(isOpen).toBe(false);
      expect(screen.composer.text()).toBe("");
    }
  },
);

test("a letter that is held becomes text with Backspace and a paste behind it, and Enter makes it an answer", async () => {
  const { type, key, paste, screen, isOpen } = await openQuestion();
  type("y");
  key({ backspace: true });
  expect(screen.composer.text()).toBe("");
  type("y");
  paste("es, paste");
  expect(screen.composer.text()).toBe("yes, paste");
  key({ ctrl: true }, "u");
  expect(isOpen()).toBe(true);
  type("y");
  key({ return: true });
  await expect.poll(isOpen).toBe(false);
  expect(screen.composer.text()).toBe("");
});

test("a paste and letters that come in one piece answer no question; Enter alone says that it waits", async () => {
  const { key, paste, screen, isOpen, clock, text } = await openQuestion();
  clock.ms += 5_000;
  key({ return: true });
  expect(text()).toContain("The question above waits for an answer");
  paste("y");
  expect(screen.composer.text()).toBe("y");
  key({ ctrl: true }, "u");
  clock.ms += 5_000;
  key({}, "ye");
  expect(screen.composer.text()).toBe("ye");
  key({ ctrl: true }, "u");
  key({}, "y\r");
  expect(isOpen()).toBe(true);
});

test("slash commands work under a question, and a key of an answer that is not offered is a letter", async () => {
  const { type, key, screen, isOpen, clock, text } = await openQuestion();
  clock.ms += 5_000;
  type("/status");
  key({ return: true });
  await expect.poll(text).toContain("State: awaiting_approval");
  expect(screen.composer.text()).toBe("");
  clock.ms += 5_000;
  type("also this");
  expect(screen.composer.text()).toBe("also this");
  expect(text()).not.toContain("always");
  expect(isOpen()).toBe(true);
});

test("Up on an empty input opens what is queued; without a queue it brings the last prompt", async () => {
  const { type, key, screen, text, app } = await openScreen([
    { text: "slow answer", chunkSize: 1, chunkDelayMs: 300 },
  ]);
  type("go");
  key({ return: true });
  await expect.poll(text).toContain("streaming");
  key({ upArrow: true });
  expect(screen.composer.text()).toBe("go");
  key({ ctrl: true }, "u");
  type("later");
  key({ return: true, meta: true });
  await expect.poll(text).toContain("Up edits the queue");
  key({ upArrow: true });
  expect(screen.focus()).toEqual({ kind: "queue", id: app.conversation.state().queue[0]?.id });
  key({ return: true });
  expect(screen.composer.text()).toBe("later");
});

test("an unknown command stays in the input with one line about it, however often it is sent", async () => {
  const { type, key, screen, text } = await openScreen([]);
  type("/nonsense");
  for (let count = 0; count < 3; count += 1) {
    key({ return: true });
    await expect.poll(text).toContain("There is no command /nonsense. /help lists the commands.");
    expect(screen.composer.text()).toBe("/nonsense");
  }
  expect(screen.store.log.items.get()).toEqual([]);
});

test("a command that fails twice in the same way is told once in the transcript", async () => {
  const { type, key, screen, text } = await openScreen([]);
  const errors = () => screen.store.log.items.get().filter((item) => item.kind === "error").length;
  type("/model nosuch");
  key({ return: true });
  await expect.poll(errors).toBe(1);
  expect(screen.composer.text()).toBe("/model nosuch");
  key({ return: true });
  await expect.poll(text).toContain('There is no model "nosuch".');
  expect(errors()).toBe(1);
});

test("/rewind alone offers the runs of the branch, the newest first, and goes back to the one chosen", async () => {
  const { type, key, app, text } = await openScreen(["one", "two"]);
  for (const prompt of ["first prompt", "second prompt"]) {
    type(prompt);
    key({ return: true });
    await expect.poll(() => app.conversation.state().runs).toBe(prompt === "first prompt" ? 1 : 2);
    await expect.poll(() => app.conversation.state().state).toBe("idle");
  }
  type("/rewind");
  key({ return: true });
  await expect.poll(text).toMatch(/2\. second prompt[\s\S]*1\. first prompt[\s\S]*0\. before/);
  key({ downArrow: true });
  key({ return: true });
  await expect
    .poll(() => app.sessions.tree())
    .toMatch(/^This branch:\n1\. first prompt[^\n]*\n\nOther branches/);
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

const SLOWLY = [{ text: "slow answer", chunkSize: 1, chunkDelayMs: 300 }];

async function openQueueOf(texts: readonly string[]) {
  const test = await openScreen(SLOWLY);
  const { type, key, text, app } = test;
  type("go");
  key({ return: true });
  await expect.poll(text).toContain("streaming");
  for (const each of texts) {
    type(each);
    key({ return: true, meta: true });
    await expect.poll(text).toMatch(new RegExp(`follow-up\\s+${each}`));
  }
  key({ upArrow: true, meta: true });
  const queued = () => app.conversation.state().queue.map((item) => item.text);
  return { ...test, queued };
}

test("a key for a queued item that has gone meanwhile does nothing to the one in its place, and says so", async () => {
  const { key, app, text, queued } = await openQueueOf(["one", "two", "three"]);
  key({ upArrow: true });
  const id = app.conversation.state().queue[1]?.id ?? "";
  await app.conversation.send({ type: "queue", edit: { action: "remove", id } });
  expect(queued()).toEqual(["one", "three"]);
  key({ ctrl: true }, "x");
  expect(text()).toContain("That one has just gone; nothing was changed.");
  expect(queued()).toEqual(["one", "three"]);
  key({ ctrl: true }, "x");
  await expect.poll(queued).toEqual(["three"]);
  expect(text()).toContain("Dropped: one");
});

test("what is typed into the queue list, or when it has just emptied, and what is pasted goes into the input", async () => {
  const { type, key, paste, app, screen } = await openQueueOf(["one"]);
  expect(screen.focus().kind).toBe("queue");
  type("x");
  expect([screen.focus().kind, screen.composer.text()]).toEqual(["composer", "x"]);
  key({ upArrow: true, meta: true });
  paste(" pasted");
  expect(screen.composer.text()).toBe("x pasted");
  key({ upArrow: true, meta: true });
  await app.conversation.send({ type: "queue", edit: { action: "clear" } });
  key({ leftArrow: true });
  type("!");
  expect(screen.composer.text()).toBe("x paste!d");
});

test("Ctrl+E edits an item in its place; when it is sent meanwhile the words go into the input", async () => {
  const { type, key, app, text, screen, queued } = await openQueueOf(["one", "two"]);
  key({ upArrow: true });
  key({ ctrl: true }, "e");
  type(" and a half");
  key({ return: true });
  await expect.poll(queued).toEqual(["one and a half", "two"]);
  expect(text()).toContain("Changed.");
  key({ ctrl: true }, "e");
  type("!");
  await app.conversation.send({ type: "queue", edit: { action: "clear" } });
  key({ return: true });
  await expect.poll(text).toContain("It was sent meanwhile: your words are in the input.");
  expect(screen.composer.text()).toBe("one and a half!");
});

test("keys that come together each meet the list as the one before left it", async () => {
  const { type, key, text, screen } = await openScreen([]);
  type("/theme");
  key({ return: true });
  await expect.poll(text).toContain("high-contrast");
  key({}, "light\r");
  await expect.poll(() => JSON.stringify(screen.store.log.items.get())).toContain("Theme: light");
});
