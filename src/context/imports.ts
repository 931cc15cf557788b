// `@path` in a CLAUDE.md: the file of that name belongs to the instructions too, as users of Claude Code expect
// (https://code.claude.com/docs/en/memory). Reads only what is inside `within`.
import { dirname, relative, resolve, sep } from "node:path";
import { expandHome, isWithin } from "../lib/paths.ts";
import { type InstructionFile, readInstructionFile } from "./instruction-file.ts";

export type ImportRules = {
  home: string;
  /** Absolute real folders; a file outside all of them is not imported. */
  within: readonly string[];
};

/** As Claude Code. */
const MOST_HOPS = 5;
const MOST_IMPORTS = 50;
const IMPORT = /(?<=^|[\s(])@((?:\\ |[^\s`"'<>|])+)/g;
/** Blocks and spans of code, in which an @ means something else. */
const CODE =
  /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[^\n]*$|(?![\s\S]))|(?<!`)(`{1,3})(?!`)[^\n]{1,500}?\2(?!`)/gm;

/** The files that `file` imports, each before those it imports itself. `notices` say what was left out. */
export async function readImports(
  file: InstructionFile,
  rules: ImportRules,
): Promise<{ files: InstructionFile[]; notices: string[] }> {
  const found = { files: new Map([[file.real, file]]), notices: new Set<string>() };
  await follow(file, 1, rules, found);
  return { files: [...found.files.values()].slice(1), notices: [...found.notices] };
}

/** True for a file that says nothing but which others to read. */
export function importsOnly(text: string): boolean {
  return importedNames(text).length > 0 && text.replace(IMPORT, "").trim() === "";
}

type Found = { files: Map<string, InstructionFile>; notices: Set<string> };

async function follow(from: InstructionFile, hop: number, rules: ImportRules, found: Found): Promise<void> {
  for (const name of importedNames(from.text)) {
    const { file, notice } = await readInstructionFile(pathOf(name, from, rules));
    // What is no file are words: an address, a decorator, a person.
    if (file === null || found.files.has(file.real)) continue;
    const reason = refusal(file, hop, rules, found);
    if (reason !== null) {
      found.notices.add(`${from.path} imports @${name}, which was left out: ${reason}.`);
      continue;
    }
    if (notice !== null) found.notices.add(notice);
    found.files.set(file.real, file);
    await follow(file, hop + 1, rules, found);
  }
}

function importedNames(text: string): string[] {
  const names = [...text.replace(CODE, "").matchAll(IMPORT)].map(([, name = ""]) =>
    name.replaceAll("\\ ", " ").replace(/[.,;:!?)\]}]+$/, ""),
  );
  return [...new Set(names)].filter((name) => name !== "");
}

/** Relative to the file that names it. */
function pathOf(name: string, { real }: InstructionFile, { home }: ImportRules): string {
  return resolve(dirname(real), expandHome(name, home));
}

function refusal(file: InstructionFile, hop: number, { within }: ImportRules, found: Found): string | null {
  const homes = within.filter((folder) => isWithin(folder, file.real));
  if (homes.length === 0) return "it is outside the project";
  if (homes.every((folder) => isHidden(relative(folder, file.real)))) return "it is a hidden file";
  if (hop > MOST_HOPS) return `imports go ${MOST_HOPS} files deep`;
  return found.files.size > MOST_IMPORTS ? `there are more than ${MOST_IMPORTS} of them` : null;
}

/** Keys and passwords live behind a dot; so do the folders in which people keep instructions. */
const OPEN_FOLDERS = [".claude", ".hearth", ".agents", ".github"];

function isHidden(path: string): boolean {
  const parts = path.split(sep);
  return parts.some((part) => part.startsWith(".") && !OPEN_FOLDERS.includes(part));
}
