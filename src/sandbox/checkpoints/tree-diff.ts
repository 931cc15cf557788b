// What differs between two trees of the shadow repository: paths, line counts, patches.
import type { FileChange, FileDiff } from "../../protocol/checkpoint.ts";
import { type ShadowGit, zeroSeparated } from "./shadow-git.ts";

/** `mode` and `object` are "000000" and zeros on a side where there is no such file; as git-diff-tree(1) tells them. */
export type Side = { mode: string; object: string };
export type RawChange = { path: string; from: Side; to: Side };

/** Characters of one file's patch, and of all: what a person looks at, not what a program applies. */
const PATCH_LENGTH = 400_000;
const PATCHES_LENGTH = 4_000_000;
/** Files that are compared line by line; of more only the paths are told. */
const MOST_PATCHES = 2_000;

const PLAIN = ["--no-renames", "--no-ext-diff", "--no-textconv"];

export async function rawChanges(git: ShadowGit, from: string, to: string): Promise<RawChange[]> {
  const parts = zeroSeparated(await git.run(["diff-tree", "-r", "-z", "--raw", ...PLAIN, from, to]));
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [fromMode = "", mode = "", fromObject = "", object = ""] = (parts[at] ?? "").slice(1).split(" ");
    const path = parts[at + 1] ?? "";
    changes.push({ path, from: { mode: fromMode, object: fromObject }, to: { mode, object } });
  }
  return changes;
}

/** Paths keep the worktree's prefix; `only` limits them. */
export async function treeDiff(
  git: ShadowGit,
  { from, to, only }: { from: string; to: string; only?: ReadonlySet<string> },
): Promise<FileDiff[]> {
  const raw = (await rawChanges(git, from, to)).filter(({ path }) => only?.has(path) ?? true);
  if (raw.length === 0) return [];
  const many = raw.length > MOST_PATCHES;
  const [counts, patches] = many
    ? [new Map<string, Counts>(), new Map<string, string>()]
    : await Promise.all([lineCounts(git, from, to), patchTexts(git, { from, to, raw })]);
  return raw.map((change) => ({
    path: change.path,
    change: kindOf(change),
    ...(counts.get(change.path) ?? { added: null, removed: null }),
    patch: patches.get(change.path) ?? "",
  }));
}

function kindOf({ from, to }: RawChange): FileChange["change"] {
  if (isNothing(from)) return "added";
  return isNothing(to) ? "removed" : "changed";
}

export function isNothing({ mode }: Side): boolean {
  return mode === "000000";
}

type Counts = { added: number | null; removed: number | null };

async function lineCounts(git: ShadowGit, from: string, to: string): Promise<Map<string, Counts>> {
  const parts = zeroSeparated(await git.run(["diff-tree", "-r", "-z", "--numstat", ...PLAIN, from, to]));
  return new Map(
    parts.map((part) => {
      const [added = "", removed = "", path = ""] = part.split("\t");
      return [path, { added: countOf(added), removed: countOf(removed) }];
    }),
  );
}

/** `-` for what is no text. */
function countOf(text: string): number | null {
  return text === "-" ? null : Number(text);
}

async function patchTexts(
  git: ShadowGit,
  { from, to, raw }: { from: string; to: string; raw: readonly RawChange[] },
): Promise<Map<string, string>> {
  const paths = raw.map(({ path }) => path);
  let text = "";
  const args = ["diff-tree", "-r", "-p", ...PLAIN, from, to, "--", ...paths];
  await git.run(args, {
    onText: (piece) => {
      if (text.length < PATCHES_LENGTH) text += piece;
    },
  });
  // No line of a file begins a line of the patch: each has a sign before it.
  const sections = text.split(/^diff --git .*\n/m).slice(1);
  const owners = raw.flatMap((change) => (isOtherType(change) ? [change.path, change.path] : [change.path]));
  const patches = new Map<string, string>();
  for (const [index, section] of sections.entries()) {
    const path = owners[index];
    const isCut = text.length >= PATCHES_LENGTH && index === sections.length - 1;
    if (path === undefined || isCut) continue;
    const whole = (patches.get(path) ?? "") + section;
    patches.set(path, whole.length > PATCH_LENGTH ? "" : whole);
  }
  return patches;
}

/** A link became a file or the other way: told as two changes. */
function isOtherType({ from, to }: RawChange): boolean {
  return !isNothing(from) && !isNothing(to) && from.mode.slice(0, 3) !== to.mode.slice(0, 3);
}
