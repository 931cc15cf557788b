// A scripted program that answers prompts: a real process, started anew for each. It notes what it was given.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type AnswererTurn = {
  /** Written as it is, piece by piece. */
  say?: string[];
  complain?: string;
  /** Stays until it is ended; "stubborn" although it is asked to go. */
  hold?: boolean | "stubborn";
  /** A child of its own that stays until it is ended. */
  child?: boolean;
  /** Changes this file without a word. */
  write?: { file: string; text: string };
  exit?: number;
};

/** What it was given: its arguments behind the script's own, and its standard input. */
export type Given = { args: string[]; input: string; pid: number; child: number | null };

/** The command line that runs the turns one after another, and what it was given so far. */
export function answerer(folder: string, turns: AnswererTurn[]) {
  const log = join(folder, "answerer.log");
  const file = join(folder, "answerer.json");
  writeFileSync(log, "");
  writeFileSync(file, JSON.stringify(turns));
  return {
    command: process.execPath,
    args: [fileURLToPath(import.meta.url), file, log],
    given: (): Given[] =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Given => JSON.parse(line)),
  };
}

async function answer(file: string, log: string, args: string[]): Promise<void> {
  const turns: AnswererTurn[] = JSON.parse(readFileSync(file, "utf8"));
  const done = readFileSync(log, "utf8").split("\n").length - 1;
  const turn: AnswererTurn = turns[done] ?? { say: ["done"] };
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const child = turn.child ? await startChild() : null;
  const input = Buffer.concat(chunks).toString();
  appendFileSync(log, `${JSON.stringify({ args, input, pid: process.pid, child })}\n`);
  if (turn.hold === "stubborn") process.on("SIGTERM", () => undefined);
  if (turn.write) writeFileSync(turn.write.file, turn.write.text);
  for (const piece of turn.say ?? []) process.stdout.write(Buffer.from(piece, "latin1"));
  if (turn.complain !== undefined) process.stderr.write(turn.complain);
  if (turn.hold) setInterval(() => undefined, 60_000);
  else process.exitCode = turn.exit ?? 0;
}

async function startChild(): Promise<number | null> {
  const { spawn } = await import("node:child_process");
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  child.unref();
  return child.pid ?? null;
}

const [, program, file, log, ...args] = process.argv;
if (program === fileURLToPath(import.meta.url) && file && log) await answer(file, log, args);
