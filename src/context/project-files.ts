// Instructions that people keep for agents: AGENTS.md and CLAUDE.md of the user and of the project. Reads only.
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isWithin } from "../lib/paths.ts";
import { importsOnly, readImports } from "./imports.ts";
import { type InstructionFile, readInstructionFile } from "./instruction-file.ts";

/** `path` is as a person would name it: relative to the project's root, or absolute for the user's own. */
export type ProjectFile = { path: string; text: string };

export type ProjectFilesOptions = {
  /** The user's own folder for Hearth's settings. */
  configDir: string;
  /** The user's home: above a project inside it, all folders count from here down. */
  home: string;
  cwd: string;
  /** Whether the user trusts the directory; without it nothing of the project is read. */
  trusted: boolean;
};

const NAMES = ["AGENTS.md", "CLAUDE.md"];
const IMPORTING = "CLAUDE.md";
const LARGEST_SUM = 64 * 1024;

/**
 * The user's own files first, then those from their home down to the project, then the project's from the git root
 * down to `cwd`, so that the nearest has the last word; what a CLAUDE.md imports comes after it. The same file and
 * equal texts come once. `notices` say in a sentence each what was left out, cut or could not be read.
 */
export async function readProjectFiles(
  options: ProjectFilesOptions,
): Promise<{ files: ProjectFile[]; notices: string[] }> {
  const { configDir, home, trusted } = options;
  const cwd = resolve(options.cwd);
  const root = (await gitRoot(cwd)) ?? cwd;
  const own = [configDir, ...foldersAbove(root, resolve(home))];
  const found = await Promise.all([
    readFolders(own, { home, within: await realFolders([configDir, home]) }),
    readFolders(foldersBetween(root, cwd), { home, within: await realFolders([root]) }),
  ]);
  const [mine, theirs] = found;
  const read = trusted
    ? { files: [...mine.files, ...theirs.files], notices: [...mine.notices, ...theirs.notices] }
    : mine;
  const nameOf = ({ path }: InstructionFile) => (isWithin(root, path) ? relative(root, path) : path);
  const { files, notices } = selectFiles(read.files);
  return {
    files: files.map((file) => ({ path: nameOf(file), text: file.text })),
    notices: [...read.notices, ...notices, ...(trusted ? [] : untrustedNotice(theirs.files.map(nameOf)))],
  };
}

/** Each once, and no more than the sum; a text that only names others that are there anyway is nothing. */
function selectFiles(found: readonly InstructionFile[]): { files: InstructionFile[]; notices: string[] } {
  const files: InstructionFile[] = [];
  const notices: string[] = [];
  let room = LARGEST_SUM;
  for (const file of found) {
    if (files.some(({ real, text }) => real === file.real || text === file.text)) continue;
    if (basename(file.path) === IMPORTING && importsOnly(file.text)) continue;
    if (file.text.length > room) {
      notices.push(
        `${file.path} was left out: the instruction files together are over ${LARGEST_SUM / 1024} KB.`,
      );
      continue;
    }
    room -= file.text.length;
    files.push(file);
  }
  return { files, notices };
}

function untrustedNotice(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const [verb, they] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return [
    `${names.join(", ")} ${verb} not read: you said that you do not trust this directory, which holds ${they}.`,
  ];
}

async function readFolders(
  folders: readonly string[],
  rules: Parameters<typeof readImports>[1],
): Promise<{ files: InstructionFile[]; notices: string[] }> {
  const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const read = await Promise.all(
    paths.map(async (path) => {
      const { file, notice } = await readInstructionFile(path);
      const imported =
        file !== null && basename(path) === IMPORTING
          ? await readImports(file, rules)
          : { files: [], notices: [] };
      return {
        files: file === null ? [] : [file, ...imported.files],
        notices: [...(notice === null ? [] : [notice]), ...imported.notices],
      };
    }),
  );
  return { files: read.flatMap(({ files }) => files), notices: read.flatMap(({ notices }) => notices) };
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

/** From home down to the folder above the project; none where the project is elsewhere. */
function foldersAbove(root: string, home: string): string[] {
  return root !== home && isWithin(home, root) ? foldersBetween(home, dirname(root)) : [];
}

/** From `root` down to `cwd`, both included. */
function foldersBetween(root: string, cwd: string): string[] {
  return cwd === root || dirname(cwd) === cwd ? [cwd] : [...foldersBetween(root, dirname(cwd)), cwd];
}

function realFolders(folders: readonly string[]): Promise<string[]> {
  // A folder that is not there holds nothing to import either.
  return Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
}
