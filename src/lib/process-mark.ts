// Marks in the environment of programs that we start: by them what they leave behind is found again, in whatever process
// group or session it is. On Linux; elsewhere process groups have to do.
import { readdirSync, readFileSync } from "node:fs";
import { watchEnvironment } from "./group-warden.ts";
import { lookAtProcess } from "./process-start.ts";

const VARIABLE = "HEARTH_STARTED_BY";

let count = 0;

/**
 * A new mark of this process: its number, its start, and which of its programs this is. What carries one ends with us,
 * however we end.
 */
export function newMark(): string {
  const owner = `${process.pid}.${lookAtProcess(process.pid)?.started ?? ""}.`;
  if (count === 0 && process.platform === "linux") watchEnvironment(`${VARIABLE}=${owner}`);
  count += 1;
  return `${owner}${count}`;
}

/** What goes into the program's environment. */
export function markVariables(mark: string): Record<string, string> {
  return { [VARIABLE]: mark };
}

/** Kills what carries this mark. */
export function endMarked(mark: string): void {
  for (const [pid, found] of markedProcesses()) if (found === mark) kill(pid);
}

/** Kills what programs of processes that are no more left behind; how many there were. */
export function endOrphans(): number {
  const orphans = markedProcesses().filter(([, mark]) => !isOwnerAlive(mark));
  for (const [pid] of orphans) kill(pid);
  return orphans.length;
}

function isOwnerAlive(mark: string): boolean {
  const [pid = "", started = ""] = mark.split(".");
  const owner = lookAtProcess(Number(pid));
  return owner !== null && owner.started === started && owner.state !== "Z" && owner.state !== "X";
}

function markedProcesses(): [pid: number, mark: string][] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name): [number, string][] => {
      const mark = markOf(name);
      return mark === undefined ? [] : [[Number(name), mark]];
    });
}

function markOf(pid: string): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
    return variables.find((each) => each.startsWith(`${VARIABLE}=`))?.slice(VARIABLE.length + 1);
  } catch {
    // Another person's process, or it ended while we looked.
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in between: what was wanted.
  }
}
