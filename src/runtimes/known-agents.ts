// The agents that are known by name: how their programs are started and what they may see. Data alone.
import { rowOf } from "../lib/field-of.ts";
import type { RuntimeCapabilities } from "./runtime.ts";

/** How an agent is spoken to. */
export type AgentKind = "acp" | "claude-code" | "codex" | "pi" | "command" | "terminal";

export type KnownAgent = {
  kind: AgentKind;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Variables of our environment that are its own: keys, addresses, the place of its settings. */
  ownVariables: readonly string[];
  /** What it tells that it can do once it runs, beyond what its protocol gives: known before for lists. */
  expects?: Partial<RuntimeCapabilities>;
  /** How one gets it. */
  install: string;
  /** How one logs in. */
  login: string;
};

const NO_TELEMETRY = { DISABLE_AUTOUPDATER: "1" } as const;

export const KNOWN_AGENTS: Readonly<Record<string, KnownAgent>> = {
  "claude-code": {
    kind: "claude-code",
    command: "claude",
    args: [],
    env: NO_TELEMETRY,
    ownVariables: [
      "ANTHROPIC_API_KEY",
      "ANTHROPIC_AUTH_TOKEN",
      "ANTHROPIC_BASE_URL",
      "ANTHROPIC_CUSTOM_HEADERS",
      "ANTHROPIC_MODEL",
      "CLAUDE_CODE_OAUTH_TOKEN",
      "CLAUDE_CODE_USE_BEDROCK",
      "CLAUDE_CODE_USE_FOUNDRY",
      "CLAUDE_CODE_USE_VERTEX",
      "CLAUDE_CONFIG_DIR",
    ],
    install: "npm install -g @anthropic-ai/claude-code",
    login: "run `claude` once and log in, or set ANTHROPIC_API_KEY",
  },
  codex: {
    kind: "codex",
    command: "codex",
    args: ["app-server"],
    env: {},
    ownVariables: ["CODEX_HOME", "CODEX_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"],
    install: "npm install -g @openai/codex",
    login: "run `codex login`, or `printenv OPENAI_API_KEY | codex login --with-api-key`",
  },
  gemini: {
    kind: "acp",
    command: "gemini",
    // Not --skip-trust: that would start the hooks and servers of a project that the person trusted nobody with. Without
    // it a folder that Gemini CLI was not told to trust is worked in all the same, but for those.
    args: ["--acp"],
    env: { NO_BROWSER: "1", GEMINI_CLI_NO_RELAUNCH: "true" },
    ownVariables: [
      "GEMINI_API_KEY",
      "GOOGLE_API_KEY",
      "GOOGLE_GEMINI_BASE_URL",
      "GOOGLE_CLOUD_PROJECT",
      "GOOGLE_APPLICATION_CREDENTIALS",
      "GEMINI_CLI_HOME",
    ],
    expects: { resume: true, images: true, modelChoice: true, modes: true },
    install: "npm install -g @google/gemini-cli",
    login: "run `gemini` once and log in, or set GEMINI_API_KEY",
  },
  opencode: {
    kind: "acp",
    command: "opencode",
    args: ["acp"],
    env: { OPENCODE_DISABLE_AUTOUPDATE: "1" },
    ownVariables: ["OPENCODE_API_KEY", "OPENCODE_CONFIG", "OPENCODE_CONFIG_DIR", "OPENCODE_CONFIG_CONTENT"],
    expects: { steer: "native", resume: true, images: true, modelChoice: true, cost: true, modes: true },
    install: "npm install -g opencode-ai",
    login: "run `opencode auth login`",
  },
  pi: {
    kind: "pi",
    command: "pi",
    args: ["--mode", "rpc"],
    env: { PI_SKIP_VERSION_CHECK: "1" },
    ownVariables: ["PI_CODING_AGENT_DIR", "PI_OFFLINE", "PI_TELEMETRY"],
    install: "npm install -g @earendil-works/pi-coding-agent",
    login: "run `pi` once and log in, or name a key's variable in runtimes.pi.passEnv",
  },
};

/** null where nobody knows an agent of that name. */
export function knownAgent(name: string): KnownAgent | null {
  return rowOf(KNOWN_AGENTS, name) ?? null;
}
