// Big session files as real use would leave them: runs with tool calls, partial answers, compactions.
import type { AssistantMessage, Message } from "../../src/protocol/message.ts";
import type { EntryDraft } from "../../src/session/state-entry.ts";
import { createSession, type SessionStore } from "../../src/session/store.ts";

export type SessionFixture = {
  /** The folder of all sessions. */
  dir: string;
  cwd: string;
  /** Stop after the run that reaches this many entries, or this many messages. */
  entries?: number;
  messages?: number;
  /** Characters of text between two compactions; 0: none. Default 400,000, a window of 100,000 tokens. */
  compactEvery?: number;
  /** Every so many runs the prompt has a picture of 300 KB; absent: none has. */
  pictureEvery?: number;
};

const PICTURE = { type: "image", mimeType: "image/png", data: "iVBORw0KGgoA".repeat(33_334) } as const;

const START = Date.UTC(2026, 0, 1);
const STEPS_PER_RUN = 6;
const KEPT_MESSAGES = 30;
const WORDS = "parser line ending windows carriage return split buffer token stream offset table column cell";

/** Writes the session through the real store and gives its file, id and counts. */
export async function writeSessionFixture(options: SessionFixture) {
  const writer = new FixtureWriter(options);
  const limit = { entries: options.entries ?? Infinity, messages: options.messages ?? Infinity };
  while (writer.entries < limit.entries && writer.messages < limit.messages) await writer.run();
  await writer.store.close();
  return {
    path: writer.store.path ?? "",
    id: writer.store.header.id,
    entries: writer.entries,
    messages: writer.messages,
  };
}

class FixtureWriter {
  readonly store: SessionStore;
  entries = 0;
  messages = 0;
  #compactEvery: number;
  #pictureEvery: number;
  #runs = 0;
  #sinceCompaction = 0;
  #ids = 0;
  #messageIds: string[] = [];

  constructor({ dir, cwd, compactEvery = 400_000, pictureEvery = 0 }: SessionFixture) {
    this.#compactEvery = compactEvery;
    this.#pictureEvery = pictureEvery;
    const newId = () => `e${String(this.#ids++).padStart(8, "0")}`;
    const clock = () => START + this.#ids * 1000;
    this.store = createSession({ dir, cwd, id: "fixture00000", clock, newId, writer: "hearth fixture" });
  }

  async run(): Promise<void> {
    const runId = `run${this.entries}`;
    const prompt = `Look at number ${this.entries}: ${words(20, this.entries)}`;
    if (this.entries === 0) await this.#add({ type: "model", model: "faux/demo", thinking: "low" });
    await this.#add({ type: "run_start", runId, prompt, runtime: "native" });
    this.#runs += 1;
    const pictures = this.#pictureEvery > 0 && this.#runs % this.#pictureEvery === 0 ? [PICTURE] : [];
    await this.#message({ role: "user", content: [{ type: "text", text: prompt }, ...pictures] });
    for (let step = 0; step < STEPS_PER_RUN; step++) await this.#step(step);
    await this.#message(answer([{ type: "text", text: words(250, this.entries) }], "stop"));
    const usage = { input: 900, output: 400, cacheRead: 20_000, cacheWrite: 900, reasoning: 50, cost: 0.02 };
    await this.#add({
      type: "run_end",
      runId,
      outcome: "completed",
      steps: STEPS_PER_RUN + 1,
      usage,
      durationMs: 60_000,
    });
    if (this.#compactEvery > 0 && this.#sinceCompaction > this.#compactEvery) await this.#compact();
  }

  async #step(step: number): Promise<void> {
    const messageId = `m${this.entries}`;
    const text = words(40, this.entries + step);
    await this.#add({ type: "partial", messageId, deltas: [{ type: "text", index: 1, text }] });
    const call = {
      type: "tool_call",
      id: `call_${this.entries}`,
      name: "read",
      arguments: { path: `src/file${step}.ts` },
    } as const;
    await this.#message(
      answer([{ type: "thinking", text: words(60, step) }, { type: "text", text }, call], "tool_use"),
      messageId,
    );
    const lines = Array.from({ length: 80 }, (_, line) => `${line}\t${words(10, line + this.entries)}`).join(
      "\n",
    );
    await this.#message({
      role: "tool_result",
      toolCallId: call.id,
      toolName: "read",
      content: [{ type: "text", text: lines }],
      isError: false,
      details: { summary: "80 lines", durationMs: 3 },
    });
  }

  async #compact(): Promise<void> {
    this.#sinceCompaction = 0;
    const firstKeptId = this.#messageIds.at(-KEPT_MESSAGES) ?? null;
    const summary = `What was done so far: ${words(400, this.entries)}`;
    const files = { filesRead: ["src/file0.ts"], filesModified: [] };
    await this.#add({
      type: "compaction",
      summary,
      firstKeptId,
      tokensBefore: 110_000,
      tokensAfter: 21_000,
      ...files,
    });
  }

  async #message(message: Message, id?: string): Promise<void> {
    this.messages += 1;
    this.#messageIds.push(await this.#add({ type: "message", message, ...(id === undefined ? {} : { id }) }));
    this.#messageIds = this.#messageIds.slice(-KEPT_MESSAGES);
  }

  #add(draft: EntryDraft): Promise<string> {
    this.entries += 1;
    this.#sinceCompaction += JSON.stringify(draft).length;
    return this.store.append(draft);
  }
}

function answer(
  content: AssistantMessage["content"],
  stopReason: AssistantMessage["stopReason"],
): AssistantMessage {
  const usage = { input: 900, output: 400, cacheRead: 20_000, cacheWrite: 900, reasoning: 50, cost: 0.02 };
  return { role: "assistant", content, stopReason, usage, model: "faux/demo" };
}

/** `count` words, not the same for each seed. */
function words(count: number, seed: number): string {
  const all = WORDS.split(" ");
  return Array.from(
    { length: count },
    (_, index) => all[(seed * 7 + index * (1 + (seed % 5))) % all.length],
  ).join(" ");
}
