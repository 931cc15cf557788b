// Markdown files that a person keeps for Hearth in a folder: roles and prompt templates. Reads only.
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, isErrorCode } from "../lib/error-code.ts";
import { type FrontMatter, readFrontMatter } from "../lib/front-matter.ts";

/** A folder of the user's own, or of the project that they trust. */
export type MarkdownFolder = { dir: string; source: "user" | "project" };

export type MarkdownFile = {
  /** Of the file, without `.md`. */
  name: string;
  /** Absolute. */
  path: string;
  source: MarkdownFolder["source"];
  fields: FrontMatter;
  body: string;
};

/** What such a name may be, so that it can follow a slash or a flag. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;
/** A longer one is none that a person wrote to be said again and again. */
const LARGEST_FILE = 64 * 1024;
const MOST_FILES = 200;

/**
 * The files by name; one of a later folder stands for that of an earlier. A folder that is missing is empty.
 * `problems` say in a sentence each what could not be used.
 */
export async function readMarkdownFolders(
  folders: readonly MarkdownFolder[],
): Promise<{ files: MarkdownFile[]; problems: string[] }> {
  const problems: string[] = [];
  const found = new Map<string, MarkdownFile>();
  const read = await Promise.all(folders.map((folder) => readFolder(folder, problems)));
  for (const file of read.flat()) found.set(file.name, file);
  return { files: [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name)), problems };
}

async function readFolder(folder: MarkdownFolder, problems: string[]): Promise<MarkdownFile[]> {
  const entries = await readdir(folder.dir).catch((error: unknown) => {
    if (!isErrorCode(error, "ENOENT", "ENOTDIR"))
      problems.push(`${folder.dir} could not be read (${errorCode(error) ?? String(error)}).`);
    return [];
  });
  const names = entries.filter((entry) => entry.endsWith(".md")).toSorted();
  if (names.length > MOST_FILES)
    problems.push(`${folder.dir} holds more than ${MOST_FILES} files; the others are left out.`);
  const files = await Promise.all(
    names.slice(0, MOST_FILES).map((entry) => readOne(folder, entry, problems)),
  );
  return files.filter((file) => file !== null);
}

async function readOne(
  { dir, source }: MarkdownFolder,
  entry: string,
  problems: string[],
): Promise<MarkdownFile | null> {
  const name = entry.slice(0, -".md".length);
  const path = join(dir, entry);
  if (!NAME.test(name)) {
    problems.push(`${path} is left out: its name may hold letters, digits, ".", "_" and "-".`);
    return null;
  }
  try {
    const text = await readSmall(path);
    if (text === null) problems.push(`${path} is left out: it is over ${LARGEST_FILE / 1024} KB.`);
    return text === null ? null : { name, path, source, ...readFrontMatter(text) };
  } catch (error) {
    if (!isErrorCode(error, "EISDIR", "ENOENT"))
      problems.push(`${path} could not be read (${errorCode(error) ?? String(error)}).`);
    return null;
  }
}

/** Null when it is too long. */
async function readSmall(path: string): Promise<string | null> {
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.alloc(LARGEST_FILE + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return bytesRead > LARGEST_FILE ? null : buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
