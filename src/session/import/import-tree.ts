// Makes entries of a session from the items of a foreign one: runs around prompts, branches, ids that are the same
// each time. Pure; entries come out in the order in which they are to be written.
import { createHash } from "node:crypto";
import { idMaker } from "../../lib/ids.ts";
import type { InputContent } from "../../protocol/content.ts";
import type { RunOutcome } from "../../protocol/event.ts";
import type { Failure } from "../../protocol/failure.ts";
import type { Message } from "../../protocol/message.ts";
import type { Usage } from "../../protocol/usage.ts";
import { addUsage, NO_USAGE } from "../../protocol/usage-sum.ts";
import type { EntryDraft, KnownEntry, StoredState } from "../state-entry.ts";
import { applyEntry, NEW_SESSION } from "../stored-state.ts";
import type { ForeignAgent, ImportItem } from "./import-item.ts";

/** A run under way. Times in milliseconds since the epoch. */
type Run = {
  runId: string;
  start: number;
  last: number;
  steps: number;
  usage: Usage;
  outcome: RunOutcome;
  error: Failure | undefined;
  /** Its newest answer waits for results, or for what comes of them. */
  open: boolean;
  /** The newest result is an error: of a call that was refused or stopped, it may be the end. */
  failed: boolean;
};

/** How much of a session was understood. The maps count lines by what they are. */
export type ImportTally = {
  messages: number;
  runs: number;
  branches: number;
  unknown: Map<string, number>;
  leftOut: Map<string, number>;
};

type TalkItem = Extract<ImportItem, { time: string | null }>;

export class ImportTree {
  readonly tally: ImportTally = { messages: 0, runs: 0, branches: 1, unknown: new Map(), leftOut: new Map() };
  readonly #agent: ForeignAgent;
  #tip: string | null = null;
  #state: StoredState = NEW_SESSION;
  #run: Run | null = null;
  #runOf = new Map<string, Run>();
  /** The entry that each foreign name stands for; null: before the first. */
  #places = new Map<string, string | null>();
  /** What stands after the last message of a run: its end. */
  #tails = new Map<string, string>();
  #count = 0;
  #time: number;
  #start: number | null = null;

  /** `time`: for entries before the first that has one, milliseconds since the epoch. */
  constructor(agent: ForeignAgent, time: number) {
    this.#agent = agent;
    this.#time = time;
  }

  /** Of the newest entry, milliseconds since the epoch. */
  get time(): number {
    return this.#time;
  }

  /** The first prompt, cut; null: there is none. */
  get firstPrompt(): string | null {
    return this.#state.firstPrompt || null;
  }

  /** The first time that the session tells, ISO 8601; null: none. */
  get start(): string | null {
    return this.#start === null ? null : new Date(this.#start).toISOString();
  }

