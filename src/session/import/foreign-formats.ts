// The foreign formats there are: who reads them and how a file is known to be one.
import { AppError } from "../../lib/app-error.ts";
import { ClaudeCodeReader } from "./claude-code.ts";
import { CodexReader } from "./codex.ts";
import { type Fields, fieldsOf, textIn } from "./fields.ts";
import { GeminiReader } from "./gemini.ts";
import { FOREIGN_AGENTS, type ForeignAgent, type ForeignReader } from "./import-item.ts";
import { OpencodeReader } from "./opencode.ts";
import { PiReader } from "./pi.ts";

/** Those whose files are translated; Hearth's own are taken as they are. */
export type TranslatedAgent = Exclude<ForeignAgent, "hearth">;

type Format = {
  title: string;
  read: () => ForeignReader;
  /** Whether a value of the file can only be of this format. */
  knows: (value: Fields) => boolean;
};

const FORMATS: Readonly<Record<TranslatedAgent, Format>> = {
  "claude-code": {
    title: "Claude Code",
    read: () => new ClaudeCodeReader(),
    knows: (value) =>
      ["user", "assistant"].includes(textIn(value, "type")) && fieldsOf(value.message) !== null,
  },
  codex: {
    title: "Codex",
    read: () => new CodexReader(),
    knows: (value) =>
      textIn(value, "type") === "session_meta" || "record_type" in value || "instructions" in value,
  },
  gemini: {
    title: "Gemini CLI",
    read: () => new GeminiReader(),
    knows: (value) => "projectHash" in value || (Array.isArray(value.parts) && "role" in value),
  },
  opencode: {
    title: "opencode",
    read: () => new OpencodeReader(),
    knows: (value) => fieldsOf(value.info) !== null,
  },
  pi: {
    title: "pi",
    read: () => new PiReader(),
    knows: (value) => textIn(value, "type") === "session" && !("writer" in value),
  },
};

export function agentTitle(agent: ForeignAgent): string {
  return agent === "hearth" ? "Hearth" : FORMATS[agent].title;
}

export function foreignReader(agent: TranslatedAgent): ForeignReader {
  return FORMATS[agent].read();
}

/** Whether `value` can only come from a session of that agent. */
export function isFormatOf(agent: ForeignAgent, value: unknown): boolean {
  const fields = fieldsOf(value);
  if (!fields) return false;
  if (agent === "hearth") return textIn(fields, "type") === "session" && "writer" in fields;
  return FORMATS[agent].knows(fields);
}

/** Whose session `value` comes from; null: nobody's that is known. */
export function formatOf(value: unknown): ForeignAgent | null {
  return FOREIGN_AGENTS.find((agent) => isFormatOf(agent, value)) ?? null;
}

/** Throws `command.usage` with the names there are. */
export function foreignAgent(name: string): ForeignAgent {
  const found = FOREIGN_AGENTS.find((agent) => agent === name);
  if (found) return found;
  throw new AppError("command.usage", `There is no import from "${name}".`, {
    hint: `--from takes one of: ${FOREIGN_AGENTS.join(", ")}.`,
  });
}
