// A place to measure in: a fresh home, a git repository to work in, a stub provider as a process of its own.
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { stubEnvironment } from "../src/server/stub/run-stub.ts";
import type { ScriptInput } from "../src/server/stub/script.ts";
import { HEARTH, type Surroundings } from "./programs.ts";

export type Place = Surroundings &
  AsyncDisposable & {
    /** The folder of all sessions. */
    sessionsDir: string;
    /** When each request so far came to the stub, by Date.now(). */
    requestTimes: () => Promise<number[]>;
  };

/** `notes.txt` in the workspace has 400 lines. The stub answers as `script` says. */
export async function openPlace(script: ScriptInput): Promise<Place> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "hearth-bench-")));
  const cwd = join(folder, "work");
  const home = join(folder, "home");
  await Promise.all([mkdir(cwd), mkdir(home)]);
  await writeFile(join(cwd, "notes.txt"), noteLines(400));
  execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd });
  const stub = await startStub(folder, script);
  const hearthHome = join(home, "hearth");
  return {
    cwd,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: home,
      LANG: "C.UTF-8",
      HEARTH_HOME: hearthHome,
      ...stubEnvironment(stub.url),
    },
    sessionsDir: join(hearthHome, "sessions"),
    requestTimes: () => readTimes(stub.record),
    [Symbol.asyncDispose]: async () => {
      await stub.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startStub(folder: string, script: ScriptInput) {
  const scriptFile = join(folder, "script.json");
  const record = join(folder, "requests.jsonl");
  await writeFile(scriptFile, JSON.stringify(script));
  const args = [HEARTH, "stub", "--port", "0", "--script", scriptFile, "--record", record];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const url = await listening(child);
  const end = async (): Promise<void> => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return { url, record, end };
}

/** The address that the stub names in its first line. */
async function listening(stub: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface(stub.stdout)) return line.replace("stub listening on ", "");
  throw new Error("The stub did not start: is the program built?");
}

async function readTimes(record: string): Promise<number[]> {
  const text = await readFile(record, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Date.parse(JSON.parse(line).time));
}

function noteLines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index} of the notes\n`).join("");
}
