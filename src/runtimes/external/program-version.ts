// The version of an agent's program: from the package that it stands in, else asked of the program itself, once for as
// long as its file stays the same.
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fieldOf } from "../../lib/field-of.ts";
import { findProgram } from "../../lib/find-program.ts";
import { runProcess } from "../../lib/subprocess.ts";
import type { RuntimeAvailability } from "../runtime.ts";
import type { AgentProgram } from "./start-agent.ts";

/** By file and its time of change. Module state because the answer is the machine's, not a session's. */
const known = new Map<string, string>();

type VersionQuestion = {
  /** The name of its npm package, where it may stand in one. Starting a program of Node to ask takes up to a second. */
  package?: RegExp;
  /** The arguments that ask. */
  args: readonly string[];
  signal: AbortSignal;
};

/** Null where it could not be told. */
export async function programVersion(
  program: AgentProgram,
  question: VersionQuestion,
): Promise<string | null> {
  const { command, env } = program;
  const script = scriptOf(program);
  const file = script ?? findProgram(command, env.PATH ?? "");
  const real = file === null ? null : await realpath(file).catch(() => null);
  if (real === null) return null;
  const key = `${real} ${(await stat(real).catch(() => null))?.mtimeMs}`;
  const version =
    known.get(key) ?? (await packageVersion(real, question.package)) ?? (await askVersion(program, question));
  if (version !== null) known.set(key, version);
  return version;
}

/** A program that an interpreter is started with. */
function scriptOf({ args }: AgentProgram): string | null {
  const [first] = args;
  return first !== undefined && /\.[cm]?js$/.test(first) ? first : null;
}

/** Of the nearest package around a file, when it is the one that is meant. */
async function packageVersion(file: string, name: RegExp | undefined): Promise<string | null> {
  if (name === undefined) return null;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => null);
    if (text === null) continue;
    const found = parsed(text);
    const [own, version] = [fieldOf(found, "name"), fieldOf(found, "version")];
    return typeof own === "string" && name.test(own) && typeof version === "string" ? version : null;
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A broken package: the program itself is asked.
    return null;
  }
}

async function askVersion(program: AgentProgram, { args, signal }: VersionQuestion): Promise<string | null> {
  const { command, env } = program;
  const script = scriptOf(program);
  let said = "";
  const onOutput = (text: string, stream: string): void => {
    if (stream === "stdout") said += text;
  };
  const asked = [...(script === null ? [] : [script]), ...args];
  // What does not start or answer has no version: starting it for a session tells why.
  const end = await runProcess(command, asked, { cwd: "/", env: { ...env }, signal, onOutput }).catch(
    () => null,
  );
  return (end?.exitCode === 0 ? /\d+\.\d+\.\d+[\w.+-]*/.exec(said)?.[0] : undefined) ?? null;
}

/** A program that is there: where, its version, and whether it has a login; with a word where it is older than what was tried. */
export function foundProgram(
  { command, env }: AgentProgram,
  { version, oldest, login }: { version: string | null; oldest: string; login: boolean },
): RuntimeAvailability {
  const file = findProgram(command, env.PATH ?? "") ?? command;
  const old = version !== null && isOlder(version, oldest);
  return {
    available: true,
    detail: old ? `${file}; older than ${oldest}: some of it may not work` : file,
    ...(version === null ? {} : { version }),
    login: { ok: login },
  };
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
