// Commands that only show: /help /cost /usage /tools /status, and /permissions /theme /init.
import { AppError } from "../../lib/app-error.ts";
import { PermissionMode } from "../../protocol/approval.ts";
import type { Costs } from "../../protocol/usage.ts";
import type { App } from "../app.ts";
import { formatAge, formatDollars, formatTokens } from "../format.ts";
import type { Command } from "./command.ts";
import { INIT_PROMPT } from "./init.prompt.ts";

export const usageCommand: Command = {
  name: "usage",
  aliases: ["cost"],
  summary: "tokens and dollars of this session",
  whileBusy: "now",
  run: (_args, app) => Promise.resolve({ text: formatUsage(app) }),
};

export const toolsCommand: Command = {
  name: "tools",
  summary: "tools the model is offered",
  whileBusy: "now",
  run: async (_args, app) => {
    const tools = await app.tools();
    const rows = tools.map((tool) => `- ${tool.name} (${tool.kind}): ${firstSentence(tool.description)}`);
    return { text: rows.join("\n") };
  },
};

export const statusCommand: Command = {
  name: "status",
  summary: "session, model, runtime, permissions at a glance",
  whileBusy: "now",
  run: (_args, app) => {
    const state = app.conversation.state();
    const rows = [
      `State: ${state.state}${state.run ? `, ${formatAge(Date.now() - state.run.startedMs)}` : ""}`,
      `Session: ${app.conversation.sessionId}${state.name === "" ? "" : ` (${state.name})`}`,
      `File: ${app.conversation.file ?? "nothing is stored"}`,
      `Directory: ${app.cwd}`,
      `Model: ${state.model || "none"}, thinking ${state.thinking}`,
      `Runtime: ${state.runtime}`,
      ...(state.role === "" ? [] : [`Role: ${state.role}`]),
      `Permission mode: ${state.mode}`,
      `Queued: ${state.queue.length}`,
    ];
    return Promise.resolve({ text: rows.map((row) => `- ${row}`).join("\n") });
  },
};

const MODES: Readonly<Record<PermissionMode, string>> = {
  ask: "reading runs, everything else asks",
  "accept-edits": "edits run, commands ask",
  plan: "nothing that changes anything",
  auto: "what runs inside a sandbox does not ask",
  full: "nothing asks",
};

export const permissionsCommand: Command = {
  name: "permissions",
  usage: "[ask | accept-edits | plan | auto | full]",
  summary: "what may run without asking",
  whileBusy: "now",
  complete: () => Promise.resolve(PermissionMode.options.map((value) => ({ value, detail: MODES[value] }))),
  run: async (args, app) => {
    if (args !== "") return setMode(args, app);
    const rules = app.permissions.rules().map((rule) => `- ${rule.kind} \`${rule.text}\` (${rule.source})`);
    const list = rules.length === 0 ? ["No rules: the mode decides."] : rules;
    const text = [`Permission mode: ${app.permissions.mode()}`, ...list].join("\n");
    return { text, ui: { kind: "picker", picker: "permission-mode" } };
  },
};

export const themeCommand: Command = {
  name: "theme",
  usage: "[name]",
  summary: "choose the colours",
  whileBusy: "now",
  // The screen knows whether there is such a theme, and keeps it then.
  run: (name) =>
    Promise.resolve({ ui: name === "" ? { kind: "picker", picker: "theme" } : { kind: "theme", name } }),
};

export const initCommand: Command = {
  name: "init",
  summary: "let the model write an AGENTS.md for this project",
  whileBusy: "refuse",
  run: () => Promise.resolve({ prompt: INIT_PROMPT }),
};

async function setMode(text: string, app: App): Promise<{ text: string }> {
  const mode = PermissionMode.safeParse(text);
  if (!mode.success) {
    throw new AppError("permissions.mode", `"${text}" is no permission mode.`, {
      hint: `Known: ${PermissionMode.options.join(", ")}.`,
    });
  }
  await app.permissions.setMode(mode.data);
  return { text: `Permission mode: ${mode.data}` };
}

function formatUsage(app: App): string {
  const { usage, runs } = app.conversation.state();
  const { costs } = usage;
  const dollars = (kind: keyof Costs): string => (costs ? `, ${formatDollars(costs[kind])}` : "");
  const rows = [
    `- input: ${formatTokens(usage.input)} tokens${dollars("input")}`,
    `- read from cache: ${formatTokens(usage.cacheRead)} tokens${dollars("cacheRead")}`,
    `- written to cache: ${formatTokens(usage.cacheWrite)} tokens${dollars("cacheWrite")}`,
    `- output: ${formatTokens(usage.output)} tokens (${formatTokens(usage.reasoning)} thinking)${dollars("output")}`,
    `- cost: ${usage.cost === null ? "no price is known" : formatDollars(usage.cost)}`,
  ];
  return [`Usage of this session, ${runs} ${runs === 1 ? "run" : "runs"}:`, ...rows].join("\n");
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}
