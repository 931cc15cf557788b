// Texts of the workspace as they were before the session changed them, so that a conflict can show both sides.
import { createHash } from "node:crypto";
import { chmod, constants, copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Base } from "./base.ts";
import { MAX_TEXT_BYTES } from "./hunks.ts";
import { lookAt } from "./node.ts";

export class BaseTexts {
  readonly #folder: string;

  /** `folder` of the try; the texts get one of their own in it. */
  constructor(folder: string) {
    this.#folder = join(folder, "texts");
  }

  /** Where the text of `path` is kept, if it is. */
  fileOf(path: string): string {
    return join(this.#folder, createHash("sha256").update(path).digest("hex"));
  }

  /** Keeps the workspace's file, unless it is kept already, is too large, or is no longer what the try began with. */
  async keep(path: string, { real, base }: { real: string; base: Base }): Promise<void> {
    const kept = this.fileOf(path);
    const [node, known] = [lookAt(join(real, path)), lookAt(kept)];
    if (known.kind === "file" || node.kind !== "file" || node.size > MAX_TEXT_BYTES) return;
    if (!base.isUnchanged(path, node)) return;
    await this.#copy(join(real, path), { kept, mode: node.mode });
  }

  /** What was settled is the base from now on. */
  async renew(path: string, real: string): Promise<void> {
    const node = lookAt(join(real, path));
    const kept = this.fileOf(path);
    if (node.kind !== "file" || node.size > MAX_TEXT_BYTES) return rm(kept, { force: true });
    await this.#copy(join(real, path), { kept, mode: node.mode });
  }

  async #copy(from: string, { kept, mode }: { kept: string; mode: number }): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await rm(kept, { force: true });
    await copyFile(from, kept, constants.COPYFILE_FICLONE);
    await chmod(kept, keptMode(mode));
  }
}

/** The mode of the kept text of a file with `mode`: we can always read it and take it away again. */
export function keptMode(mode: number): number {
  return mode | 0o600;
}
