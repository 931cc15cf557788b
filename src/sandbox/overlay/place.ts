// Puts what stands at a path of one tree at the same path of another: prepared beside its place, then moved there in
// one step, so that a crash leaves the old or the new. Keeps modes, links and, for root, owners.
import { randomBytes } from "node:crypto";
import {
  chmod,
  constants,
  copyFile,
  lchown,
  mkdir,
  open,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import { type FileNode, lookAt } from "./node.ts";
import { foldersAbove } from "./walk.ts";

/** The roots of both trees. */
export type Way = { from: string; to: string };

/** Prepared and not yet seen: `commit` puts it in place, `drop` takes it away. */
export type Placement = { commit: () => Promise<void>; drop: () => Promise<void> };

const NOTHING_TO_DROP = (): Promise<void> => Promise.resolve();

/** Prepares to make `path` in `to` what it is in `from`; nothing there: to take it away. `text` replaces the content. */
export async function prepare(path: string, way: Way, text?: string): Promise<Placement> {
  const source = lookAt(join(way.from, path));
  switch (source.kind) {
    case "none":
      return { commit: () => remove(path, way), drop: NOTHING_TO_DROP };
    case "folder":
      return { commit: () => placeFolder(path, way, source), drop: NOTHING_TO_DROP };
    case "file":
    case "link":
      return prepareLeaf(path, way, { source, ...(text === undefined ? {} : { text }) });
    case "other":
      throw new AppError("try.kind", `${path} is neither a file nor a folder nor a link.`);
  }
}

async function prepareLeaf(
  path: string,
  way: Way,
  { source, text }: { source: FileNode; text?: string },
): Promise<Placement> {
  const [from, to] = [join(way.from, path), join(way.to, path)];
  const temporary = join(await nearestFolder(path, way.to), `.hearth-${randomBytes(8).toString("hex")}.tmp`);
  const drop = (): Promise<void> => rm(temporary, { force: true });
  try {
    if (source.kind === "link") await symlink(await readlink(from), temporary);
    else await writeCopy(from, temporary, { mode: source.mode, ...(text === undefined ? {} : { text }) });
    await keepOwner(temporary, source);
  } catch (error) {
    await drop();
    throw error;
  }
  const commit = async (): Promise<void> => {
    await makeFolders(path, way);
    await inFolderOf(to, async () => {
      if (lookAt(to).kind === "folder") await rmdir(to);
      await rename(temporary, to);
    });
  };
  return { commit, drop };
}

async function writeCopy(
  from: string,
  temporary: string,
  { mode, text }: { mode: number; text?: string },
): Promise<void> {
  if (text === undefined) {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await chmod(temporary, mode | 0o600); // Until it is on the disk; the copy may have come without our right to open it.
  }
  const file = await open(temporary, text === undefined ? "r+" : "wx");
  try {
    if (text !== undefined) await file.writeFile(text);
    await file.chmod(mode);
    // It is new there: whoever builds by times must see it, however old the session's file is.
    const now = new Date();
    await file.utimes(now, now);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Only root can give files away; everyone else's are theirs anyhow. */
async function keepOwner(path: string, { uid, gid }: FileNode): Promise<void> {
  if (process.getuid?.() === 0) await lchown(path, uid, gid);
}

async function placeFolder(path: string, way: Way, source: FileNode): Promise<void> {
  const to = join(way.to, path);
  await makeFolders(path, way);
  const there = lookAt(to);
  if (there.kind !== "folder") {
    await inFolderOf(to, async () => {
      if (there.kind !== "none") await unlink(to);
      await mkdir(to);
    });
    await keepOwner(to, source);
  }
  await chmod(to, source.mode);
}

/** Also the folders above that are empty then and that the other tree does not have. */
async function remove(path: string, { from, to }: Way): Promise<void> {
  const target = join(to, path);
  await refuseLinksAbove(path, to);
  const there = lookAt(target);
  try {
    if (there.kind === "folder") await inFolderOf(target, () => rmdir(target));
    else if (there.kind !== "none") await inFolderOf(target, () => unlink(target));
  } catch (error) {
    // An overlay may show for a while what went below it: it is gone, which is what was wanted.
    if (!isErrorCode(error, "ENOENT")) throw error;
  }
  for (const folder of foldersAbove(path).reverse()) {
    if (lookAt(join(from, folder)).kind === "folder") return;
    try {
      await inFolderOf(join(to, folder), () => rmdir(join(to, folder)));
    } catch (error) {
      if (isErrorCode(error, "ENOTEMPTY", "EEXIST", "ENOENT")) return;
      throw error;
    }
  }
}

/** The folders above `path` that `to` lacks, with the modes they have in `from`. */
async function makeFolders(path: string, { from, to }: Way): Promise<void> {
  await refuseLinksAbove(path, to);
  for (const folder of foldersAbove(path)) {
    const target = join(to, folder);
    if (lookAt(target).kind === "folder") continue;
    await inFolderOf(target, () => mkdir(target));
    const source = lookAt(join(from, folder));
    await keepOwner(target, source);
    await chmod(target, source.mode);
  }
}

/** Also in a folder of ours that says nothing is to be written in it: it says so again afterwards. */
async function inFolderOf(path: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const folder = dirname(path);
    const { kind, mode } = lookAt(folder);
    if (!isErrorCode(error, "EACCES") || kind !== "folder" || (mode & 0o300) === 0o300) throw error;
    await chmod(folder, mode | 0o700);
    try {
      await action();
    } finally {
      await chmod(folder, mode);
    }
  }
}

/** Through a link what is written could land anywhere. */
async function refuseLinksAbove(path: string, root: string): Promise<void> {
  for (const folder of foldersAbove(path)) {
    const { kind } = lookAt(join(root, folder));
    if (kind === "none" || kind === "folder") continue;
    throw new AppError("try.folder", `${folder} is no folder there, so ${path} has no place.`);
  }
}

/** The innermost that is there and can be written in. */
async function nearestFolder(path: string, root: string): Promise<string> {
  let found = root;
  for (const folder of foldersAbove(path)) {
    const { kind, mode } = lookAt(join(root, folder));
    if (kind !== "folder") break;
    if ((mode & 0o300) === 0o300) found = join(root, folder);
  }
  return found;
}
