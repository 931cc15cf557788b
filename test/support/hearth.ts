// Runs the built program as a user's shell would, with a home of its own.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { providerEnv, type TestStub } from "./stub.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const BIN = new URL("../../bin/hearth.js", import.meta.url).pathname;

/** A fresh data folder and a fresh workspace with git initialised. */
export type Place = { home: string; cwd: string; env: Record<string, string> };

export async function newPlace(stub?: TestStub): Promise<Place> {
  const folder = await temporaryFolder();
  const home = join(folder, "home");
  const cwd = join(folder, "work");
  await Promise.all([mkdir(home), mkdir(cwd)]);
  await execa("git", ["init", "--quiet", "--initial-branch=main"], { cwd });
  return { home, cwd, env: placeEnv(home, stub) };
}

/** The whole environment of the program: nothing of the tests' own but PATH. */
function placeEnv(home: string, stub?: TestStub): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    LANG: "C.UTF-8",
    HEARTH_HOME: join(home, "hearth"),
    ...(stub ? providerEnv(stub) : {}),
  };
}

export type Outcome = { stdout: string; stderr: string; exitCode: number | undefined; durationMs: number };

/** stdin is closed unless `input` is given. Never rejects for an exit code. */
export async function runHearth(
  place: Place,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Outcome> {
  const started = performance.now();
  const result = await execa(process.execPath, [BIN, ...args], {
    cwd: place.cwd,
    env: { ...place.env, ...options.env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: options.timeoutMs ?? 20_000,
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
  });
  const { stdout, stderr, exitCode } = result;
  return {
    stdout: String(stdout),
    stderr: String(stderr),
    exitCode,
    durationMs: performance.now() - started,
  };
}
