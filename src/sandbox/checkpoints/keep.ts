// Brings the kept index and its tree up to the workspace, and makes commits of trees. Works on a copy of the index, so
// that a process killed at any moment leaves the old one or the new one.
import { randomBytes } from "node:crypto";
import { copyFile, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { isErrorCode } from "../../lib/error-code.ts";
import { type KeptState, readKeptState, usualMode, writeKeptState } from "./kept-state.ts";
import { type Scan, type ScanLimits, scanWorktree } from "./scan.ts";
import { INDEX, type ShadowGit } from "./shadow-git.ts";

/** Where its ref lies: the newest sorts last. */
export const HISTORY = "refs/checkpoints";

/** Checkpoints without a name that are kept (issue: the last 50). */
const MOST_KEPT = 50;

/** The state of the workspace as a tree, in the index and on disk; no commit yet. */
export async function keepTree(git: ShadowGit, prefix: string, limits: ScanLimits): Promise<KeptState> {
  const before = await readKeptState(git.gitDir);
  const scan = await scanWorktree(git, prefix, limits);
  const isSame = scan.write.length === 0 && scan.drop.length === 0 && before.tree !== "";
  const uncovered = scan.uncovered.toSorted();
  if (isSame) {
    const after = { ...before, uncovered };
    if (uncovered.join("\0") !== before.uncovered.join("\0")) await writeKeptState(git.gitDir, after);
    return after;
  }
  return withIndexCopy(git, async (index, adopt) => {
    await updateIndex(git, index, scan);
    const tree = (await git.run(["write-tree"], { index })).trim();
    const after = { ...before, tree, modes: modesAfter(before.modes, scan), uncovered };
    // Before the index: were we killed in between, the old index finds the same changes again.
    await writeKeptState(git.gitDir, after);
    await adopt();
    return after;
  });
}

/** Runs `work` on a copy of the kept index, which takes its place when `adopt` is called. */
export async function withIndexCopy<Result>(
  git: ShadowGit,
  work: (index: string, adopt: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const kept = join(git.gitDir, INDEX);
  const index = join(git.gitDir, `${INDEX}.${process.pid}.${randomBytes(4).toString("hex")}`);
  try {
    await copyIndex(kept, index);
    return await work(index, () => rename(index, kept));
  } finally {
    await Promise.all([rm(index, { force: true }), rm(`${index}.lock`, { force: true })]);
  }
}

/**
 * Git takes a file for unchanged when its times are those in the index and older than the index itself. So the copy
 * must not look newer than the original: it looks a little older, and more contents are compared.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    const seconds = (Math.floor(mtimeMs) - 1) / 1_000;
    await utimes(to, seconds, seconds);
  } catch (error) {
    if (!isErrorCode(error, "ENOENT")) throw error;
  }
}

async function updateIndex(git: ShadowGit, index: string, { write, drop }: Scan): Promise<void> {
  const remove = ["update-index", "-z", "--force-remove", "--stdin"];
  const add = ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"];
  if (drop.length > 0) await git.run(remove, { index, stdin: `${drop.join("\0")}\0` });
  // Also with nothing to add: the first index of an empty workspace.
  if (write.length > 0 || drop.length === 0) {
    await git.run(add, { index, stdin: write.map((path) => `${path}\0`).join("") });
  }
}

function modesAfter(before: KeptState["modes"], { drop, modes }: Scan): KeptState["modes"] {
  const after = { ...before };
  for (const path of drop) delete after[path];
  for (const [path, { bits, executable }] of modes) {
    if (bits === usualMode(executable)) delete after[path];
    else after[path] = bits;
  }
  // In one order: equal modes make an equal text.
  return Object.fromEntries(Object.entries(after).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a commit says beside its tree. */
const CommitFacts = z.object({ modes: z.record(z.string(), z.number()) });
type CommitFacts = z.infer<typeof CommitFacts>;

/**
 * A commit of the kept tree; the newest one again when nothing changed since, which is `before`. Old ones without a
 * name go.
 */
export async function commitKept(
  git: ShadowGit,
  kept: KeptState,
  nowMs: number,
): Promise<{ commit: string; before: CommitContent | null }> {
  const { tree, modes } = kept;
  const before = await readCommit(git, kept.commit);
  const isSame = before?.tree === tree && JSON.stringify(before.modes) === JSON.stringify(modes);
  if (isSame) return { commit: kept.commit, before };
  const facts: CommitFacts = { modes };
  const made = await git.run(["commit-tree", "-F", "-", tree], { stdin: JSON.stringify(facts) });
  const commit = made.trim();
  const names = await historyRefs(git.gitDir);
  const gone = names.slice(0, Math.max(0, names.length + 1 - MOST_KEPT));
  const ref = `${HISTORY}/${String(nowMs).padStart(14, "0")}-${randomBytes(3).toString("hex")}`;
  const lines = [`create ${ref} ${commit}`, ...gone.map((name) => `delete ${HISTORY}/${name}`)];
  await git.run(["update-ref", "--stdin"], { stdin: `${lines.join("\n")}\n` });
  await writeKeptState(git.gitDir, { ...kept, commit });
  return { commit, before };
}

export type CommitContent = { tree: string; modes: KeptState["modes"] };

/** null for a commit that is gone. */
export async function readCommit(git: ShadowGit, commit: string): Promise<CommitContent | null> {
  // A name that git would take for an option or an expression is none of ours.
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const text = await git.run(["cat-file", "commit", commit]).catch(() => null);
  if (text === null) return null;
  const tree = /^tree ([0-9a-f]+)$/m.exec(text)?.[1];
  const facts = CommitFacts.safeParse(parseJson(text.slice(text.indexOf("\n\n") + 2)));
  return tree === undefined || !facts.success ? null : { tree, modes: facts.data.modes };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No commit of ours.
  }
}

/** Names below refs/checkpoints, oldest first. They are never packed. */
async function historyRefs(gitDir: string): Promise<string[]> {
  try {
    const names = await readdir(join(gitDir, HISTORY));
    return names.filter((name) => !name.endsWith(".lock")).toSorted();
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}
