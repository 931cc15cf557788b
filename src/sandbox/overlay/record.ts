// The folder of a try: where its parts lie, and the record that says what it is. It lives in the data folder.
import { chmod, lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod/mini";
import { AppError } from "../../lib/app-error.ts";
import { writeFileAtomic } from "../../lib/atomic-write.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import { mountsBelow, readMounts } from "./mounts.ts";

/**
 * `overlay`: overlayfs, mounted over the workspace for this process and its children alone. `reflink`: a copy that
 * shares its blocks. `worktree`: git's own files in a worktree. `copy`: a plain copy.
 */
export const TryWay = z.enum(["overlay", "reflink", "worktree", "copy"]);
export type TryWay = z.infer<typeof TryWay>;

/** Times in milliseconds since the epoch. */
export const TryRecord = z.object({
  version: z.literal(1),
  id: z.string(),
  way: TryWay,
  /** Why this way and none before it, in words; "" for the first. */
  why: z.string(),
  /** Where the session works, as the person knows it. Absolute, like the others. */
  workspace: z.string(),
  /** What the try covers: the repository around the workspace, or the workspace alone. */
  covered: z.string(),
  createdMs: z.number(),
  /** Of a copy: when it was whole. */
  copiedMs: z.nullable(z.number()),
});
export type TryRecord = z.infer<typeof TryRecord>;

/** `real`: where the workspace's own files are seen inside an overlay. `files`: the copy. */
export type TryPlaces = { folder: string; real: string; upper: string; work: string; files: string };

export function tryPlaces(dir: string, id: string): TryPlaces {
  const folder = join(dir, id);
  const place = (name: string): string => join(folder, name);
  return { folder, real: place("real"), upper: place("upper"), work: place("work"), files: place("files") };
}

/** The copy of the covered folder, under its own name, which models and programs see. */
export function copyFolder({ files }: Pick<TryPlaces, "files">, covered: string): string {
  return join(files, basename(covered) || "root");
}

/** null where there is none: it was never begun, or nothing was left in it. Throws `try.record` for one that is broken. */
export async function readRecord(folder: string): Promise<TryRecord | null> {
  try {
    const parsed = TryRecord.safeParse(JSON.parse(await readFile(recordFile(folder), "utf8")));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return null;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AppError("try.record", `${recordFile(folder)} cannot be understood.`, {
    hint: "A newer Hearth may have written it; nothing of it was changed.",
  });
}

export async function writeRecord(folder: string, record: TryRecord): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileAtomic(recordFile(folder), Buffer.from(`${JSON.stringify(record)}\n`), 0o600);
}

/**
 * Removes a whole folder, also what in it may not be read or written: overlayfs and programs leave such folders. Throws
 * `try.mounted` where something is mounted in it, which would be removed with it.
 */
export async function removeTree(folder: string): Promise<void> {
  const [mounted] = mountsBelow(folder, readMounts());
  if (mounted !== undefined) throw new AppError("try.mounted", `${mounted} is mounted still.`);
  await openUp(folder);
  await rm(folder, { recursive: true, force: true });
}

/** The record goes first: without it the try is over, whatever is left. */
export async function forgetOverlay({ folder, upper }: TryPlaces): Promise<void> {
  await rm(recordFile(folder), { force: true });
  for (const name of ["base.jsonl", "settled.jsonl", "texts", "checkpoints"]) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  // Of the upper layer at most what the session made and took back is left.
  for (const name of await readdir(upper)) await removeTree(join(upper, name));
}

async function openUp(folder: string): Promise<void> {
  try {
    const found = await lstat(folder);
    if (!found.isDirectory()) return;
    const { mode } = found;
    if ((mode & 0o700) !== 0o700) await chmod(folder, 0o700);
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) if (entry.isDirectory()) await openUp(join(folder, entry.name));
  } catch (error) {
    if (!isErrorCode(error, "ENOENT", "ENOTDIR")) throw error;
  }
}

function recordFile(folder: string): string {
  return join(folder, "try.json");
}
