// The agents of the bed: which program, how it is pointed at the stub, what it lacks.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "../../src/config/settings.ts";
import type { Cast } from "./cast.ts";
import { claudeCast } from "./casts/claude.ts";
import { codexCast } from "./casts/codex.ts";
import { geminiCast } from "./casts/gemini.ts";
import { nativeCast } from "./casts/native.ts";
import { opencodeCast } from "./casts/opencode.ts";
import { piCast } from "./casts/pi.ts";
import type { Place } from "./place.ts";
import { MARK } from "./processes.ts";
import { type PackageName, programFile } from "./programs.ts";

export type RuntimeSettings = NonNullable<Settings["runtimes"]>[string];

export type Agent = {
  /** Of the runtime, and of its column. */
  name: string;
  /** Its own program first. */
  packages: readonly PackageName[];
  cast: Cast;
  /** Writes what the program wants to find in its home; null: it is our own. */
  settings: ((place: Place, folder: string) => Promise<RuntimeSettings>) | null;
  /** Cases that it cannot play, with the reason. */
  lacks?: Readonly<Record<string, string>>;
  /** Seconds of silence after which Hearth ends it, in some cases. */
  idleTimeouts?: Readonly<Record<string, number>>;
  /** It tells no client what a command printed. */
  silentCommands?: boolean;
  /** Awaited between the two halves of the case on resuming. */
  beforeResume?: () => Promise<void>;
};

/** What every program is told. */
function common(place: Place, more: Record<string, string>): Record<string, string> {
  return { [MARK]: place.root, HOME: place.home, NO_BROWSER: "1", ...more };
}

function claudeEnv(place: Place): Record<string, string> {
  return common(place, {
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    CLAUDE_CODE_MAX_RETRIES: "1",
    ANTHROPIC_BASE_URL: place.stubUrl,
    ANTHROPIC_API_KEY: "stub-key",
  });
}

export const native: Agent = {
  name: "native",
  packages: [],
  cast: nativeCast,
  settings: null,
  lacks: {
    "hand-over": "it is the other side",
    crash: "it has no program of its own",
  },
};

/** Gemini CLI names its session files by the minute, and loads none in the minute in which it was made. */
async function nextMinute(): Promise<void> {
  await sleep(60_000 - (Date.now() % 60_000) + 500);
}

const gemini: Agent = {
  name: "gemini",
  packages: ["@google/gemini-cli"],
  cast: geminiCast,
  silentCommands: true,
  beforeResume: nextMinute,
  settings: async (place, folder) => {
    await writeJson(join(place.home, ".gemini", "settings.json"), {
      security: { auth: { selectedType: "gemini-api-key" } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false, maxAttempts: 2 },
    });
    const env = common(place, {
      GOOGLE_GEMINI_BASE_URL: place.stubUrl,
      GEMINI_API_KEY: "stub-key",
      GEMINI_TELEMETRY_ENABLED: "false",
      GEMINI_CLI_NO_RELAUNCH: "true",
    });
    const program = programFile(folder, "@google/gemini-cli");
    return {
      command: process.execPath,
      args: [program, "--acp", "-m", "gemini-2.5-flash"],
      env,
    };
  },
};

const opencode: Agent = {
  name: "opencode",
  packages: ["opencode-ai"],
  cast: opencodeCast,
  // After a 500 it tries again for ever without a word: only silence tells.
  idleTimeouts: { "error 500": 20 },
  settings: async (place, folder) => {
    const provider = {
      npm: "@ai-sdk/openai-compatible",
      options: { baseURL: `${place.stubUrl}/v1`, apiKey: "stub-key" },
      models: { "stub-model": { name: "stub", limit: { context: 100_000, output: 8_000 } } },
    };
    const config = {
      provider: { stub: provider },
      model: "stub/stub-model",
      small_model: "stub/stub-model",
      enabled_providers: ["stub"],
      autoupdate: false,
      share: "disabled",
    };
    const env = common(place, {
      OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
      XDG_CONFIG_HOME: join(place.home, "config"),
      XDG_DATA_HOME: join(place.home, "data"),
      XDG_CACHE_HOME: join(place.home, "cache"),
      XDG_STATE_HOME: join(place.home, "state"),
    });
    return { command: programFile(folder, "opencode-ai"), args: ["acp"], env };
  },
};

