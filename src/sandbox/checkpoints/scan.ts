// Looks at what changed in the workspace since the kept index, and sorts out what is not to be kept.
import { constants } from "node:fs";
import { access, lstat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import { type ShadowGit, zeroSeparated } from "./shadow-git.ts";

export type ScanLimits = {
  /** Bytes of one file; a larger one is left out. */
  fileBytes: number;
  /** Files, and bytes in all, that are new at once; beyond them nothing is kept. */
  files: number;
  bytes: number;
};

/** Agents change sources; what is larger is mostly data, and each change of it would be kept whole. */
export const LIMITS: ScanLimits = {
  fileBytes: 10 * 1024 * 1024,
  files: 100_000,
  bytes: 1024 * 1024 * 1024,
};

export type Scan = {
  /** Paths whose content goes into the index. */
  write: string[];
  /** Paths that leave the index. */
  drop: string[];
  /** Permission bits of the paths to write. */
  modes: Map<string, { bits: number; executable: boolean }>;
  /** Repositories inside, and files that are too large or cannot be read. */
  uncovered: string[];
};

const LOOK_TIMEOUT_MS = 60_000;
const PARALLEL_LOOKS = 64;

/** Throws `checkpoints.unavailable` where there is too much to keep. */
export async function scanWorktree(git: ShadowGit, prefix: string, limits: ScanLimits): Promise<Scan> {
  const [changed, ignored] = await Promise.all([
    listChanged(git, prefix, limits),
    git.run(["ls-files", "-z", "--cached", "--ignored", "--exclude-standard", ...pathspec(prefix)]),
  ]);
  const { present, gone, nested } = changed;
  const drop = new Set([...gone, ...zeroSeparated(ignored)]);
  const scan: Scan = { write: [], drop: [], modes: new Map(), uncovered: [...nested] };
  let bytes = 0;
  const paths = [...present.keys()].filter((path) => !drop.has(path));
  for (let at = 0; at < paths.length; at += PARALLEL_LOOKS) {
    const looks = paths.slice(at, at + PARALLEL_LOOKS).map((path) => lookAt(git.worktree, path, limits));
    for (const look of await Promise.all(looks)) {
      bytes += addLook(scan, look);
      const isLeftOut = typeof look.found === "string";
      if (isLeftOut && present.get(look.path) === "kept") drop.add(look.path);
    }
    if (bytes > limits.bytes) throw tooMuch(git.worktree, prefix);
  }
  const written = new Set(scan.write);
  scan.write = scan.write.filter((path) => !isBelowAny(path, written));
  for (const path of written) if (isBelowAny(path, written)) drop.add(path);
  scan.drop = [...drop];
  return scan;
}

function pathspec(prefix: string): string[] {
  return prefix === "" ? [] : ["--", prefix];
}

/** A link stands now where a folder stood: what is seen through it is not ours. */
function isBelowAny(path: string, written: ReadonlySet<string>): boolean {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (written.has(path.slice(0, at))) return true;
  }
  return false;
}

/** Bytes of what is to be written. */
function addLook(scan: Scan, { path, found }: Look): number {
  if (found === "uncovered") scan.uncovered.push(path);
  if (found === "gone" || found === "uncovered") return 0;
  scan.write.push(path);
  if (!found.link) scan.modes.set(path, { bits: found.bits, executable: (found.bits & 0o100) !== 0 });
  return found.size;
}

type Found = { size: number; bits: number; link: boolean };

type Look = {
  path: string;
  found: "gone" | "uncovered" | Found;
};

async function lookAt(worktree: string, path: string, limits: ScanLimits): Promise<Look> {
  const file = join(worktree, path);
  try {
    const stat = await lstat(file);
    if (stat.isSymbolicLink()) return { path, found: { size: 0, bits: 0, link: true } };
    // A folder stands where a file stood: its files are listed themselves.
    if (!stat.isFile()) return { path, found: "gone" };
    if (stat.size > limits.fileBytes) return { path, found: "uncovered" };
    await access(file, constants.R_OK);
    return { path, found: { size: stat.size, bits: stat.mode & 0o7777, link: false } };
  } catch (error) {
    const gone = isErrorCode(error, "ENOENT", "ENOTDIR") && !path.includes("\uFFFD");
    return { path, found: gone ? "gone" : "uncovered" };
  }
}

/** `present`: whether the index has it. */
type Changed = { present: Map<string, "new" | "kept">; gone: Set<string>; nested: string[] };

async function listChanged(git: ShadowGit, prefix: string, limits: ScanLimits): Promise<Changed> {
  const [others, touched] = await Promise.all([
    listOthers(git, prefix, limits),
    // What is not as the index remembers it, by its times too: a change of permissions alone counts.
    git.run(["diff-files", "-z", "--name-status", ...pathspec(prefix)], { timeoutMs: LOOK_TIMEOUT_MS }),
  ]);
  const changed: Changed = { present: new Map(), gone: new Set(), nested: [] };
  const parts = zeroSeparated(touched);
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const path = parts[at + 1] ?? "";
    if (parts[at] === "D") changed.gone.add(path);
    else changed.present.set(path, "kept");
  }
  for (const path of others) {
    // A folder is only told of where it is a repository of its own.
    if (path.endsWith("/")) changed.nested.push(path);
    else changed.present.set(path, "new");
  }
  return changed;
}

/** Files that the index does not have and no rule ignores. */
async function listOthers(git: ShadowGit, prefix: string, limits: ScanLimits): Promise<string[]> {
  const paths: string[] = [];
  const enough = new AbortController();
  let rest = "";
  const onText = (text: string): void => {
    const lines = (rest + text).split("\0");
    rest = lines.pop() ?? "";
    for (const line of lines) paths.push(line);
    if (paths.length > limits.files) enough.abort();
  };
  const args = ["ls-files", "-z", "--others", "--exclude-standard", ...pathspec(prefix)];
  try {
    await git.run(args, { onText, signal: enough.signal, timeoutMs: LOOK_TIMEOUT_MS });
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  }
  if (paths.length > limits.files) throw tooMuch(git.worktree, prefix);
  return paths;
}

function tooMuch(worktree: string, prefix: string): AppError {
  const where = join(worktree, prefix);
  return new AppError("checkpoints.unavailable", `No checkpoints are made here: ${where} holds too much.`, {
    hint: "More than 100,000 files or 1 GB that no ignore rule leaves out; a .gitignore helps.",
  });
}
