// What can be told of the installed Gemini CLI or opencode without starting a session: the version, and the login.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fieldOf, rowOf } from "../../lib/field-of.ts";
import { findProgram } from "../../lib/find-program.ts";
import { foundProgram, programVersion } from "../external/program-version.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { RuntimeAvailability } from "../runtime.ts";

type Looks = {
  /** Of its npm package. */
  package: RegExp;
  /** The oldest that its recordings are of. */
  oldest: string;
  isLoggedIn: (env: AgentProgram["env"]) => Promise<boolean>;
};

const LOOKS: Readonly<Record<string, Looks>> = {
  gemini: { package: /^@google\/gemini-cli$/, oldest: "0.61.0", isLoggedIn: geminiLogin },
  opencode: { package: /^opencode(-|$)/, oldest: "1.18.0", isLoggedIn: opencodeLogin },
};

/** Of another agent only that it is there: what it does with an argument that it does not know, nobody knows. */
export async function checkAcp(program: AgentProgram, signal: AbortSignal): Promise<RuntimeAvailability> {
  const name = [program.command, program.args[0] ?? ""]
    .map((part) => basename(part).replace(/\.[cm]?js$/, ""))
    .find((part) => Object.hasOwn(LOOKS, part));
  const looks = name === undefined ? undefined : rowOf(LOOKS, name);
  if (!looks) {
    return {
      available: true,
      detail: findProgram(program.command, program.env.PATH ?? "") ?? program.command,
    };
  }
  const version = await programVersion(program, { package: looks.package, args: ["--version"], signal });
  return foundProgram(program, {
    version,
    oldest: looks.oldest,
    login: await looks.isLoggedIn(program.env),
  });
}

/** A key, the files of a login with Google, or another way that the settings name. */
async function geminiLogin(env: AgentProgram["env"]): Promise<boolean> {
  if (has(env, "GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS")) return true;
  const folder = join(env.GEMINI_CLI_HOME ?? env.HOME ?? homedir(), ".gemini");
  if (isFilled(await text(join(folder, "oauth_creds.json")))) return true;
  const settings = parsed(await text(join(folder, "settings.json")));
  const type = fieldOf(fieldOf(fieldOf(settings, "security"), "auth"), "selectedType");
  return type === "vertex-ai" || type === "gateway" || type === "compute-default-credentials";
}

/** A stored login, a key, or a service of the person's own configuration. */
async function opencodeLogin(env: AgentProgram["env"]): Promise<boolean> {
  if (has(env, "OPENCODE_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY")) return true;
  const home = env.HOME ?? homedir();
  const data = env.XDG_DATA_HOME ?? join(home, ".local", "share");
  if (isFilled(await text(join(data, "opencode", "auth.json")))) return true;
  const folder = join(env.XDG_CONFIG_HOME ?? join(home, ".config"), "opencode");
  const files = ["opencode.json", "opencode.jsonc", "config.json"].map((file) => text(join(folder, file)));
  const configs = [env.OPENCODE_CONFIG_CONTENT ?? "", ...(await Promise.all(files))];
  return configs.some((config) => /"provider"\s*:\s*\{\s*"/.test(config));
}

function has(env: AgentProgram["env"], ...names: string[]): boolean {
  return names.some((name) => (env[name] ?? "") !== "");
}

function text(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

/** More than an empty object or list. */
function isFilled(json: string): boolean {
  return json.replaceAll(/[\s{}[\]]/g, "") !== "";
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // With comments, or broken: what it says of the login is not known then.
    return null;
  }
}
