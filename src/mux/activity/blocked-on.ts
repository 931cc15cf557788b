// Which files a blocked thread waits for, from Linux's own account of it (proc_pid_syscall(5)). Pure: memory and files of the
// process come through `look`.
import type { Reading } from "./activity.ts";

/** What can be asked about the thread's process. Each may throw where it is not ours to look at. */
export type ProcessLook = {
  /** The process's own memory. */
  memory(address: bigint, length: number): Uint8Array;
  isTerminal(fd: number): boolean;
  /** What an epoll instance watches for input, and what kinds of files those are. */
  watched(epollFd: number): readonly { fd: number; internal: boolean }[];
};

type SystemCall = "read" | "poll" | "ppoll" | "select" | "pselect" | "epoll";

/** Numbers of arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h. */
const SYSTEM_CALLS: Readonly<Record<string, Readonly<Record<number, SystemCall>>>> = {
  x64: {
    0: "read",
    19: "read",
    7: "poll",
    271: "ppoll",
    23: "select",
    270: "pselect",
    232: "epoll",
    281: "epoll",
    441: "epoll",
  },
  arm64: { 63: "read", 65: "read", 73: "ppoll", 72: "pselect", 22: "epoll", 441: "epoll" },
};

const POLLIN = 1;
/** More than this is no program that waits for a person. */
const MOST_FILES = 1024;

/** `line` is the content of /proc/PID/task/TID/syscall. */
export function blockedOn(line: string, arch: string, look: ProcessLook): Reading {
  const [number = "", ...rest] = line.trim().split(" ");
  const call = SYSTEM_CALLS[arch]?.[Number(number)];
  if (call === undefined || !/^\d+$/.test(number)) return "no";
  const values = rest.map((value) => BigInt(value));
  const at = (index: number): bigint => values[index] ?? 0n;
  switch (call) {
    case "read":
      return look.isTerminal(Number(at(0))) ? "only" : "no";
    case "poll":
      return polled(at(0), Number(at(1)), Number(BigInt.asIntN(32, at(2))) < 0, look);
    case "ppoll":
      return polled(at(0), Number(at(1)), at(2) === 0n, look);
    case "select":
    case "pselect":
      return selected(at(1), Number(at(0)), at(4) === 0n, look);
    case "epoll":
      return epolled(Number(at(0)), Number(BigInt.asIntN(32, at(3))) < 0, look);
  }
}

/** An array of struct pollfd: fd (4 bytes), events (2), revents (2). */
function polled(address: bigint, count: number, forEver: boolean, look: ProcessLook): Reading {
  if (count === 0 || count > MOST_FILES) return "no";
  const view = viewOf(look.memory(address, count * 8));
  const fds = Array.from({ length: count }, (_, index) => ({
    fd: view.getInt32(index * 8, true),
    reads: (view.getInt16(index * 8 + 4, true) & POLLIN) !== 0,
  })).filter(({ fd, reads }) => fd >= 0 && reads);
  return among(
    fds.map(({ fd }) => ({ fd, internal: false })),
    forEver,
    look,
  );
}

/** A bit for each file descriptor. */
function selected(address: bigint, count: number, forEver: boolean, look: ProcessLook): Reading {
  if (address === 0n || count === 0 || count > MOST_FILES) return "no";
  const bits = look.memory(address, Math.ceil(count / 8));
  const fds = Array.from({ length: count }, (_, fd) => fd).filter(
    (fd) => ((bits[fd >> 3] ?? 0) & (1 << (fd & 7))) !== 0,
  );
  return among(
    fds.map((fd) => ({ fd, internal: false })),
    forEver,
    look,
  );
}

function epolled(fd: number, forEver: boolean, look: ProcessLook): Reading {
  return among(look.watched(fd), forEver, look);
}

function among(
  files: readonly { fd: number; internal: boolean }[],
  forEver: boolean,
  look: ProcessLook,
): Reading {
  if (!files.some(({ fd }) => look.isTerminal(fd))) return "no";
  return forEver && files.every(({ fd, internal }) => internal || look.isTerminal(fd)) ? "only" : "also";
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
