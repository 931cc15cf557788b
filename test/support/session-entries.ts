// Short ways to make sessions and their entries in tests.
import type { OutputContent } from "../../src/protocol/content.ts";
import type { AssistantMessage, Message } from "../../src/protocol/message.ts";
import type { StoredEntry } from "../../src/session/state-entry.ts";
import { createSession, type SessionStore, type StoreContext } from "../../src/session/store.ts";

/** A clock of one second a call and ids e1, e2, ...; `prefix` keeps the ids of two writers apart. */
export function storeContext(prefix = "e"): StoreContext {
  let time = Date.UTC(2026, 0, 2, 3, 4, 5);
  let ids = 0;
  return { clock: () => (time += 1000), newId: () => `${prefix}${++ids}`, writer: "hearth test" };
}

export const USAGE = { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: 0.5 };

export function user(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

export function answer(...content: (string | OutputContent)[]): AssistantMessage {
  const parts = content.map((part) =>
    typeof part === "string" ? ({ type: "text", text: part } as const) : part,
  );
  const stopReason = parts.some((part) => part.type === "tool_call") ? "tool_use" : "stop";
  return { role: "assistant", content: parts, stopReason, usage: USAGE, model: "faux/demo" };
}

export function call(id: string, name = "read", args: Record<string, unknown> = { path: "a.ts" }) {
  return { type: "tool_call", id, name, arguments: args } as const;
}

export function result(toolCallId: string, text = "done", toolName = "read"): Message {
  return { role: "tool_result", toolCallId, toolName, content: [{ type: "text", text }], isError: false };
}

/** One run from prompt to end, with the answers and results between. */
export async function writeRun(store: SessionStore, prompt: string, ...messages: Message[]): Promise<void> {
  const runId = `run of ${prompt}`;
  await store.append({ type: "run_start", runId, prompt, runtime: "native" });
  for (const message of [user(prompt), ...messages]) await store.append({ type: "message", message });
  const end = { outcome: "completed", steps: 1, usage: USAGE, durationMs: 5 } as const;
  await store.append({ type: "run_end", runId, ...end });
}

/** A closed session file with one run for each prompt, each answered by "answer to PROMPT". */
export async function writeSession(
  dir: string,
  prompts: readonly string[],
  options: { cwd?: string; id?: string } = {},
) {
  const store = createSession({ dir, cwd: "/repo/project", ...storeContext(), ...options });
  for (const prompt of prompts) await writeRun(store, prompt, answer(`answer to ${prompt}`));
  await store.close();
  return store.path ?? "";
}

/** What was said, for comparing: the texts of all messages. */
export function texts(messages: readonly { message: Message }[]): string[] {
  return messages.map(({ message }) =>
    message.content.map((part) => ("text" in part ? part.text : part.type)).join("|"),
  );
}

export async function allEntries(batches: AsyncIterable<StoredEntry[]>): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const batch of batches) entries.push(...batch);
  return entries;
}

export async function* batch(entries: StoredEntry[]): AsyncGenerator<StoredEntry[]> {
  yield entries;
}
