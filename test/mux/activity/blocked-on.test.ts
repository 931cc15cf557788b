// Linux's account of a blocked thread, read.
import { expect, test } from "vitest";
import { blockedOn, type ProcessLook } from "../../../src/mux/activity/blocked-on.ts";

/** File 0 is the terminal, 5 a socket, 7 a wake-up; the memory begins at 0x1000. */
function look(memory: Uint8Array, watched: ReturnType<ProcessLook["watched"]> = []): ProcessLook {
  return {
    isTerminal: (fd) => fd === 0,
    memory: (address, length) => memory.subarray(Number(address) - 0x1000, Number(address) - 0x1000 + length),
    watched: () => watched,
  };
}

function pollfds(...files: [fd: number, events: number][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(files.length * 8));
  files.forEach(([fd, events], index) => {
    view.setInt32(index * 8, fd, true);
    view.setInt16(index * 8 + 4, events, true);
  });
  return new Uint8Array(view.buffer);
}

const TERMINAL = { fd: 0, internal: false };
const SOCKET = { fd: 5, internal: false };
const WAKE_UP = { fd: 7, internal: true };

test.for<{ name: string; line: string; memory?: Uint8Array; watched?: (typeof TERMINAL)[]; reading: string }>(
  [
    { name: "read of the terminal", line: "0 0x0 0x7f 0x1 0x7fff 0x7f", reading: "only" },
    { name: "read of a socket", line: "0 0x5 0x7f 0x1 0x7fff 0x7f", reading: "no" },
    { name: "sleep", line: "230 0x1 0x0 0x7f 0x0 0x7fff 0x7f", reading: "no" },
    { name: "a running thread", line: "running", reading: "no" },
    {
      name: "poll of the terminal for ever",
      line: "7 0x1000 0x1 0xffffffff",
      memory: pollfds([0, 1]),
      reading: "only",
    },
    { name: "poll of it for a second", line: "7 0x1000 0x1 0x3e8", memory: pollfds([0, 1]), reading: "also" },
    {
      name: "poll of it and a socket",
      line: "7 0x1000 0x2 0xffffffff",
      memory: pollfds([0, 1], [5, 1]),
      reading: "also",
    },
    {
      name: "poll for writing to it",
      line: "7 0x1000 0x1 0xffffffff",
      memory: pollfds([0, 4]),
      reading: "no",
    },
    {
      name: "select on it",
      line: "270 0x1 0x1000 0x0 0x0 0x0",
      memory: new Uint8Array([1]),
      reading: "only",
    },
    {
      name: "select on it with a time",
      line: "270 0x1 0x1000 0x0 0x0 0x2000",
      memory: new Uint8Array([1]),
      reading: "also",
    },
    {
      name: "select on a socket",
      line: "270 0x6 0x1000 0x0 0x0 0x0",
      memory: new Uint8Array([32]),
      reading: "no",
    },
    {
      name: "an event loop at rest",
      line: "281 0xf 0x7f 0x400 0xffffffff",
      watched: [TERMINAL, WAKE_UP],
      reading: "only",
    },
    {
      name: "one with a timer",
      line: "281 0xf 0x7f 0x400 0x64",
      watched: [TERMINAL, WAKE_UP],
      reading: "also",
    },
    {
      name: "one with a request out",
      line: "281 0xf 0x7f 0x400 0xffffffff",
      watched: [TERMINAL, SOCKET],
      reading: "also",
    },
    {
      name: "one without the terminal",
      line: "281 0xf 0x7f 0x400 0xffffffff",
      watched: [SOCKET],
      reading: "no",
    },
  ],
)("$name: $reading", ({ line, memory = new Uint8Array(), watched = [], reading }) => {
  expect(blockedOn(line, "x64", look(memory, watched))).toBe(reading);
});

test("on a processor whose numbers are not known nothing is claimed", () => {
  expect(blockedOn("0 0x0 0x7f", "riscv64", look(new Uint8Array()))).toBe("no");
});
