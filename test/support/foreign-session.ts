// Short ways to import what a foreign agent wrote, and to see what came of it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Content } from "../../src/protocol/content.ts";
import type { Message } from "../../src/protocol/message.ts";
import { sessionContext } from "../../src/session/context.ts";
import { foreignReader, type TranslatedAgent } from "../../src/session/import/foreign-formats.ts";
import { fileSource } from "../../src/session/import/foreign-source.ts";
import {
  type ImportOptions,
  type ImportReport,
  importSession,
} from "../../src/session/import/import-session.ts";
import { ImportTree } from "../../src/session/import/import-tree.ts";
import { readBranch } from "../../src/session/read.ts";
import type { KnownEntry } from "../../src/session/state-entry.ts";

/** The entries that values of a foreign file become, and what was counted. */
export function translated(agent: TranslatedAgent, values: readonly unknown[]) {
  const reader = foreignReader(agent);
  const tree = new ImportTree(agent, 0);
  const items = [...values.flatMap((value) => reader.take(value)), ...reader.end()];
  const entries: KnownEntry[] = [...items.flatMap((item) => tree.take(item)), ...tree.end(null)];
  return { entries, tally: tree.tally };
}

function partOutline(part: Content): string {
  if (part.type === "tool_call") return `${part.name}(${JSON.stringify(part.arguments)})`;
  if (part.type === "thinking") return `(${part.text})`;
  return part.type === "text" ? part.text : part.mimeType;
}

/** A line for each message: who, and what of it there is. */
export function outline(entries: readonly { type: string }[]): string[] {
  return (entries as readonly KnownEntry[]).flatMap((entry) => {
    if (entry.type === "run_end") return entry.outcome === "completed" ? [] : [`end: ${entry.outcome}`];
    if (entry.type === "compaction") return [`summary: ${entry.summary}`];
    if (entry.type === "leaf") return ["branch"];
    return entry.type === "message" ? [messageOutline(entry.message)] : [];
  });
}

function messageOutline(message: Message): string {
  const parts = message.content.map(partOutline);
  const who = message.role === "user" ? (message.source ?? "user") : message.role;
  return `${who}${"isError" in message && message.isError ? "!" : ""}: ${parts.join(" | ")}`;
}

export function importOptions(dir: string, more: Partial<ImportOptions> = {}): ImportOptions {
  return {
    dir,
    cwd: { path: "/repo/here", force: false },
    again: false,
    dryRun: false,
    clock: () => Date.UTC(2026, 5, 1),
    writer: "hearth test",
    known: new Map(),
    ...more,
  };
}

/** Writes the values as lines and imports them. */
export async function importLines(
  agent: TranslatedAgent,
  values: readonly unknown[],
  options: ImportOptions & { file?: string },
): Promise<ImportReport> {
  const file = options.file ?? join(options.dir, "..", `${agent}.jsonl`);
  await writeFile(file, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  return importSession(agent, fileSource(file), options);
}

/** What a model is shown of the session at `path`. */
export async function history(path: string) {
  return sessionContext(await readBranch(path, { whole: true })).history.map(({ message }) => message);
}
