// A unified patch as the protocol shows changes: of each hunk the lines before and after, and where it begins. Pure.
import { isAbsolute, join } from "node:path";
import type { ToolCallContent, ToolCallLocation } from "./wire.ts";

export type PatchDiffs = { content: ToolCallContent[]; locations: ToolCallLocation[] };

/** Paths of the patch are relative to `cwd` (git style, `a/` and `b/` before them) or absolute. */
export function patchDiffs(patch: string, cwd: string): PatchDiffs {
  const reader = new PatchReader(cwd);
  for (const line of patch.split("\n")) reader.take(line);
  reader.close();
  return reader.diffs;
}

class PatchReader {
  readonly diffs: PatchDiffs = { content: [], locations: [] };
  readonly #cwd: string;
  #isNew = false;
  #path = "";
  #hunk: { before: string[]; after: string[] } | null = null;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  take(line: string): void {
    const start = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(line)?.[1];
    if (start !== undefined) this.#begin(Number(start));
    else if (isHead(line)) this.#file(line);
    else if (this.#hunk) this.#line(line, this.#hunk);
    else if (line.startsWith("+++ ")) this.#path = this.#absolute(line.slice(4));
  }

  close(): void {
    if (!this.#hunk) return;
    const { before, after } = this.#hunk;
    const oldText = this.#isNew ? null : joined(before);
    this.diffs.content.push({ type: "diff", path: this.#path, oldText, newText: joined(after) });
    this.#hunk = null;
  }

  #begin(line: number): void {
    this.close();
    this.#hunk = { before: [], after: [] };
    this.diffs.locations.push({ path: this.#path, line: Math.max(1, line) });
  }

  #file(line: string): void {
    this.close();
    this.#isNew = line === NO_FILE;
  }

  #line(line: string, { before, after }: { before: string[]; after: string[] }): void {
    if (/^[ -]/.test(line)) before.push(line.slice(1));
    if (/^[ +]/.test(line)) after.push(line.slice(1));
  }

  #absolute(written: string): string {
    const path = written.replace(/^[ab]\//, "");
    return isAbsolute(path) ? path : join(this.#cwd, path);
  }
}

const NO_FILE = "--- /dev/null";

/** The next file. A removed line `-- a/x` looks alike; nobody writes those. */
function isHead(line: string): boolean {
  return line.startsWith("--- a/") || line === NO_FILE;
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
