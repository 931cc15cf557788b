// Puts together the system text of a session from its parts. Pure: the same input gives the same bytes.
import type { ProjectFile } from "./project-files.ts";
import { SYSTEM_PROMPT } from "./system-prompt.prompt.ts";

export type SystemPromptInput = {
  cwd: string;
  /** As process.platform. */
  platform: string;
  /** Milliseconds since the epoch, taken once a session; only the day is told, so that prompt caches hit. */
  nowMs: number;
  /** The git branch at the start, where there is one. */
  gitBranch?: string;
  files?: readonly ProjectFile[];
  /** A text in place of Hearth's own (--system-prompt). */
  replace?: string;
  /** The role in force. */
  role?: { name: string; text: string };
  /** A text after all these (--append-system-prompt). */
  append?: string;
  /** What the person added in this session (/system). */
  added?: string;
};

/** `name` is for `/context` and `/system`, which show each part. */
export type SystemPromptPart = { name: string; text: string };

/** What changes in a session stands last, so that a prompt cache keeps what is before it. */
export function assembleSystemPrompt(input: SystemPromptInput): { text: string; parts: SystemPromptPart[] } {
  const { replace, role, append, added } = input;
  const parts = [
    { name: "instructions", text: replace ?? SYSTEM_PROMPT },
    { name: "environment", text: environment(input) },
    ...(input.files ?? []).map((file) => ({ name: file.path, text: projectBlock(file) })),
    ...(append ? [{ name: "appended", text: append }] : []),
    ...(role?.text ? [{ name: `role ${role.name}`, text: `Your role: ${role.name}\n\n${role.text}` }] : []),
    ...(added ? [{ name: "added", text: added }] : []),
  ];
  return { text: parts.map((part) => part.text).join("\n\n"), parts };
}

function environment({ cwd, platform, nowMs, gitBranch }: SystemPromptInput): string {
  const lines = [
    "Environment",
    `- Working directory: ${cwd}`,
    `- Platform: ${platform}`,
    `- Date: ${new Date(nowMs).toISOString().slice(0, 10)}`,
    ...(gitBranch === undefined ? [] : [`- Git branch at the start: ${gitBranch}`]),
  ];
  return lines.join("\n");
}

function projectBlock({ path, text }: ProjectFile): string {
  return `<project_instructions path=${JSON.stringify(path)}>\n${text}\n</project_instructions>`;
}
