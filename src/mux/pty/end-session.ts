// Ending everything that runs in a terminal: a shell gives each of its jobs a group of its own, so one group is not enough.
import { setTimeout as sleep } from "node:timers/promises";
import { groupAlive, signalGroup } from "../../lib/process-group.ts";
import { processStats } from "./process-stat.ts";

const KILL_AFTER_MS = 2_000;
const POLL_MS = 20;

/** Groups of the session that `leader` began; its own group alone where there is no /proc. */
function groupsOf(leader: number): number[] {
  const groups = processStats()
    .filter(({ session, state }) => session === leader && state !== "Z" && state !== "X")
    .map(({ group }) => group);
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
 * TERM and HUP (interactive shells heed that alone), 2 s, KILL; with `force` KILL at once. Resolves when nothing of the
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

function askToEnd(leader: number): void {
  for (const group of groupsOf(leader)) {
    for (const signal of ["SIGTERM", "SIGHUP", "SIGCONT"] as const) signalGroup(group, signal);
  }
}
