// The version of an agent's program, asked of the program itself once for as long as its file stays the same.
import { stat } from "node:fs/promises";
import { findProgram } from "../../lib/find-program.ts";
import { runProcess } from "../../lib/subprocess.ts";
import type { AgentProgram } from "./start-agent.ts";

/** By file and its time of change. Module state because the answer is the machine's, not a session's. */
const known = new Map<string, string>();

/** Null where it could not be told. `args`: what is asked, after what else the command needs to be the program. */
export async function programVersion(
  { command, args: given, env }: AgentProgram,
  { args, signal }: { args: readonly string[]; signal: AbortSignal },
): Promise<string | null> {
  const script = given.filter((arg, at) => at === 0 && /\.[cm]?js$/.test(arg));
  const file = script[0] ?? findProgram(command, env.PATH ?? "");
  const stats = file === null ? null : await stat(file).catch(() => null);
  const key = `${file} ${stats?.mtimeMs}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let said = "";
  const onOutput = (text: string, stream: string): void => {
    if (stream === "stdout") said += text;
  };
  // What does not start or answer has no version: starting it for a session tells why.
  const end = await runProcess(command, [...script, ...args], {
    cwd: "/",
    env: { ...env },
    signal,
    onOutput,
  }).catch(() => null);
  const version = end?.exitCode === 0 ? /\d+\.\d+\.\d+[\w.+-]*/.exec(said)?.[0] : undefined;
  if (version === undefined) return null;
  known.set(key, version);
  return version;
}

/** A word on the version, with a warning where it is older than what was tried. */
export function versionNote(version: string | null, oldest: string): string {
  if (version === null) return "its version is not known";
  if (!isOlder(version, oldest)) return `version ${version}`;
  return `version ${version}, older than ${oldest}: some of it may not work`;
}

/** By their first three numbers. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
