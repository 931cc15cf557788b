// The processes of a place: those whose environment carries its mark, and those that work inside it. Linux only.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Set for an agent's program and inherited by what it starts; many agents clear the rest of the environment. */
export const MARK = "HEARTH_TEST_MARK";

export type FoundProcess = { pid: number; parent: number; command: string };

/** Those of the place at `root`, without ourselves. A zombie counts only once nobody waited for it. */
export function processesOf(root: string): FoundProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => isOf(pid, root))
    .flatMap((pid) => describe(pid));
}

function isOf(pid: string, root: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`).startsWith(root)) return true;
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${MARK}=${root}`);
  } catch {
    return false; // It ended meanwhile, or it is not ours.
  }
}

function describe(pid: string): FoundProcess[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, state = "", parent = "0"] = stat.slice(stat.lastIndexOf(")")).split(" ");
    if (state === "Z") return [];
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return [{ pid: Number(pid), parent: Number(parent), command }];
  } catch {
    return []; // It ended meanwhile.
  }
}

/** Resolves with those that are still there when `ms` are over, with none as soon as there is none. */
export async function leftAfter(root: string, ms: number): Promise<FoundProcess[]> {
  const deadline = Date.now() + ms;
  for (;;) {
    const left = processesOf(root);
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
