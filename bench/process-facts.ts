// What Linux knows about a running process: CPU time and memory, from /proc (man 5 proc).
import { readdirSync, readFileSync } from "node:fs";

/** Length of a clock tick in /proc: USER_HZ is 100 on every architecture Node runs on. */
const TICK_MS = 10;

/** User and system time of the process so far, its ended children included, in steps of 10 ms. */
export function cpuMs(pid: number): number {
  const [utime, stime, cutime, cstime] = times(String(pid));
  return (utime + stime + cutime + cstime) * TICK_MS;
}

/** Time on a CPU of all threads of the process so far, in milliseconds and finer than `cpuMs`; without its children. */
export function threadsCpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => readThreadTime(`/proc/${pid}/task/${thread}/schedstat`));
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

function readThreadTime(path: string): number {
  try {
    return Number(readFileSync(path, "utf8").split(" ")[0]);
  } catch {
    // A thread that has ended between the two looks has used next to nothing since the last one.
    return 0;
  }
}

/** CPU time of all children of this process that have ended. */
export function endedChildrenCpuMs(): number {
  const [, , cutime, cstime] = times("self");
  return (cutime + cstime) * TICK_MS;
}

/** VmRSS: resident now; VmHWM: the most it ever was. In MB of 1,048,576 bytes; throws when the process is gone. */
export function memoryMb(pid: number, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status);
  if (!found) throw new Error(`The process ${pid} has ended.`);
  return Number(found[1]) / 1024;
}

/** Fields 14 to 17 of /proc/PID/stat. The name, field 2, may hold blanks and parentheses. */
function times(pid: string): [number, number, number, number] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15).map(Number);
  return [utime, stime, cutime, cstime];
}
