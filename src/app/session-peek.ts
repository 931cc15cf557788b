// What a saved session was about, for a picker: reads its end alone and changes nothing.
import { readNewest } from "../session/read.ts";
import type { SessionPeek } from "./app.ts";
import { addFiles, answerText } from "./entry-facts.ts";

/** Entries looked at: the newest runs of nearly every session. */
const PEEKED_ENTRIES = 200;
const SHOWN_ANSWERS = 2;
const TEXT_LENGTH = 1_000;

/** Throws as `readBranch` does. */
export async function peekSession(path: string): Promise<SessionPeek> {
  const { header, entries, state } = await readNewest(path, PEEKED_ENTRIES);
  const files: string[] = [];
  const answers: string[] = [];
  let lastPrompt = "";
  for (const entry of entries) {
    if (entry.type === "run_start") lastPrompt = entry.prompt.slice(0, TEXT_LENGTH);
    if (entry.type !== "message" || entry.message.role !== "assistant") continue;
    addFiles(files, entry.message);
    const text = answerText(entry.message).slice(0, TEXT_LENGTH);
    if (text !== "") answers.push(text);
  }
  return {
    cwd: header.cwd,
    model: state.model ?? "",
    firstPrompt: state.firstPrompt ?? "",
    lastPrompt,
    answers: answers.slice(-SHOWN_ANSWERS),
    files,
  };
}