  take(item: ImportItem): KnownEntry[] {
    switch (item.kind) {
      case "prompt":
        return this.#takePrompt(item);
      case "message":
        return this.#takeMessage(item, item.message);
      case "compaction":
        return this.#takeCompaction(item);
      case "alias":
        this.#name(item.ref, this.#resolve(item.after));
        return [];
      case "outcome":
        if (this.#run) Object.assign(this.#run, { outcome: item.outcome, error: item.error });
        return [];
      case "label": {
        const targetId = this.#places.get(item.target);
        return targetId ? [this.#append({ type: "label", targetId, label: item.label })] : [];
      }
      case "leaf":
        return this.#moveTo(this.#resolve(item.after));
      case "unknown":
        count(this.tally.unknown, item.what);
        return [];
      case "left_out":
        count(this.tally.leftOut, item.what);
        return [];
      case "facts":
        return [];
    }
  }

  /** The end of the last run, the session's name, and a snapshot of its state. */
  end(name: string | null): KnownEntry[] {
    const entries = this.#endRun();
    if (name !== null) entries.push(this.#append({ type: "name", name: name.slice(0, 200) }));
    const place = { id: this.#newId(), parentId: this.#tip, time: this.#iso() };
    return [...entries, { type: "state", ...place, state: this.#state }];
  }

  #takePrompt(item: Extract<ImportItem, { kind: "prompt" }>): KnownEntry[] {
    const text = promptText(item.content);
    if (this.#isSteer(item)) {
      return this.#takeMessage(item, { role: "user", content: item.content, source: "steer" });
    }
    this.#setTime(item.time);
    const entries = [...this.#endRun(), ...this.#moveTo(this.#resolve(item.after))];
    entries.push(this.#startRun(text));
    const message: Message = { role: "user", content: item.content, source: "prompt" };
    return [...entries, this.#appendMessage(item, message)];
  }

  /** A prompt between a result and the answer to it was put in while the agent worked. */
  #isSteer(item: TalkItem): boolean {
    const run = this.#run;
    if (!run?.open || run.failed || run.outcome !== "completed") return false;
    return this.#resolve(item.after) === this.#tip;
  }

  #takeMessage(item: TalkItem, message: Message): KnownEntry[] {
    this.#setTime(item.time);
    const entries = this.#moveTo(this.#resolve(item.after));
    if (this.#run === null && message.role !== "user") entries.push(this.#startRun(""));
    entries.push(this.#appendMessage(item, message));
    if (message.role === "assistant" && this.#run) {
      this.#run.steps += 1;
      this.#run.usage = addUsage(this.#run.usage, message.usage);
      this.#run.outcome = OUTCOMES[message.stopReason];
      this.#run.error = message.error;
      this.#run.open = message.stopReason === "tool_use";
    }
    if (message.role === "tool_result" && this.#run) this.#run.failed = message.isError;
    return entries;
  }

  #appendMessage(item: TalkItem, message: Message): KnownEntry {
    this.tally.messages += 1;
    const entry = this.#append({ type: "message", message });
    if (item.ref !== undefined) this.#name(item.ref, entry.id);
    return entry;
  }

  #takeCompaction(item: Extract<ImportItem, { kind: "compaction" }>): KnownEntry[] {
    this.#setTime(item.time);
    const entries = this.#moveTo(this.#resolve(item.after));
    const { summary, tokensBefore, usage } = item;
    const entry = this.#append({
      type: "compaction",
      summary,
      firstKeptId: item.firstKept === null ? null : (this.#places.get(item.firstKept) ?? null),
      tokensBefore,
      tokensAfter: 0,
      filesRead: [],
      filesModified: [],
      ...(usage === undefined ? {} : { usage }),
    });
    if (item.ref !== undefined) this.#name(item.ref, entry.id);
    return [...entries, entry];
  }

  #startRun(prompt: string): KnownEntry {
    this.tally.runs += 1;
    const runId = this.#newId();
    this.#run = {
      runId,
      start: this.#time,
      last: this.#time,
      steps: 0,
      usage: NO_USAGE,
      outcome: "completed",
      error: undefined,
      open: false,
      failed: false,
    };
    return this.#append({ type: "run_start", runId, prompt, runtime: this.#agent });
  }

  #endRun(): KnownEntry[] {
    const run = this.#run;
    const tip = this.#tip;
    if (!run) return [];
    const { runId, steps, usage, error } = run;
    const isWhole = run.outcome !== "completed" || (steps > 0 && !run.open);
    const outcome = isWhole ? run.outcome : "interrupted";
    const durationMs = Math.max(0, run.last - run.start);
    const now = this.#time;
    this.#run = null; // Its end is no part of it: a branch from there is another run.
    this.#time = run.last; // It ended with its last message, not with what comes now.
    const failure = error === undefined ? {} : { error };
    const entry = this.#append({ type: "run_end", runId, outcome, steps, usage, durationMs, ...failure });
    this.#time = now;
    if (tip !== null) this.#tails.set(tip, entry.id);
    return [entry];
  }

  /** The next entry follows `target`; where that is another place, a branch begins there. */
  #moveTo(target: string | null): KnownEntry[] {
    if (target === this.#tip) return [];
    const run = target === null ? null : (this.#runOf.get(target) ?? null);
    // The run goes on from an earlier answer of its own: the branch that was left has no end of it.
    const entries = run !== null && run === this.#run ? [] : this.#endRun();
    this.tally.branches += 1;
    entries.push(this.#append({ type: "leaf", targetId: target }));
    this.#tip = target;
    if (run && target !== null && !this.#tails.has(target)) this.#run ??= { ...run, outcome: "completed" };
    return entries;
  }

  #resolve(after: string | null | undefined): string | null {
    if (after === undefined) return this.#tip;
    let place = after === null ? null : this.#places.get(after);
    if (place === undefined) return this.#tip; // Its line is not in the file.
    for (let tail = place; tail !== null; ) {
      place = tail;
      tail = this.#tails.get(place) ?? null;
    }
    return place;
  }

  #name(ref: string, place: string | null): void {
    if (ref !== "") this.#places.set(ref, place);
  }

  #append(draft: EntryDraft): KnownEntry {
    const entry: KnownEntry = { ...draft, id: this.#newId(), parentId: this.#tip, time: this.#iso() };
    this.#state = applyEntry(this.#state, entry);
    this.#tip = entry.id;
    if (this.#run) {
      this.#run.last = Math.max(this.#run.last, this.#time);
      this.#runOf.set(entry.id, this.#run);
    }
    return entry;
  }

  #setTime(time: string | null): void {
    if (time === null) return;
    this.#time = Date.parse(time);
    this.#start ??= this.#time;
  }

  #iso(): string {
    return new Date(this.#time).toISOString();
  }

  /** Sortable by time like every id, and equal for an equal file. */
  #newId(): string {
    const number = ++this.#count;
    return idMaker(
      () => this.#time,
      (size) => createHash("sha256").update(`${this.#agent} ${number}`).digest().subarray(0, size),
    )();
  }
}

const OUTCOMES = {
  stop: "completed",
  length: "completed",
  tool_use: "completed",
  error: "failed",
  aborted: "interrupted",
} as const;

function promptText(content: readonly InputContent[]): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function count(counts: Map<string, number>, what: string): void {
  const name = what.slice(0, 60);
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
