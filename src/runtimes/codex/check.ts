// Whether the Codex that was found can be used: its version, its login. Looks at files and asks the program for its
// version; opens no session and no connection.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { findProgram } from "../../lib/find-program.ts";
import { runProcess } from "../../lib/subprocess.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { RuntimeAvailability } from "../runtime.ts";
import { LOG_IN } from "./failure.ts";

/** Before it, `turn/steer` and `thread/inject_items` are missing or other: what this is built and tried with. */
const OLDEST = [0, 169] as const;
const VERSION_TIMEOUT_MS = 3_000;

/** Of each file and time of its change what it said. */
const versions = new Map<string, string | null>();

/** Never throws. A login that cannot be seen may still be in the keyring: that is told, and Codex is tried. */
export async function checkCodex(program: AgentProgram, signal: AbortSignal): Promise<RuntimeAvailability> {
  const file = findProgram(program.command, program.env.PATH ?? "");
  if (file === null) return { available: false, reason: `${program.command} was not found on the PATH` };
  const [version, login] = await Promise.all([versionOf(file, program, signal), loginOf(program.env)]);
  const parts = [file, version === null ? "it does not tell its version" : `version ${version}`, login];
  if (version !== null && isOlder(version)) {
    parts.push(`older than ${OLDEST.join(".")}: steering and the handing over of a conversation may fail`);
  }
  return { available: true, detail: parts.filter((part) => part !== null).join(", ") };
}

async function versionOf(file: string, program: AgentProgram, signal: AbortSignal): Promise<string | null> {
  const changed = await stat(file).catch(() => null);
  const key = `${file}\n${changed?.mtimeMs ?? 0}`;
  const known = versions.get(key);
  if (known !== undefined) return known;
  const version = await askVersion(file, program, signal);
  if (!signal.aborted) versions.set(key, version);
  return version;
}

async function askVersion(file: string, program: AgentProgram, signal: AbortSignal): Promise<string | null> {
  let said = "";
  try {
    await runProcess(file, ["--version"], {
      cwd: "/",
      env: { ...program.env },
      timeoutMs: VERSION_TIMEOUT_MS,
      signal,
      onOutput: (text, stream) => {
        if (stream === "stdout") said += text;
      },
    });
  } catch {
    // It does not run: whoever starts it is told why.
    return null;
  }
  return /\d+\.\d+\.\d+\S*/.exec(said)?.[0] ?? null;
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

/** Null where there is one, or where a provider of the person's own may need none. */
async function loginOf(env: Readonly<Record<string, string>>): Promise<string | null> {
  const home = env.CODEX_HOME ?? join(env.HOME ?? "/", ".codex");
  const read = (name: string) => readFile(join(home, name), "utf8").catch(() => "");
  const [login, config] = await Promise.all([read("auth.json"), read("config.toml")]);
  const elsewhere = /^\s*(model_provider|cli_auth_credentials_store|profile)\s*=/m.test(config);
  return login.trim() !== "" || elsewhere ? null : `not logged in as far as can be seen: ${LOG_IN}`;
}
