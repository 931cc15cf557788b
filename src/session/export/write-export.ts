// Writes an exported session to a file, whole or not at all.
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../lib/app-error.ts";

/** Only its owner may read it: it holds what was said. Throws AppError `export.write`. */
export async function writeExport(
  path: string,
  pieces: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  const aside = join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.tmp`);
  try {
    if ((await stat(path).catch(() => null))?.isDirectory()) throw new Error("it is a folder");
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.from(pieces), createWriteStream(aside, { mode: 0o600, flush: true }));
    await rename(aside, path);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("export.write", `The export cannot be written to ${path}: ${why}.`, { cause });
  } finally {
    await rm(aside, { force: true }).catch(() => undefined); // Where it could not be made, there is none.
  }
}
