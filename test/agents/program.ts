// The built program in a place, as a user's shell runs it: what the App in this process cannot show.
import { type ChildProcess, spawn } from "node:child_process";
import { execa } from "execa";
import type { Bed } from "./bed.ts";

const BIN = new URL("../../bin/hearth.js", import.meta.url).pathname;

/** Nothing is asked: what the agent wants to do is allowed. */
function args(bed: Bed, prompt: string): string[] {
  return [BIN, "-p", prompt, "--runtime", bed.agent.name, "--permission-mode", "full"];
}

/** Throws with what it said where it fails, or where native took over. */
export async function oneShot(bed: Bed, prompt: string): Promise<string> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, args(bed, prompt), {
    cwd: bed.place.cwd,
    env: bed.place.env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 60_000,
  });
  if (exitCode !== 0 || stderr.includes("native takes over")) throw new Error(`${stdout}\n${stderr}`);
  return stdout;
}

/** It leads a process group of its own, as under a shell. */
export function startOneShot(bed: Bed, prompt: string): ChildProcess {
  return spawn(process.execPath, args(bed, prompt), {
    cwd: bed.place.cwd,
    env: bed.place.env,
    detached: true,
    stdio: "ignore",
  });
}
