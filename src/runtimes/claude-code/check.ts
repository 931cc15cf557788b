// What can be told of an installed Claude Code without starting a session: its version, and whether it has a login.
import { access, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fieldOf } from "../../lib/field-of.ts";
import { foundProgram, programVersion } from "../external/program-version.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { RuntimeAvailability } from "../runtime.ts";
import { configFolder } from "./seed.ts";

/** The first version of the line that was tried: its requests for permission and hooks are as we answer them. */
const OLDEST = "2.1.0";
/** Variables with which it needs no login of its own. */
const KEYS = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
];

export async function checkClaude(program: AgentProgram, signal: AbortSignal): Promise<RuntimeAvailability> {
  const version = await programVersion(program, { args: ["--version"], signal });
  return foundProgram(program, { version, oldest: OLDEST, login: await mayAsk(program) });
}

/** On macOS a login is in the keychain, which is not looked into. */
async function mayAsk({ env }: AgentProgram): Promise<boolean> {
  if (process.platform === "darwin" || KEYS.some((name) => env[name])) return true;
  const folder = configFolder(env);
  const account = join(env.CLAUDE_CONFIG_DIR || (env.HOME ?? homedir()), ".claude.json");
  const [login, key, helper] = await Promise.all([
    isThere(join(folder, ".credentials.json")),
    has(account, "primaryApiKey"),
    has(join(folder, "settings.json"), "apiKeyHelper"),
  ]);
  return login || key || helper;
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Whether a JSON file holds something in that field. */
async function has(file: string, field: string): Promise<boolean> {
  try {
    return Boolean(fieldOf(JSON.parse(await readFile(file, "utf8")), field));
  } catch {
    return false; // There is none, or none that can be read: no login in it.
  }
}
