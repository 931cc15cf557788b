// Whether the program in the foreground of a pseudo-terminal is blocked reading it. Linux tells; elsewhere it is unknown.
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import type { Reading } from "../activity/activity.ts";
import { blockedOn, type ProcessLook } from "../activity/blocked-on.ts";
import { processStat, processStats } from "./process-stat.ts";

/** Threads that are looked at in one process. */
const MOST_THREADS = 64;

/** What in an event loop is its own: wake-ups and timers between threads, never the outside world. */
const INTERNAL = /^(?:pipe:|anon_inode:\[(?:eventfd|timerfd|signalfd|inotify|io_uring|eventpoll)\])/;

/** `leader` is the program the terminal was opened for. Never throws. */
export function readingOf(leader: number): Reading {
  if (process.platform !== "linux") return "unknown";
  const stat = processStat(leader);
  if (stat === null || stat.terminal === null) return "unknown";
  const { foreground, terminal } = stat;
  const found = processStats()
    .filter(({ group, state }) => group === foreground && state !== "Z" && state !== "X")
    .flatMap(({ pid }) => threadsOf(pid, terminal));
  if (found.includes("only")) return "only";
  if (found.includes("also")) return "also";
  return found.length === 0 || found.includes("unknown") ? "unknown" : "no";
}

function threadsOf(pid: number, terminal: string): Reading[] {
  try {
    const look = lookAt(pid, terminal);
    return readdirSync(`/proc/${pid}/task`)
      .slice(0, MOST_THREADS)
      .map((thread) => threadReading(`/proc/${pid}/task/${thread}/syscall`, look));
  } catch {
    // It ended meanwhile; another process of the group may know more.
    return [];
  }
}

function threadReading(file: string, look: ProcessLook): Reading {
  try {
    return blockedOn(readFileSync(file, "latin1"), process.arch, look);
  } catch {
    // Another user's program (sudo), or one that went on meanwhile.
    return "unknown";
  }
}

function lookAt(pid: number, terminal: string): ProcessLook {
  const file = (fd: number): string => readlinkSync(`/proc/${pid}/fd/${fd}`);
  const isTerminal = (fd: number): boolean => {
    const target = file(fd);
    return target === terminal || target === "/dev/tty";
  };
  return {
    isTerminal,
    memory: (address, length) => readMemory(pid, address, length),
    watched: (epollFd) =>
      [...readFileSync(`/proc/${pid}/fdinfo/${epollFd}`, "latin1").matchAll(/^tfd: *(\d+) events: *(\w+)/gm)]
        .filter(([, , events]) => (Number.parseInt(events ?? "0", 16) & 1) !== 0)
        .map(([, fd]) => ({ fd: Number(fd), internal: INTERNAL.test(file(Number(fd))) })),
  };
}

function readMemory(pid: number, address: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const handle = openSync(`/proc/${pid}/mem`, "r");
  try {
    const read = readSync(handle, bytes, 0, length, address);
    if (read < length) throw new Error("The memory ends there.");
    return bytes;
  } finally {
    closeSync(handle);
  }
}
