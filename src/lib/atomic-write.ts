// Writing a file so that a crash at any moment leaves the old file or the new one, never half of either.
import { randomBytes } from "node:crypto";
import { chmod, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes `data` beside `path`, flushes it to disk and renames it into place. `mode` is set exactly (an existing
 * file's permission bits); absent, the system's default for new files holds. The folder must exist.
 */
export async function writeFileAtomic(path: string, data: Uint8Array, mode?: number): Promise<void> {
  const temporary = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
