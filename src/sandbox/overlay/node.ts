// What stands at a path: its kind, its mode, and whether two of them are the same. Follows no symlink.
import { lstatSync } from "node:fs";
import { open, readlink } from "node:fs/promises";
import { isErrorCode } from "../../lib/error-code.ts";

/** `other`: a socket, a pipe, a device; never applied. */
type NodeKind = "file" | "link" | "folder" | "none" | "other";

/** `mode`: permission bits. `size` in bytes. Times in milliseconds since the epoch. */
export type FileNode = {
  kind: NodeKind;
  mode: number;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
  uid: number;
  gid: number;
};

const NOTHING: FileNode = {
  kind: "none",
  mode: 0,
  size: 0,
  mtimeMs: 0,
  ctimeMs: 0,
  ino: 0,
  uid: -1,
  gid: -1,
};

const COMPARED_BYTES = 256 * 1024;

/** What an overlay answers for what was taken away below it (errno 3, ESTALE); Node has no name for it. */
const STALE = -116;

/**
 * `none` where nothing is, also where a folder above is missing or none. At once, as whole workspaces are looked at: the
 * answer takes microseconds, waiting for a thread to get it ten times that.
 */
export function lookAt(path: string): FileNode {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return NOTHING;
    const { mode, size, mtimeMs, ctimeMs, ino, uid, gid } = found;
    const kind = found.isFile()
      ? "file"
      : found.isSymbolicLink()
        ? "link"
        : found.isDirectory()
          ? "folder"
          : "other";
    return { kind, mode: mode & 0o7777, size, mtimeMs, ctimeMs, ino, uid, gid };
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR") || isStale(error)) return NOTHING;
    throw error;
  }
}

function isStale(error: unknown): boolean {
  return error instanceof Error && "errno" in error && error.errno === STALE;
}

/** Tells a node from any later state of its path, but for writes that put size and time back. */
export function stampOf({ kind, mode, size, mtimeMs, ino }: FileNode): string {
  return kind === "folder" ? `folder ${mode}` : `${kind} ${mode} ${size} ${mtimeMs} ${ino}`;
}

/** The same kind, mode and content. Folders are the same when their modes are: what is in them stands for itself. */
export async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = [lookAt(one), lookAt(other)];
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "none":
    case "other":
      return true;
    case "folder":
      return a.mode === b.mode;
    case "link":
      return (await readlink(one)) === (await readlink(other));
    case "file":
      return a.mode === b.mode && a.size === b.size && (await sameBytes(one, other));
  }
}

/** Whether two files hold the same bytes, whatever their modes. */
export async function sameBytes(one: string, other: string): Promise<boolean> {
  const a = await open(one, "r");
  try {
    const b = await open(other, "r");
    try {
      const buffers = [Buffer.alloc(COMPARED_BYTES), Buffer.alloc(COMPARED_BYTES)] as const;
      for (;;) {
        const [left, right] = await Promise.all([
          a.read(buffers[0], 0, COMPARED_BYTES),
          b.read(buffers[1], 0, COMPARED_BYTES),
        ]);
        const same = buffers[0].subarray(0, left.bytesRead).equals(buffers[1].subarray(0, right.bytesRead));
        if (!same) return false;
        if (left.bytesRead === 0) return true;
      }
    } finally {
      await b.close();
    }
  } finally {
    await a.close();
  }
}
