// The shadow repository on disk: made whole or not at all, with rules of its own; a damaged one is set aside.
import { createHash, randomBytes } from "node:crypto";
import { access, appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import { isWithin } from "../../lib/paths.ts";
import type { Coverage } from "./coverage.ts";
import { type ShadowGit, shadowGit } from "./shadow-git.ts";

/** Nothing of the person's counts: files are kept byte for byte, whatever their .gitattributes say. */
const ATTRIBUTES = "* -text -ident -filter -working-tree-encoding\n";

/** Appended to what `git init` found out about the file system. */
const CONFIG = `
[core]
	hooksPath = /dev/null
	attributesFile = /dev/null
	autocrlf = false
	fsmonitor = false
	untrackedCache = false
	logAllRefUpdates = false
	quotePath = false
	protectNTFS = false
	protectHFS = false
[gc]
	auto = 5000
	autoDetach = false
	packRefs = false
	pruneExpire = 1.hour.ago
	writeCommitGraph = false
[pack]
	threads = 1
[advice]
	addEmbeddedRepo = false
`;

/** Makes the repository at `git.gitDir` where there is none. A process killed in between leaves no half of one. */
export async function ensureRepository(
  git: ShadowGit,
  place: Parameters<typeof shadowGit>[0],
): Promise<void> {
  if (await exists(join(git.gitDir, "config"))) return;
  const draft = `${git.gitDir}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(dirname(draft), { recursive: true, mode: 0o700 });
    await shadowGit({ ...place, gitDir: draft }).run(["init", "--quiet", "--bare", "--template="], {
      bare: true,
    });
    await appendFile(join(draft, "config"), CONFIG);
    await mkdir(join(draft, "info"), { recursive: true });
    await writeFile(join(draft, "info", "attributes"), ATTRIBUTES);
    await rename(draft, git.gitDir);
  } catch (error) {
    // Another process was faster: its repository is as good.
    if (!isErrorCode(error, "ENOTEMPTY", "EEXIST")) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Renames what cannot be used any more; gives where it is now. */
export async function setAside(gitDir: string, nowMs: number): Promise<string> {
  const aside = `${gitDir}.damaged-${nowMs}`;
  await rename(gitDir, aside);
  return aside;
}

/** Whether git can still make sense of it. */
export async function isSound(git: ShadowGit): Promise<boolean> {
  const looked = git.run(["fsck", "--connectivity-only", "--no-dangling", "--no-progress"]);
  return looked.then(
    () => true,
    () => false,
  );
}

/** Ignore rules beside the .gitignore files, brought up to date. `exclude`: absolute folders of our own. */
export async function writeRules(
  git: ShadowGit,
  { worktree, rules }: Coverage,
  exclude: readonly string[],
): Promise<void> {
  const own = exclude
    .filter((folder) => folder !== worktree && isWithin(worktree, folder))
    .map((folder) => `/${escapePattern(relative(worktree, folder))}/`);
  // Later rules win: ours stand last.
  const parts = [await readText(rules.personal), await readText(rules.repository), ...own];
  const text = `${parts.filter((part) => part !== "").join("\n")}\n`;
  const file = join(git.gitDir, "info", "exclude");
  if ((await readText(file)) !== text) await writeFile(file, text);
}

function escapePattern(path: string): string {
  return path
    .split(sep)
    .join("/")
    .replace(/[\\*?[\]!# ]/g, "\\$&");
}

/** "" for a file that is not there or cannot be read: then it has no rules for us. */
async function readText(file: string | null): Promise<string> {
  return file === null ? "" : readFile(file, "utf8").catch(() => "");
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Paths in a shadow repository count from its worktree: where that becomes another one, another repository begins. */
export function shadowFolder(dir: string, { worktree, prefix }: Coverage): string {
  return join(dir, `${createHash("sha256").update(`${worktree}\0${prefix}`).digest("hex").slice(0, 12)}.git`);
}
