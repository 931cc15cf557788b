// Process groups: whether any of one is left, and ending all of it.
import { readdirSync, readFileSync } from "node:fs";

/** Time between the polite signal and the final one. */
const KILL_AFTER_MS = 2000;
const POLL_MS = 20;

/** Sends `signal` to every process of the group that `pid` leads. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended by itself in between: what was wanted.
  }
}

/** Ends the group: TERM, 2 s, KILL. */
export async function endGroup(pid: number): Promise<void> {
  signalGroup(pid, "SIGTERM");
  const deadline = Date.now() + KILL_AFTER_MS;
  while (groupAlive(pid)) {
    if (Date.now() >= deadline) return signalGroup(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** True while a process of the group `pid` led is there; ended ones that nobody collected do not count. */
export function groupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
  } catch {
    // No such group (ESRCH), or none of it is ours (EPERM): nothing that we could end.
    return false;
  }
  return process.platform !== "linux" || runningInGroup(pid);
}

/** Looks through /proc, because to kill(2) a zombie is alive, and an init may collect it late or never. */
function runningInGroup(group: number): boolean {
  return readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      // proc_pid_stat(5): after the name in parentheses come state, parent, group.
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(pgrp) === group && state !== "Z" && state !== "X";
    } catch {
      // It ended while we looked.
      return false;
    }
  });
}
