// Runs programs to their end and tells what that took: Hearth, and bare Node beside it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { endedChildrenCpuMs, memoryMb } from "./process-facts.ts";

export const HEARTH = new URL("../bin/hearth.js", import.meta.url).pathname;

export type Ended = {
  /** Date.now() just before the program was started. */
  startedAt: number;
  wallMs: number;
  /** User and system time, in steps of 10 ms. */
  cpuMs: number;
  stdout: string;
};

export type Surroundings = { cwd: string; env: Record<string, string> };

/** Runs `node ...args` with stdin closed; throws, with what it wrote to stderr, when it does not end in 0. */
export async function runNode(args: readonly string[], { cwd, env }: Surroundings): Promise<Ended> {
  const cpuBefore = endedChildrenCpuMs();
  const startedAt = Date.now();
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await once(child, "close");
  const wallMs = performance.now() - started;
  if (child.exitCode !== 0) throw new Error(`node ${args.join(" ")} ended in ${child.exitCode}: ${stderr}`);
  return { startedAt, wallMs, cpuMs: endedChildrenCpuMs() - cpuBefore, stdout };
}

/** The most memory that `node ...args` held, looked at every 2 ms until it ended. */
export async function peakMemoryMb(args: readonly string[], { cwd, env }: Surroundings): Promise<number> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: "ignore" });
  let peak = 0;
  const watch = setInterval(() => {
    if (child.pid !== undefined && child.exitCode === null) peak = readPeak(child.pid, peak);
  }, 2);
  await once(child, "exit");
  clearInterval(watch);
  return peak;
}

function readPeak(pid: number, before: number): number {
  try {
    return memoryMb(pid, "VmHWM");
  } catch {
    // It ended between two looks: what it had before counts.
    return before;
  }
}

/** What Node alone takes on this machine, now. */
export async function bareNodeMs(): Promise<number> {
  const { wallMs } = await runNode(["-e", "0"], { cwd: "/", env: {} });
  return wallMs;
}

/** What Node alone holds in memory; `-e 0` would be gone before it is looked at. */
export async function bareNodeMb(): Promise<number> {
  return peakMemoryMb(["-e", "setTimeout(() => 0, 60)"], { cwd: "/", env: {} });
}
