import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { createKeyboardInput } from "../../../src/tui/terminal/keyboard-input.ts";
import type { TerminalReply } from "../../../src/tui/terminal/reply-filter.ts";

/** A stream that is read as Ink reads it. */
function open() {
  const stdin = new PassThrough();
  const clock = { ms: 1 };
  // What a terminal has beside a stream is not used here.
  const input = createKeyboardInput(stdin as unknown as NodeJS.ReadStream, () => clock.ms);
  const replies: TerminalReply[] = [];
  input.onReply((reply) => void replies.push(reply));
  let keys = "";
  let told: () => void = () => undefined;
  const listen = (): void => {
    input.stream.setEncoding("utf8");
    input.stream.addListener("readable", () => {
      for (let part: unknown = input.stream.read(); part !== null; part = input.stream.read())
        keys += String(part);
      told();
    });
  };
  return {
    stdin,
    input,
    clock,
    replies,
    listen,
    /** Resolves with the keys when there are as many. */
    keys: (length: number): Promise<string> =>
      new Promise((resolve) => {
        told = () => keys.length >= length && resolve(keys);
        told();
      }),
  };
}

it("keeps what is typed while the terminal is asked for who reads the keyboard next, in order", async () => {
  const { stdin, input, replies, listen, keys } = open();
  const stop = input.readAhead();
  const answered = new Promise<void>((resolve) => void input.onReply(() => resolve()));
  stdin.write("he\x1b]11;rgb:00/00/00\x07l");
  await answered;
  stop();
  listen();
  stdin.write("lo");
  expect(await keys(5)).toBe("hello");
  expect(replies).toHaveLength(1);
});

it("gives up the beginning of a reply that never ends, so that no key is eaten", async () => {
  const { stdin, listen, keys } = open();
  listen();
  stdin.write("a\x1b]11;rg");
  expect(await keys(8)).toBe("a\x1b]11;rg");
});

it("takes late answers out of what is typed", async () => {
  const { stdin, replies, listen, keys } = open();
  listen();
  stdin.write("x\x1b]11;rgb:ff");
  stdin.write("/ff/ff\x1b\\y");
  expect(await keys(2)).toBe("xy");
  expect(replies).toEqual([{ kind: "color", slot: "background", rgb: [255, 255, 255] }]);
});

it("knows when the newest key came; answers are none", async () => {
  const { stdin, input, clock, listen, keys, replies } = open();
  listen();
  expect(input.lastKeyMs()).toBe(1);
  clock.ms = 5;
  stdin.write("x");
  await keys(1);
  clock.ms = 9;
  stdin.write("\x1b[I");
  await expect.poll(() => replies.length).toBe(1);
  expect(input.lastKeyMs()).toBe(5);
});
