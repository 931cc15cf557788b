// Processes as /proc/PID/stat has them (proc_pid_stat(5)): groups, sessions, terminals. Linux alone; elsewhere there are none.
import { readdirSync, readFileSync } from "node:fs";

export type ProcessStat = {
  pid: number;
  state: string;
  group: number;
  /** The leader of the session, for whose terminal it was made. */
  session: number;
  /** `/dev/pts/N`; null without a pseudo-terminal. */
  terminal: string | null;
  /** The group in the foreground of that terminal. */
  foreground: number;
  /** Clock ticks since boot. */
  started: string;
};

/** Null when there is no such process, or no /proc. */
export function processStat(pid: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return {
      pid,
      state: fields[0] ?? "",
      group: Number(fields[2]),
      session: Number(fields[3]),
      terminal: terminalName(Number(fields[4])),
      foreground: Number(fields[5]),
      started: fields[19] ?? "",
    };
  } catch {
    // It ended, or this is no Linux.
    return null;
  }
}

export function processStats(): ProcessStat[] {
  return processIds().flatMap((pid) => processStat(pid) ?? []);
}

function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    // No /proc here.
    return [];
  }
}

/** Majors 136 to 143 are pseudo-terminals of 256 each (Documentation/admin-guide/devices.txt); the minor has 20 bits. */
function terminalName(device: number): string | null {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  return major >= 136 && major <= 143 ? `/dev/pts/${(major - 136) * 256 + minor}` : null;
}
