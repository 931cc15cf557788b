// Where a foreign session lies and what its file holds, value by value, without holding the whole. Changes nothing.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { AppError } from "../../lib/app-error.ts";
import { errorCode } from "../../lib/error-code.ts";
import { JsonPieces } from "./json-pieces.ts";

/** `bad`: lines or pieces of this batch that are no JSON. */
export type ValueBatch = { values: unknown[]; bad: number };

/** One session to import. `label` is what a person knows it by: its path, with its id where a file holds several. */
export interface ForeignSource {
  readonly label: string;
  /** When it was last written, milliseconds since the epoch: for a session that tells no times. */
  modifiedMs(): Promise<number>;
  /**
   * Everything in it, first first. Rejects with AppError `import.read`. `hash` is fed what was read, for telling
   * another time whether it is the same.
   */
  values(hash: SourceHash): AsyncIterable<ValueBatch>;
}

export type SourceHash = { update: (data: Buffer | string) => void };

const BLOCK = 1024 * 1024;
const LINE_FEED = 10;
/** A line that is longer is left out: no prompt, answer or picture is. */
const LONGEST_LINE = 64 * 1024 * 1024;

export function fileSource(path: string): ForeignSource {
  return { label: path, modifiedMs: () => modifiedMs(path), values: (hash) => fileValues(path, hash) };
}

/** The values of a file of JSON lines, or of one JSON document. */
async function* fileValues(path: string, hash: SourceHash): AsyncGenerator<ValueBatch> {
  let pieces: { push: (block: Buffer) => unknown[]; end: () => unknown[]; bad: number } | null = null;
  let bad = 0;
  try {
    for await (const block of createReadStream(path, { highWaterMark: BLOCK })) {
      const bytes = Buffer.isBuffer(block) ? block : Buffer.from(String(block));
      hash.update(bytes);
      pieces ??= isDocument(bytes, path) ? new JsonPieces() : new JsonLines();
      const values = pieces.push(bytes);
      yield { values, bad: pieces.bad - bad };
      bad = pieces.bad;
    }
  } catch (cause) {
    throw unreadableSource(path, cause);
  }
  if (pieces) {
    const values = pieces.end();
    yield { values, bad: pieces.bad - bad };
  }
}

/** Lines of JSON; what is none is counted. */
class JsonLines {
  bad = 0;
  #head: Buffer[] = [];
  #size = 0;

  push(block: Buffer): unknown[] {
    const values: unknown[] = [];
    let from = 0;
    for (let feed = block.indexOf(LINE_FEED); feed >= 0; feed = block.indexOf(LINE_FEED, from)) {
      this.#keep(block.subarray(from, feed));
      this.#endLine(values);
      from = feed + 1;
    }
    this.#keep(block.subarray(from));
    return values;
  }

  end(): unknown[] {
    const values: unknown[] = [];
    this.#endLine(values);
    return values;
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > LONGEST_LINE) this.#head = [];
    else this.#head.push(Buffer.from(bytes));
  }

  #endLine(values: unknown[]): void {
    const isTooLong = this.#size > LONGEST_LINE;
    const line = Buffer.concat(this.#head).toString("utf8").trim();
    this.#head = [];
    this.#size = 0;
    if (line === "" && !isTooLong) return;
    try {
      values.push(JSON.parse(line));
    } catch {
      this.bad += 1; // Counted: the caller tells the person.
    }
  }
}

/** Whether a file that begins so is one JSON document, not lines of JSON. */
function isDocument(start: Buffer, path: string): boolean {
  const feed = start.indexOf(LINE_FEED);
  const isLines = path.endsWith(".jsonl");
  if (feed < 0) return !isLines;
  const line = start.toString("utf8", 0, feed).trim();
  if (/^[[{\s]*$/.test(line)) return line !== "";
  if (start.toString("utf8", feed).trim() !== "") return line.startsWith("[") && !isLines;
  return !isLines;
}

/** Whole seconds: some file systems know no more. Rejects with AppError `import.read`. */
export async function modifiedMs(path: string): Promise<number> {
  const { mtimeMs } = await stat(path).catch((cause: unknown) => {
    throw unreadableSource(path, cause);
  });
  return Math.floor(mtimeMs / 1000) * 1000;
}

function unreadableSource(path: string, cause: unknown): AppError {
  const code = errorCode(cause);
  if (code === "ENOENT") return new AppError("import.not_found", `There is no file ${path}.`, { cause });
  const why = code === "EACCES" || code === "EPERM" ? "no permission" : String(cause);
  return new AppError("import.read", `${path} cannot be read: ${why}.`, { cause });
}

/** A hash of what was read, as hexadecimal digits. */
export function sourceHash(): SourceHash & { digest: () => string } {
  const hash = createHash("sha256");
  return { update: (data) => void hash.update(data), digest: () => hash.digest("hex") };
}
