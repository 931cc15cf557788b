// What each setting is for, in one sentence, and the group it stands in. Apart from the schema, since a start that
// only checks a file needs no sentences. Every setting of the first level must have its row here: the type says so.
import type { Settings } from "./settings.ts";

/** In the order of the settings screen. */
export const SETTING_GROUPS = [
  "model",
  "permissions",
  "screen",
  "limits",
  "agents",
  "context",
  "endpoints",
] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

type GroupText = { group: SettingGroup; text: string };

const FIRST_LEVEL: Readonly<Record<Exclude<keyof Settings, "$schema">, GroupText>> = {
  model: {
    group: "model",
    text: "Model that answers: vendor/model[:thinking], or a short name from models.",
  },
  models: { group: "model", text: 'Short names for models: {"fast": "anthropic/claude-haiku-4-5"}.' },
  thinking: { group: "model", text: "How much the model thinks before it answers." },
  fallback: { group: "model", text: "Models tried in order when the chosen one cannot be reached." },
  permissionMode: { group: "permissions", text: "What may run without asking." },
  allow: { group: "permissions", text: "Rules for calls that run without asking: bash(npm test)." },
  ask: { group: "permissions", text: "Rules for calls that always ask; stronger than allow." },
  deny: { group: "permissions", text: "Rules for calls that never run; stronger than ask and allow." },
  log: {
    group: "permissions",
    text: "Rules for calls that leave a line in the audit log even when nothing was asked.",
  },
  tools: { group: "permissions", text: "Names of the tools the model is offered; all when absent." },
  profile: {
    group: "permissions",
    text: "Which set of tools: all of them, or the smallest that does the work.",
  },
  readOnly: { group: "permissions", text: "Offer only tools that change nothing." },
  env: { group: "permissions", text: "What commands may see of the environment." },
  tryWith: {
    group: "permissions",
    text: "How --try keeps its files apart from yours; auto takes the best way that works here.",
  },
  addDirs: { group: "permissions", text: "Directories beside the working one in which tools may work." },
  theme: {
    group: "screen",
    text: "Colours of the screen: a built-in theme, or NAME.json in the themes folder; auto asks the terminal.",
  },
  statusLine: { group: "screen", text: "What the last row shows: a template, or a command that writes it." },
  terminalTitle: { group: "screen", text: "The terminal's title tells the session and its state." },
  terminalProgress: { group: "screen", text: "The terminal shows that work goes on, where it is known to." },
  notify: {
    group: "screen",
    text: "How the terminal calls when a run ends or asks and its window has no focus.",
  },
  images: { group: "screen", text: "Images stand in the transcript where the terminal can show them." },
  screenReader: {
    group: "screen",
    text: "Plain lines in words, each said once, for who listens to the screen.",
  },
  editor: { group: "screen", text: "Keys of the input: those of emacs, or vim's modes." },
  enterWhileBusy: {
    group: "screen",
    text: "What sending does while the agent works: steer it, or queue a prompt.",
  },
  maxSteps: {
    group: "limits",
    text: "Model requests in one run; 100 when absent, 50 in one-shot mode.",
  },
  maxCost: { group: "limits", text: "US dollars that one run may cost; no limit when absent." },
  compaction: { group: "limits", text: "When a long conversation is summarised to make room." },
  retry: { group: "limits", text: "How requests that fail are tried again." },
  bash: { group: "limits", text: "Limits of shell commands." },
  checkpoints: {
    group: "permissions",
    text: "Keep the files before and after each run, so that /undo and /rewind can bring them back.",
  },
  runtime: { group: "agents", text: "Agent that takes the turns: native, or a name from runtimes." },
  runtimes: {
    group: "agents",
    text: "External agents by name; claude-code, codex, gemini, opencode and pi are known.",
  },
  hooks: { group: "agents", text: "Commands of your own that are told what happens." },
  systemPrompt: { group: "context", text: "Text in place of the system prompt." },
  appendSystemPrompt: { group: "context", text: "Text added to the system prompt." },
  providers: { group: "endpoints", text: "Compatible endpoints by name, or changes to a built-in vendor." },
};

/** `*` stands for a name that the person chooses. */
const INSIDE: Readonly<Record<string, string>> = {
  $schema: "Where the schema of this file is, for editors.",
  "env.allow": "Variables that commands may see beside the usual ones: names, or patterns such as AWS_*.",
  "compaction.auto": "Summarise by itself before the context is full.",
  "compaction.reserveTokens": "Tokens kept free for the next answer.",
  "compaction.keepTokens": "Newest tokens that a summary leaves as they are.",
  "retry.attempts": "Requests in all, the first one included.",
  "retry.baseDelayMs": "Milliseconds before the first retry; doubles each time.",
  "bash.timeout": "Seconds a command may take when the model names no time.",
  "bash.quota": "Megabytes that a file may have which a command writes.",
  "statusLine.template": "Fields in braces and signs between them: {state} · {model} · ctx {context}%.",
  "statusLine.command": "A shell line that gets the session as JSON; its first line of output is shown.",
  "hooks.event": "A shell line that is told every event, one JSON object a line on its standard input.",
  "providers.*.api": "How the endpoint is spoken to; openai-chat when absent.",
  "providers.*.baseUrl": "Address of the endpoint, as the vendor's own client wants it.",
  "providers.*.keyEnv": "Name of the variable that holds the key; absent for an endpoint without one.",
  "providers.*.headers": "Headers sent with every request.",
  "providers.*.models": "Models of the endpoint: ids, or objects that say more.",
  "runtimes.*.kind": "How the agent is spoken to.",
  "runtimes.*.command": "Program that starts the agent; known agents have one.",
  "runtimes.*.args": "Its arguments.",
  "runtimes.*.env": "Variables that are set for it.",
  "runtimes.*.passEnv": "Variables of our own environment that it may see beside the usual ones.",
  "runtimes.*.enabled": "False leaves it out.",
  "runtimes.*.strict": "A failure before any change is an error instead of a fall back to native.",
  "runtimes.*.idleTimeout": "Seconds without any event after which a turn is ended.",
  "runtimes.*.timeout": "Kind command: seconds for a whole turn (600).",
  "runtimes.*.history": "Kind command: false keeps the conversation so far from it.",
  "runtimes.*.releaseAfter": "Seconds without a turn after which its program is let go until the next one.",
};

/** The sentence about a setting (`retry.attempts`, `runtimes.*.command`); undefined where there is none. */
export function settingText(path: string): string | undefined {
  return rowOf(path)?.text ?? INSIDE[path];
}

/** The group of the first part of the path. */
export function settingGroup(path: string): SettingGroup | undefined {
  return rowOf(path.split(".")[0] ?? "")?.group;
}

function rowOf(path: string): GroupText | undefined {
  return Object.entries(FIRST_LEVEL).find(([key]) => key === path)?.[1];
}
