// Ending everything that runs in a terminal: a shell gives each of its jobs a group of its own, so one group is not enough.
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { groupAlive, signalGroup } from "../../lib/process-group.ts";
import { type ProcessStat, processStats } from "./process-stat.ts";

const KILL_AFTER_MS = 2_000;
const POLL_MS = 20;

/** Of the session that `leader` began; none where there is no /proc. */
function membersOf(leader: number): ProcessStat[] {
  return processStats().filter(({ session, state }) => session === leader && state !== "Z" && state !== "X");
}

/** The leader's own group alone where there is no /proc. */
function groupsOf(leader: number): number[] {
  const groups = membersOf(leader).map(({ group }) => group);
  return [...new Set(process.platform === "linux" ? groups : [leader])].filter(groupAlive);
}

/** What a window that is closed does: who minds a hang-up ends, who does not (nohup) goes on. */
export function hangUpSession(leader: number): void {
  for (const group of groupsOf(leader)) signalGroup(group, "SIGHUP");
}

export function killSession(leader: number): void {
  for (const group of groupsOf(leader)) signalGroup(group, "SIGKILL");
}

/**
 * TERM (HUP to those that ignore it), 2 s, KILL; with `force` KILL at once. Resolves when nothing of the
 * session is left.
 */
export async function endSession(leader: number, { force }: { force: boolean }): Promise<void> {
  if (!force) askToEnd(leader);
  const deadline = Date.now() + (force ? 0 : KILL_AFTER_MS);
  while (groupsOf(leader).length > 0) {
    if (Date.now() >= deadline) killSession(leader);
    await sleep(POLL_MS);
  }
}

/** Interactive shells ignore TERM and heed HUP. To others HUP is not sent: it would cut short what they do at TERM. */
function askToEnd(leader: number): void {
  const deaf = membersOf(leader).filter(({ pid }) => ignoresTerm(pid));
  for (const group of groupsOf(leader)) signalGroup(group, "SIGTERM");
  for (const { pid } of deaf) signalProcess(pid, "SIGHUP");
  for (const group of groupsOf(leader)) signalGroup(group, "SIGCONT");
}

/** proc_pid_status(5): a mask in which the lowest bit is signal 1. */
function ignoresTerm(pid: number): boolean {
  try {
    const mask = /^SigIgn:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "0";
    return (BigInt(`0x${mask}`) & (1n << BigInt(constants.signals.SIGTERM - 1))) !== 0n;
  } catch {
    // It ended meanwhile.
    return false;
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between: what was wanted.
  }
}
