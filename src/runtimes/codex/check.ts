// What can be told of an installed Codex without a session or a connection: its version, its login.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { foundProgram, programVersion } from "../external/program-version.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { RuntimeAvailability } from "../runtime.ts";

/** What this is tried with. Older ones may lack the ways by which a turn is steered and a conversation handed over. */
const OLDEST = "0.169.0";
/** A provider that may need no login of Codex's own, a login that no file shows. */
const ELSEWHERE = /^\s*(model_provider|cli_auth_credentials_store|profile)\s*=/m;

/** Never throws. Without a login that can be seen, Codex is tried all the same. */
export async function checkCodex(program: AgentProgram, signal: AbortSignal): Promise<RuntimeAvailability> {
  const [version, login] = await Promise.all([
    programVersion(program, { args: ["--version"], signal }),
    hasLogin(program),
  ]);
  return foundProgram(program, { version, oldest: OLDEST, login });
}

async function hasLogin({ env }: AgentProgram): Promise<boolean> {
  const folder = env.CODEX_HOME ?? join(env.HOME ?? homedir(), ".codex");
  const read = (name: string) => readFile(join(folder, name), "utf8").catch(() => "");
  const [login, config] = await Promise.all([read("auth.json"), read("config.toml")]);
  return login.trim() !== "" || ELSEWHERE.test(config);
}
