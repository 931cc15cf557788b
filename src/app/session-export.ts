// A session for elsewhere: a document for people, a file for another Hearth, or a session of another agent's own.
import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Environment, readVariable } from "../config/env.ts";
import { AppError } from "../lib/app-error.ts";
import { claudeProject } from "../session/claude-project.ts";
import { claudeSessionId, exportClaudeCode } from "../session/export/claude-code.ts";
import { codexPlace, codexSessionId, exportCodex } from "../session/export/codex.ts";
import { exportHtml } from "../session/export/html.ts";
import { exportJsonl } from "../session/export/jsonl.ts";
import { exportMarkdown } from "../session/export/markdown.ts";
import { exportPi, piFileName, piProject, piSessionId } from "../session/export/pi.ts";
import { PLAIN, REDACTED } from "../session/export/redaction.ts";
import type { ExportBranch } from "../session/export/talk.ts";
import { writeExport } from "../session/export/write-export.ts";
import { readBranch } from "../session/read.ts";

const EXPORT_FORMATS = ["md", "html", "jsonl", "claude-code", "codex", "pi"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
type AgentFormat = Extract<ExportFormat, "claude-code" | "codex" | "pi">;

export type ExportWish = {
  format: ExportFormat;
  /** Secrets are taken out. */
  redact: boolean;
  /** Where the other agents keep their own. */
  env: Environment;
};

/** What a person asks for in a conversation; without a path it gets a name of its own. */
export type ExportRequest = Omit<ExportWish, "env"> & { path?: string };

/** `resume`: how the other agent goes on with it; `isNew`: false where the very same export is there already. */
export type Exported = { path: string; resume: string | null; isNew: boolean };

/** The format of a name, or of the ending of a file's name; null for anything else. */
export function exportFormat(name: string): ExportFormat | null {
  const ending = /\.(md|markdown|html?|jsonl)$/i.exec(name)?.[1]?.toLowerCase();
  const word = ending === "markdown" ? "md" : ending === "htm" ? "html" : (ending ?? name);
  return EXPORT_FORMATS.find((format) => format === word) ?? null;
}

/** Throws `command.usage` with the formats there are. */
export function knownFormat(name: string): ExportFormat {
  const format = EXPORT_FORMATS.find((known) => known === name);
  if (format) return format;
  throw new AppError("command.usage", `There is no format "${name}".`, {
    hint: `It is one of: ${EXPORT_FORMATS.join(", ")}.`,
  });
}

/** The session at `path` in pieces of text. Throws as `readBranch` does. */
export async function exportPieces(
  path: string,
  wish: ExportWish,
): Promise<AsyncIterable<string> | Iterable<string>> {
  return piecesOf(await readBranch(path, { whole: true }), wish);
}

/** Writes the session at `path` to a file. Throws as `readBranch` does, or `export.write`. */
export async function exportToFile(path: string, wish: ExportWish & { target: string }): Promise<Exported> {
  const branch = await readBranch(path, { whole: true });
  await writeExport(wish.target, await piecesOf(branch, wish));
  return { path: wish.target, resume: null, isNew: true };
}

/** Puts the session at `path` among the other agent's own. What is there is never changed. Throws like `exportToFile`. */
export async function exportToAgent(
  path: string,
  wish: ExportWish & { format: AgentFormat },
): Promise<Exported> {
  const branch = await readBranch(path, { whole: true });
  const { target, resume } = AGENTS[wish.format](branch, wish.env);
  if (await stat(target).catch(() => null)) return { path: target, resume, isNew: false };
  await writeExport(target, await piecesOf(branch, wish));
  return { path: target, resume, isNew: true };
}

export function isAgentFormat(format: ExportFormat): format is AgentFormat {
  return Object.hasOwn(AGENTS, format);
}

async function piecesOf(
  branch: ExportBranch,
  { format, redact, env }: ExportWish,
): Promise<AsyncIterable<string> | Iterable<string>> {
  const redaction = redact ? REDACTED : PLAIN;
  const { cwd } = branch.header;
  switch (format) {
    case "md":
      return [exportMarkdown(branch, redaction)];
    case "html":
      return exportHtml(branch, redaction);
    case "jsonl":
      return exportJsonl(branch, redaction);
    case "claude-code":
      return exportClaudeCode(branch, { redaction, cwd });
    case "codex":
      return exportCodex(branch, { redaction, cwd, provider: await codexProvider(env) });
    case "pi":
      return exportPi(branch, { redaction, cwd });
  }
}

type Place = { target: string; resume: string };

const AGENTS = {
  "claude-code": (branch: ExportBranch, env: Environment): Place => {
    const id = claudeSessionId(branch);
    const folder = readVariable(env, "CLAUDE_CONFIG_DIR") ?? join(homeOf(env), ".claude");
    const target = join(folder, "projects", claudeProject(branch.header.cwd), `${id}.jsonl`);
    return { target: resolve(target), resume: `claude --resume ${id}` };
  },
  codex: (branch: ExportBranch, env: Environment): Place => {
    const target = join(codexHome(env), "sessions", ...codexPlace(branch));
    return { target: resolve(target), resume: `codex resume ${codexSessionId(branch)}` };
  },
  pi: (branch: ExportBranch, env: Environment): Place => {
    const id = piSessionId(branch);
    const folder = readVariable(env, "PI_CODING_AGENT_DIR") ?? join(homeOf(env), ".pi", "agent");
    const file = piFileName(branch.header.time, id);
    const target = join(folder, "sessions", piProject(branch.header.cwd), file);
    return { target: resolve(target), resume: `pi --session ${id}` };
  },
};

function codexHome(env: Environment): string {
  return readVariable(env, "CODEX_HOME") ?? join(homeOf(env), ".codex");
}

/** Whom Codex asks: what its settings say before their first table (TOML), else its own. */
async function codexProvider(env: Environment): Promise<string> {
  const settings = await readFile(join(codexHome(env), "config.toml"), "utf8").catch(() => ""); // It may have none.
  const outermost = settings.split(/^\s*\[/m, 1)[0] ?? "";
  return /^\s*model_provider\s*=\s*["']([^"'\n]+)["']/m.exec(outermost)?.[1] ?? "openai";
}

function homeOf(env: Environment): string {
  return readVariable(env, "HOME") ?? homedir();
}
