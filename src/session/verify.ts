// Looks a session file over, line by line: the header, each entry, links to parents, calls and their results. Streams;
// changes nothing.
import { open } from "node:fs/promises";
import { AppError } from "../lib/app-error.ts";
import { type FileLine, linesFromStart } from "../lib/line-blocks.ts";
import { SESSION_VERSION } from "../protocol/session-entry.ts";
import { verifyChecksum } from "./checksum.ts";
import { headerVersion, parseEntry, parseHeader } from "./entry-line.ts";
import { tooNew, unreadable } from "./session-notice.ts";
import type { StoredEntry } from "./state-entry.ts";

/**
 * `line` counts from 1. An error is damage: reading passes something over. A warning is what a crash leaves and what
 * resuming mends by itself.
 */
type Problem = { line: number; level: "error" | "warning"; code: string; message: string };

export type Verdict = {
  path: string;
  /** Of the header; null when it cannot be read. */
  id: string | null;
  lines: number;
  entries: number;
  /** Entries of types that this version does not know; they are kept. */
  unknown: number;
  /** The first ones, in the order of the lines. */
  problems: Problem[];
  errors: number;
  warnings: number;
};

/** Enough to see what happened; a file of noise has millions. */
const MOST_PROBLEMS = 1_000;

/** Throws AppError `session.not_found`, `session.read`, or `session.version` for what only a newer Hearth can judge. */
export async function verifySession(path: string): Promise<Verdict> {
  const check = new Check(path);
  for await (const lines of fileLines(path)) for (const line of lines) check.take(line);
  const verdict = check.end();
  // A file that was exported tells by itself whether it is what was written then.
  if ((await verifyChecksum(path)) !== "changed") return verdict;
  const message = "The file is not what was exported: its checksum is another.";
  const problem: Problem = { line: verdict.lines, level: "error", code: "session.checksum", message };
  return { ...verdict, problems: [...verdict.problems, problem], errors: verdict.errors + 1 };
}

/** Every line of a file, in order and in batches; a last one without line feed too. Throws like `verifySession`. */
export async function* fileLines(path: string): AsyncGenerator<FileLine[]> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const { size } = await handle.stat();
    yield* linesFromStart(handle, size);
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, error);
  } finally {
    await handle.close();
  }
}

class Check {
  readonly #verdict: Verdict;
  /** Every id of an entry so far, moves and snapshots too. */
  readonly #ids = new Set<string>();
  /** Where each call stands that has no result yet. */
  readonly #open = new Map<string, { line: number; name: string }>();
  readonly #calls = new Set<string>();

  constructor(path: string) {
    this.#verdict = {
      path,
      id: null,
      lines: 0,
      entries: 0,
      unknown: 0,
      problems: [],
      errors: 0,
      warnings: 0,
    };
  }

  take(line: FileLine): void {
    this.#verdict.lines += 1;
    if (line.offset === 0) this.#header(line.bytes);
    else if (line.bytes.length > 0) this.#line(line);
  }

  end(): Verdict {
    if (this.#verdict.lines === 0) this.#tell("error", "header", "The file is empty.");
    for (const { line, name } of this.#open.values()) {
      this.#tell("warning", "call", `The call of ${name} has no result; resuming gives it one.`, line);
    }
    this.#verdict.problems.sort((a, b) => a.line - b.line);
    return this.#verdict;
  }

  #header(bytes: Buffer): void {
    const version = headerVersion(bytes);
    if (version !== null && version > SESSION_VERSION) throw tooNew(this.#verdict.path, version);
    this.#verdict.id = parseHeader(bytes)?.id ?? null;
    if (this.#verdict.id === null) this.#tell("error", "header", "The first line is no session header.");
  }

  #line({ bytes, terminated }: FileLine): void {
    const entry = parseEntry(bytes);
    if (entry !== null) this.#entry(entry);
    else if (terminated) this.#tell("error", "line", "The line is no entry.");
    else this.#tell("warning", "torn", "The last line was cut off; resuming drops it.");
  }

  #entry(entry: StoredEntry): void {
    const { id, parentId } = entry;
    this.#verdict.entries += 1;
    if (entry.type === "unknown") this.#verdict.unknown += 1;
    if (this.#ids.has(id)) this.#tell("error", "duplicate", `The id ${id} was used before.`);
    if (parentId !== null && !this.#ids.has(parentId)) {
      this.#tell("error", "parent", `Its parent ${parentId} does not stand before it.`);
    }
    this.#ids.add(id);
    if (entry.type === "leaf") this.#target(entry.targetId, "The entry it moves to");
    else if (entry.type === "label") this.#target(entry.targetId, "The entry it labels");
    else if (entry.type === "compaction") this.#target(entry.firstKeptId, "The first entry that it keeps");
    else if (entry.type === "message") this.#message(entry);
  }

  #target(id: string | null, what: string): void {
    if (id !== null && !this.#ids.has(id)) {
      this.#tell("error", "target", `${what}, ${id}, does not stand before it.`);
    }
  }

  #message({ message }: Extract<StoredEntry, { type: "message" }>): void {
    if (message.role === "assistant") {
      for (const part of message.content) {
        if (part.type !== "tool_call") continue;
        this.#calls.add(part.id);
        this.#open.set(part.id, { line: this.#verdict.lines, name: part.name });
      }
    } else if (message.role === "tool_result") {
      const { toolCallId, toolName } = message;
      if (!this.#calls.has(toolCallId)) {
        this.#tell("error", "result", `A result of ${toolName} has no call (${toolCallId}).`);
      }
      this.#open.delete(toolCallId);
    }
  }

  #tell(level: Problem["level"], code: string, message: string, line = this.#verdict.lines): void {
    if (level === "error") this.#verdict.errors += 1;
    else this.#verdict.warnings += 1;
    if (this.#verdict.problems.length >= MOST_PROBLEMS) return;
    this.#verdict.problems.push({ line: Math.max(1, line), level, code: `session.${code}`, message });
  }
}
