// What can be told of an installed pi without starting a session: its version, and whether it has a way to a model.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { foundProgram, programVersion } from "../external/program-version.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { RuntimeAvailability } from "../runtime.ts";

/** The oldest whose RPC mode was tried. */
const OLDEST = "0.87.0";
const PACKAGE = /^@[\w-]+\/pi-coding-agent$/;
const KEY = /^[A-Z0-9_]+_(API_KEY|OAUTH_TOKEN|AUTH_TOKEN)$/;

export async function checkPi(program: AgentProgram, signal: AbortSignal): Promise<RuntimeAvailability> {
  const version = await programVersion(program, { package: PACKAGE, args: ["--version"], signal });
  return foundProgram(program, { version, oldest: OLDEST, login: await mayAsk(program) });
}

/** A login, a service that the person set up, or a key among its variables. */
async function mayAsk({ env }: AgentProgram): Promise<boolean> {
  if (Object.keys(env).some((name) => KEY.test(name) && env[name] !== "")) return true;
  const folder = env.PI_CODING_AGENT_DIR ?? join(env.HOME ?? homedir(), ".pi", "agent");
  const texts = await Promise.all(
    ["auth.json", "models.json"].map((file) => readFile(join(folder, file), "utf8").catch(() => "")),
  );
  return texts.some((text) => text.replaceAll(/[\s{}[\]]/g, "") !== "");
}
