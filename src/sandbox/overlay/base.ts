// The base: what every path of the workspace was when the try began, or when it was settled last. Tells whether the
// workspace's own file is still that one.
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../lib/atomic-write.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import { type FileNode, lookAt, stampOf } from "./node.ts";
import { leavesOf } from "./walk.ts";

/** `tried`: of a copy, the stamp of the copied node; absent in an overlay. */
type BaseLine = { path: string; stamp: string; tried?: string };

export type BaseOptions = {
  /** Of the try; both lists are kept in it. */
  folder: string;
  /** When the try began, milliseconds since the epoch. */
  createdMs: number;
};

export class Base {
  readonly #options: BaseOptions;
  readonly #lines: ReadonlyMap<string, BaseLine>;
  readonly #settled: Map<string, BaseLine>;

  private constructor(
    options: BaseOptions,
    lines: ReadonlyMap<string, BaseLine>,
    settled: Map<string, BaseLine>,
  ) {
    this.#options = options;
    this.#lines = lines;
    this.#settled = settled;
  }

  /** As it was written; null when that was never finished. */
  static async open(options: BaseOptions): Promise<Base | null> {
    const lines = await readLines(baseFile(options.folder));
    if (lines === null) return null;
    const settled = (await readLines(settledFile(options.folder))) ?? [];
    return new Base(options, byPath(lines), byPath(settled));
  }

  /** Keeps what `stampsOf` saw; `tried`: the same of a copy, once it was made. */
  static async write(
    options: BaseOptions,
    { real, tried }: { real: ReadonlyMap<string, string>; tried?: ReadonlyMap<string, string> },
  ): Promise<Base> {
    const lines = [...real].map(([path, stamp]): BaseLine => {
      const copied = tried?.get(path);
      return { path, stamp, ...(copied === undefined ? {} : { tried: copied }) };
    });
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    await writeFileAtomic(baseFile(options.folder), Buffer.from(text), 0o600);
    return new Base(options, byPath(lines), new Map());
  }

  /** Of a copy: what was copied, and what was settled since. */
  *copied(): Generator<string> {
    for (const { path, tried } of this.#lines.values()) if (tried !== undefined) yield path;
    for (const path of this.#settled.keys()) if (!this.#lines.has(path)) yield path;
  }

  /** Something was there when the try began, or was settled since. */
  held(path: string): boolean {
    return this.#lines.has(path) || this.#settled.has(path);
  }

  /** Whether the workspace's `node` at `path` is what the try took for it. */
  isUnchanged(path: string, node: FileNode): boolean {
    const settled = this.#settled.get(path);
    if (settled !== undefined) return settled.stamp === settledStamp(node);
    const stamp = this.#lines.get(path)?.stamp;
    if (stamp === undefined) return node.kind === "none";
    if (stamp !== stampOf(node)) return false;
    // Size and mtime can be put back, and the list may be younger than the try: ctime tells.
    return node.kind === "folder" || node.ctimeMs <= this.#options.createdMs;
  }

  /** Whether nothing came into a folder of the workspace or went since the try began, nor was the folder moved. */
  isStill(node: FileNode): boolean {
    return node.kind === "folder" && node.ctimeMs <= this.#options.createdMs;
  }

  /** Whether the node of a copy is still the one that was copied. */
  isCopied(path: string, node: FileNode, copiedMs: number): boolean {
    const { tried } = this.#lines.get(path) ?? {};
    return tried === stampOf(node) && (node.kind === "folder" || node.ctimeMs <= copiedMs);
  }

  /** From now on the base of `path` is what `real` is, and `tried` the same in the try; null where the try still differs. */
  async settle(path: string, { real, tried }: { real: FileNode; tried: FileNode | null }): Promise<void> {
    const line = { path, stamp: settledStamp(real), tried: tried === null ? "" : settledStamp(tried) };
    this.#settled.set(path, line);
    await appendFile(settledFile(this.#options.folder), `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }

  /** Nothing happened in the try to a path since it was settled. */
  isSettled(path: string, tried: FileNode): boolean {
    return this.#settled.get(path)?.tried === settledStamp(tried);
  }
}

/** What stands at each path of `root`, folders too; `paths`: at those alone. */
export async function stampsOf(root: string, paths?: readonly string[]): Promise<Map<string, string>> {
  const stamps = new Map<string, string>();
  for await (const path of paths ?? leavesOf(root, "", { folders: true })) {
    const node = lookAt(join(root, path));
    if (node.kind !== "none") stamps.set(path, stampOf(node));
  }
  return stamps;
}

function settledStamp(node: FileNode): string {
  return `${stampOf(node)} ${node.kind === "folder" ? "" : node.ctimeMs}`;
}

function byPath(lines: readonly BaseLine[]): Map<string, BaseLine> {
  return new Map(lines.map((line) => [line.path, line]));
}

async function readLines(file: string): Promise<BaseLine[] | null> {
  try {
    const text = await readFile(file, "utf8");
    return text.split("\n").flatMap((line) => parseLine(line) ?? []);
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** null for an empty line, and for one that was cut off when the program was killed. */
function parseLine(line: string): BaseLine | null {
  try {
    const value: unknown = line === "" ? null : JSON.parse(line);
    if (typeof value !== "object" || value === null) return null;
    const { path, stamp, tried } = value as Record<string, unknown>;
    if (typeof path !== "string" || typeof stamp !== "string") return null;
    return { path, stamp, ...(typeof tried === "string" ? { tried } : {}) };
  } catch {
    return null; // Torn: the path counts as never settled, which errs on the careful side.
  }
}

function baseFile(folder: string): string {
  return join(folder, "base.jsonl");
}

function settledFile(folder: string): string {
  return join(folder, "settled.jsonl");
}
