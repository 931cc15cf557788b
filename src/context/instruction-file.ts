// One instruction file as it is on the disk: its beginning, and which file it really is. Reads only.
import { open, realpath, stat } from "node:fs/promises";
import { errorCode, isErrorCode } from "../lib/error-code.ts";

/** As Codex (32 KiB): a longer file would push the work itself out of a small window. */
const LARGEST_FILE = 32 * 1024;

/** `real` is the path after symlinks, `text` is trimmed; null for a file that is not there, empty or no text. */
export type InstructionFile = { path: string; real: string; text: string };

/** `notice` says in a sentence what was cut or could not be read. */
export async function readInstructionFile(
  path: string,
): Promise<{ file: InstructionFile | null; notice: string | null }> {
  try {
    const real = await realpath(path);
    const { text, isCut } = await readStart(real);
    const notice = isCut ? `${path} was cut after ${LARGEST_FILE / 1024} KB.` : null;
    return { file: text === "" || text.includes("\0") ? null : { path, real, text }, notice };
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR", "ENAMETOOLONG")) return { file: null, notice: null };
    return { file: null, notice: `${path} could not be read (${errorCode(error) ?? String(error)}).` };
  }
}

async function readStart(path: string): Promise<{ text: string; isCut: boolean }> {
  const found = await stat(path);
  // Opening a pipe would wait for its other end.
  if (!found.isFile() && !found.isDirectory()) return { text: "", isCut: false };
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.alloc(LARGEST_FILE + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    if (bytesRead <= LARGEST_FILE)
      return { text: buffer.toString("utf8", 0, bytesRead).trim(), isCut: false };
    const start = buffer.subarray(0, LARGEST_FILE);
    const whole = start.subarray(0, start.lastIndexOf("\n") + 1 || LARGEST_FILE);
    return { text: whole.toString("utf8").trim(), isCut: true };
  } finally {
    await handle.close();
  }
}
