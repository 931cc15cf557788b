// Input for a program in a pseudo-terminal. node-pty's own write must not be used: Node takes the master side for a terminal
// that it cannot open anew and writes to it in a loop until all is taken (uv_tty_init, UV_HANDLE_BLOCKING_WRITES), so that a
// program that does not read would stop us for good.
import { writeSync } from "node:fs";
import { isErrorCode } from "../../lib/error-code.ts";

export interface PtyInput {
  write(text: string): void;
  /** Bytes that the terminal has not taken yet; its own buffer holds some 4,096 more. */
  unread(): number;
}

/** How soon it is tried again after the terminal was full. */
const RETRY_MS = 10;

/** `pty`: node-pty's. Its file descriptor is non-blocking; it is looked at before each write, since a number can be another file's later. */
export function createInput(pty: object, isAlive: () => boolean): PtyInput {
  let waiting: Buffer[] = [];
  let retry: NodeJS.Timeout | null = null;
  const flush = (): void => {
    retry = null;
    while (waiting.length > 0) {
      const fd = isAlive() ? openDescriptor(pty) : null;
      const [first] = waiting;
      if (fd === null || first === undefined) {
        waiting = [];
        return;
      }
      const taken = tryWrite(fd, first);
      if (taken === first.length) waiting.shift();
      else {
        waiting[0] = first.subarray(taken);
        retry = setTimeout(flush, RETRY_MS);
        return;
      }
    }
  };
  return {
    write: (text) => {
      waiting.push(Buffer.from(text));
      if (retry === null) flush();
    },
    unread: () => waiting.reduce((sum, { length }) => sum + length, 0),
  };
}

/** Bytes that were taken; none where the terminal is full or has gone. */
function tryWrite(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    // EIO: the program's side is closed, its end follows.
    if (isErrorCode(error, "EAGAIN", "EIO")) return 0;
    throw error;
  }
}

/** Null once node-pty has closed it. Neither is in its types; both are in its unixTerminal.js. */
function openDescriptor(pty: object): number | null {
  const socket = "_socket" in pty ? pty._socket : null;
  const isClosed =
    typeof socket !== "object" || socket === null || !("destroyed" in socket) || socket.destroyed !== false;
  if (isClosed || !("fd" in pty) || typeof pty.fd !== "number") return null;
  return pty.fd;
}
