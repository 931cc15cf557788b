// The prompts of a project on disk: one JSON string a line, oldest first, readable only by the user.
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomic } from "../../lib/atomic-write.ts";
import { isErrorCode } from "../../lib/error-code.ts";

const MOST_PROMPTS = 1000;
/** The file is cut only when it grew this far over the limit, so that a start seldom writes. */
const SLACK = 250;

/** The newest 1,000 prompts, oldest first; damaged lines are left out. A missing file is an empty history. */
export async function readHistory(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return "";
    throw error;
  });
  const prompts = text.split("\n").flatMap(parseLine);
  const kept = prompts.slice(-MOST_PROMPTS);
  if (prompts.length > MOST_PROMPTS + SLACK) {
    await writeFileAtomic(file, Buffer.from(kept.map(formatLine).join("")), 0o600);
  }
  return kept;
}

/** Other processes may append at the same time: a line is written at once. */
export async function appendHistory(file: string, prompt: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, formatLine(prompt), { mode: 0o600 });
}

function formatLine(prompt: string): string {
  return `${JSON.stringify(prompt)}\n`;
}

function parseLine(line: string): string[] {
  if (line === "") return [];
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "string" ? [value] : [];
  } catch {
    return []; // Half a line of a process that was killed.
  }
}
