// The built program as a running process that a test talks to, and what it leaves in its home.
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { EventEnvelope } from "../../src/protocol/event.ts";
import { BIN, type Place } from "./hearth.ts";

export type Program = {
  readonly pid: number;
  /** Lines of stdout so far. */
  readonly lines: readonly string[];
  stderr: () => string;
  /** Writes one line, an object as JSON. */
  send: (line: unknown) => void;
  endInput: () => void;
  /** Stops reading stdout, as `head` does when it leaves. */
  closeOutput: () => void;
  /** Resolves with the first line (of those to come and those that came) for which `test` is true. */
  line: (test: (line: string) => boolean) => Promise<string>;
  kill: (signal: NodeJS.Signals) => void;
  exited: Promise<number | NodeJS.Signals>;
};

/** Ended when the test ends. */
export function startProgram(place: Place, args: readonly string[]): Program {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: place.cwd, env: place.env });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  let rest = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on("error", () => undefined);
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? "SIGKILL"));
  });
  return {
    pid: child.pid ?? 0,
    lines,
    stderr: () => stderr,
    send: (line) => void child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`),
    endInput: () => void child.stdin.end(),
    closeOutput: () => void child.stdout.destroy(),
    line: (test) =>
      new Promise((resolve, reject) => {
        const watcher = () => {
          const found = lines.find(test);
          if (found === undefined) return;
          watchers.delete(watcher);
          resolve(found);
        };
        watchers.add(watcher);
        void exited.then((code) => reject(new Error(`it left with ${code} before that line; ${stderr}`)));
        watcher();
      }),
    kill: (signal) => void child.kill(signal),
    exited,
  };
}

export async function writeSettings(place: Place, settings: unknown): Promise<string> {
  const folder = join(place.home, "hearth");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "settings.json");
  await writeFile(file, typeof settings === "string" ? settings : JSON.stringify(settings));
  return file;
}

/** The session files of the place, oldest first. */
export async function sessionFiles(place: Place): Promise<string[]> {
  const dir = join(place.home, "hearth", "sessions");
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(dir, name));
}

/** The entries of the newest session file. */
export async function sessionEntries(place: Place): Promise<Record<string, unknown>[]> {
  const file = (await sessionFiles(place)).at(-1);
  if (file === undefined) throw new Error("no session was saved");
  return (await readFile(file, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The lines of stream-json output. */
export function envelopes(stdout: string): EventEnvelope[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
