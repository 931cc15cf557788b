// How much is written (TERMINAL-NOTES): nothing while nothing moves, few frames while text streams.
import { expect, test } from "vitest";
import { elapse, openTui } from "./tui-driver.ts";

/** Ink writes each frame as one synchronized update. */
function frames(bytes: string): number {
  return bytes.split("\x1b[?2026h").length - 1;
}

test("an idle screen writes nothing in three seconds, before and after a run", async () => {
  const tui = await openTui(["hello back"]);
  await elapse(700);
  let written = tui.bytes().length;
  await elapse(3_000);
  expect(tui.bytes().length).toBe(written);
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  await elapse(700);
  written = tui.bytes().length;
  await elapse(3_000);
  expect(tui.bytes().length).toBe(written);
});

test("200 pieces a second are drawn at most 25 times a second", async () => {
  const text = Array.from(
    { length: 800 },
    (_, index) => `word${index}${index % 40 === 39 ? "\n\n" : " "}`,
  ).join("");
  const tui = await openTui([{ text, chunkSize: 8, chunkDelayMs: 5 }]);
  tui.enter("go");
  await tui.waitFor("word60");
  const from = { frames: frames(tui.bytes()), time: performance.now() };
  await tui.waitFor("word600", 20_000);
  const seconds = (performance.now() - from.time) / 1_000;
  const perSecond = (frames(tui.bytes()) - from.frames) / seconds;
  expect(seconds).toBeGreaterThan(1.5);
  expect(perSecond).toBeLessThanOrEqual(25);
  expect(perSecond).toBeGreaterThan(2);
  await tui.waitForStatus("idle", 20_000);
});
