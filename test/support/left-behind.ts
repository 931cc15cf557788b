// Finds the processes of a run of tests: each carries the run's folder in its environment, its command line or as the
// folder that it works in. For Linux, by proc(5).
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type Process = { pid: number; command: string };

/** Those that still live, without us and the processes that we started ourselves (workers of vitest). */
export function leftBehind(folder: string): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = ownCommand(name, folder);
      return command === null ? [] : [{ pid: Number(name), command }];
    });
}

/** Its command line; null when it is none of the run's, a worker, or gone. */
function ownCommand(pid: string, folder: string): string | null {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim();
    // A process that ended and was not waited for has none.
    if (command === "" || parentOf(pid) === process.pid) return null;
    const carries =
      command.includes(folder) ||
      readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) ||
      readFileSync(`/proc/${pid}/environ`, "latin1").includes(folder);
    return carries ? command : null;
  } catch {
    // Another person's process, or it ended while we looked.
    return null;
  }
}

/** The name of the program, in brackets before it, may hold blanks and brackets (proc_pid_stat(5)). */
function parentOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
