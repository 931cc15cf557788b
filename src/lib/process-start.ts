// When a process started: with its number it names the process, since numbers are given anew.
import { readFileSync } from "node:fs";

/** `started` in clock ticks since boot (proc(5), field 22). Null where there is no /proc (macOS), or no such process. */
export function lookAtProcess(pid: number): { state: string; started: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in parentheses, may itself hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", started: fields[19] ?? "" };
  } catch {
    return null;
  }
}