export const claudeCode: Agent = {
  name: "claude-code",
  packages: ["@anthropic-ai/claude-code"],
  cast: claudeCast,
  settings: async (place, folder) => ({
    command: programFile(folder, "@anthropic-ai/claude-code"),
    env: claudeEnv(place),
  }),
};

const claudeAcp: Agent = {
  name: "claude-agent-acp",
  packages: ["@agentclientprotocol/claude-agent-acp", "@anthropic-ai/claude-code"],
  cast: claudeCast,
  settings: async (place, folder) => ({
    command: process.execPath,
    args: [programFile(folder, "@agentclientprotocol/claude-agent-acp")],
    env: {
      ...claudeEnv(place),
      CLAUDE_CODE_EXECUTABLE: programFile(folder, "@anthropic-ai/claude-code"),
    },
  }),
};

export const codex: Agent = {
  name: "codex",
  packages: ["@openai/codex"],
  cast: codexCast,
  settings: async (place, folder) => {
    await writeCodexConfig(place);
    const env = common(place, { CODEX_HOME: codexHome(place), STUB_KEY: "stub-key" });
    return { command: programFile(folder, "@openai/codex"), env };
  },
};

const codexAcp: Agent = {
  name: "codex-acp",
  packages: ["@agentclientprotocol/codex-acp", "@openai/codex"],
  cast: codexCast,
  settings: async (place, folder) => {
    await writeCodexConfig(place);
    return {
      command: process.execPath,
      args: [programFile(folder, "@agentclientprotocol/codex-acp")],
      env: common(place, {
        CODEX_HOME: codexHome(place),
        CODEX_PATH: programFile(folder, "@openai/codex"),
        STUB_KEY: "stub-key",
        INITIAL_AGENT_MODE: "read-only",
      }),
    };
  },
};

const pi: Agent = {
  name: "pi",
  packages: ["@earendil-works/pi-coding-agent"],
  cast: piCast,
  settings: async (place, folder) => {
    const model = { id: "stub-model", name: "Stub", reasoning: true, input: ["text", "image"] };
    const provider = {
      baseUrl: `${place.stubUrl}/v1`,
      api: "openai-completions",
      apiKey: "stub-key",
      models: [{ ...model, contextWindow: 100_000, maxTokens: 8_000 }],
    };
    const home = join(place.home, ".pi", "agent");
    await writeJson(join(home, "models.json"), { providers: { stub: provider } });
    await writeJson(join(home, "settings.json"), { retry: { enabled: true, maxRetries: 1 } });
    const env = common(place, { PI_OFFLINE: "1", PI_SKIP_VERSION_CHECK: "1", PI_TELEMETRY: "0" });
    const program = programFile(folder, "@earendil-works/pi-coding-agent");
    return { command: process.execPath, args: [program, "--mode", "rpc", "--model", "stub/stub-model"], env };
  },
};

export const AGENTS: readonly Agent[] = [
  native,
  claudeCode,
  codex,
  gemini,
  opencode,
  pi,
  claudeAcp,
  codexAcp,
];

function codexHome({ home }: Place): string {
  return join(home, ".codex");
}

/** A model that Codex knows: without its metadata there is no tool to edit files with. */
async function writeCodexConfig(place: Place): Promise<void> {
  const config = `model = "gpt-5.5"
model_provider = "stub"
check_for_update_on_startup = false
[model_providers.stub]
name = "stub"
base_url = "${place.stubUrl}/v1"
wire_api = "responses"
env_key = "STUB_KEY"
request_max_retries = 1
stream_max_retries = 1
[analytics]
enabled = false
[projects."${place.cwd}"]
trust_level = "trusted"
`;
  await mkdir(codexHome(place), { recursive: true });
  await writeFile(join(codexHome(place), "config.toml"), config);
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, JSON.stringify(value));
}
