// Instructions that people keep for agents: AGENTS.md and CLAUDE.md of the user and of the project. Reads only.
import { open, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { errorCode, isErrorCode } from "../lib/error-code.ts";

/** `path` is as a person would name it: relative to the project's root, or absolute for the user's own. */
export type ProjectFile = { path: string; text: string };

export type ProjectFilesOptions = {
  /** The user's own folder for Hearth's settings. */
  configDir: string;
  cwd: string;
  /** Whether the user trusts the directory; without it nothing of the project is read. */
  trusted: boolean;
};

const NAMES = ["AGENTS.md", "CLAUDE.md"];
/** As Codex (32 KiB): a longer file would push the work itself out of a small window. */
const LARGEST_FILE = 32 * 1024;
const LARGEST_SUM = 64 * 1024;

/**
 * The user's own files first, then the project's from the git root down to `cwd`, so that the nearest has the
 * last word. Equal texts come once. `notices` say in a sentence each what was cut or could not be read.
 */
export async function readProjectFiles(
  options: ProjectFilesOptions,
): Promise<{ files: ProjectFile[]; notices: string[] }> {
  const cwd = resolve(options.cwd);
  const root = await gitRoot(cwd);
  const folders = [options.configDir, ...(options.trusted ? foldersBetween(root ?? cwd, cwd) : [])];
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = await Promise.all(candidates.map(readStart));
  const notices = found.flatMap((file) => file.notice ?? []);
  const files: ProjectFile[] = [];
  let room = LARGEST_SUM;
  for (const [index, { text }] of found.entries()) {
    if (text === null || text.trim() === "" || files.some((file) => file.text === text.trim())) continue;
    const path = candidates[index] ?? "";
    if (text.length > room) {
      notices.push(`${path} was left out: the instruction files together are over ${LARGEST_SUM / 1024} KB.`);
      continue;
    }
    room -= text.length;
    files.push({ path: index < NAMES.length ? path : relative(root ?? cwd, path), text: text.trim() });
  }
  return { files, notices };
}

/** The nearest folder at or above `folder` that holds `.git`, or null. */
async function gitRoot(folder: string): Promise<string | null> {
  const there = await stat(join(folder, ".git")).then(
    () => true,
    () => false, // Whatever is wrong with it: not a root that can be used.
  );
  if (there) return folder;
  const parent = dirname(folder);
  return parent === folder ? null : gitRoot(parent);
}

/** From `root` down to `cwd`, both included. */
function foldersBetween(root: string, cwd: string): string[] {
  return cwd === root || dirname(cwd) === cwd ? [cwd] : [...foldersBetween(root, dirname(cwd)), cwd];
}

async function readStart(path: string): Promise<{ text: string | null; notice: string | null }> {
  try {
    const handle = await open(path, "r");
    try {
      const buffer = Buffer.alloc(LARGEST_FILE + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      if (bytesRead <= LARGEST_FILE) return { text: buffer.toString("utf8", 0, bytesRead), notice: null };
      const start = buffer.subarray(0, LARGEST_FILE);
      const whole = start.subarray(0, start.lastIndexOf("\n") + 1 || LARGEST_FILE);
      return { text: whole.toString("utf8"), notice: `${path} was cut after ${LARGEST_FILE / 1024} KB.` };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return { text: null, notice: null };
    return { text: null, notice: `${path} could not be read (${errorCode(error) ?? String(error)}).` };
  }
}
