// The settings schema: every option a file may hold, its type and its default. No reading, no merging.
import * as z from "zod/mini";
import { PermissionMode } from "../protocol/approval.ts";
import { Price, ThinkingLevel, WireApi } from "../protocol/model.ts";

const strings = z.array(z.string());
const positive = z.number().check(z.positive());

/** A model that settings declare; what is left out gets generous defaults. */
const DeclaredModel = z.strictObject({
  id: z.string(),
  name: z.optional(z.string()),
  contextWindow: z.optional(positive),
  maxOutput: z.optional(positive),
  input: z.optional(z.array(z.enum(["text", "image"]))),
  thinking: z.optional(z.array(ThinkingLevel)),
  price: z.optional(Price),
  compat: z.optional(z.record(z.string(), z.unknown())),
});

/** A compatible endpoint. `api` also takes the vendors' short names. */
const Provider = z.strictObject({
  api: z.optional(z.union([WireApi, z.enum(["openai", "anthropic", "google"])])),
  baseUrl: z.optional(z.string()),
  keyEnv: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.string())),
  models: z.optional(z.array(z.union([z.string(), DeclaredModel]))),
});

/** An external agent, started by its command. Absent fields of agents that are known by name are filled in. */
const RuntimeSettings = z.strictObject({
  kind: z.optional(
    z.enum(["acp", "claude-code", "codex", "gemini", "opencode", "pi", "command", "terminal"]),
  ),
  command: z.optional(z.string()),
  args: z.optional(strings),
  env: z.optional(z.record(z.string(), z.string())),
  /** Variables of our own environment that the agent may see beside the usual ones. */
  passEnv: z.optional(strings),
  enabled: z.optional(z.boolean()),
  /** A failure before any change is an error instead of a fall back to native. */
  strict: z.optional(z.boolean()),
  /** Seconds without any event after which a turn is ended. */
  idleTimeout: z.optional(positive),
  /** Seconds without a turn after which its program is let go until the next one. */
  releaseAfter: z.optional(positive),
  /** Of kind command: seconds for a whole turn. */
  timeout: z.optional(positive),
  /** Of kind command: false keeps the conversation so far from it. */
  history: z.optional(z.boolean()),
});

export const Settings = z.strictObject({
  $schema: z.optional(z.string()),
  model: z.optional(z.string()),
  /** Short names for models: `{"fast": "anthropic/claude-haiku-4-5"}`. */
  models: z.optional(z.record(z.string(), z.string())),
  thinking: z.optional(ThinkingLevel),
  /** Models tried in order when the chosen one cannot be reached. */
  fallback: z.optional(strings),
  providers: z.optional(z.record(z.string(), Provider)),
  permissionMode: z.optional(PermissionMode),
  allow: z.optional(strings),
  ask: z.optional(strings),
  deny: z.optional(strings),
  log: z.optional(strings),
  /** Names of the tools that are offered; all when absent. */
  tools: z.optional(strings),
  profile: z.optional(z.enum(["full", "minimal"])),
  readOnly: z.optional(z.boolean()),
  env: z.optional(z.strictObject({ allow: z.optional(strings) })),
  addDirs: z.optional(strings),
  /** How `--try` keeps its files apart; `auto` takes the best that works here. */
  tryWith: z.optional(z.enum(["auto", "overlay", "reflink", "worktree", "copy"])),
  runtime: z.optional(z.string()),
  runtimes: z.optional(z.record(z.string(), RuntimeSettings)),
  /** A theme that is built in ("auto" asks the terminal whether it is light), one of the themes folder, or a path. */
  theme: z.optional(z.string()),
  statusLine: z.optional(
    z.strictObject({
      /** Fields in braces and signs between them: "{state} · {model} · ctx {context}%". */
      template: z.optional(z.string()),
      /** A shell line that gets the session as JSON on its standard input; its first line of output is shown. */
      command: z.optional(z.string()),
    }),
  ),
  /** The terminal's title tells the session and its state. Default true. */
  terminalTitle: z.optional(z.boolean()),
  /** The terminal shows that work goes on (OSC 9;4), where it is known to. Default true. */
  terminalProgress: z.optional(z.boolean()),
  /** When a run ends or asks while the window has no focus: a bell, or a notification where the terminal has them. */
  notify: z.optional(z.enum(["off", "bell", "auto"])),
  /** Plain lines in words, each said once, for who listens to the screen. */
  screenReader: z.optional(z.boolean()),
  /** `auto` shows images where the terminal can, `off` only names them. */
  images: z.optional(z.enum(["auto", "off"])),
  /** Keys of the input: those of emacs, or vim's modes with those of emacs while writing. */
  editor: z.optional(z.enum(["emacs", "vim"])),
  enterWhileBusy: z.optional(z.enum(["steer", "follow_up"])),
  maxSteps: z.optional(positive),
  /** US dollars for one run. */
  maxCost: z.optional(positive),
  hooks: z.optional(
    z.strictObject({
      /** A shell line that is told every event, one JSON object a line on its standard input. */
      event: z.optional(z.string()),
    }),
  ),
  systemPrompt: z.optional(z.string()),
  appendSystemPrompt: z.optional(z.string()),
  compaction: z.optional(
    z.strictObject({
      auto: z.optional(z.boolean()),
      reserveTokens: z.optional(positive),
      keepTokens: z.optional(positive),
    }),
  ),
  retry: z.optional(
    z.strictObject({
      /** Requests in all, the first one included. */
      attempts: z.optional(positive),
      /** Milliseconds before the first retry; doubles each time. */
      baseDelayMs: z.optional(positive),
    }),
  ),
  bash: z.optional(z.strictObject({ timeout: z.optional(positive), quota: z.optional(positive) })),
  /** Before a run's first change and after each run the files are kept, to be taken back. Default on. */
  checkpoints: z.optional(z.enum(["on", "off"])),
});
export type Settings = z.infer<typeof Settings>;
