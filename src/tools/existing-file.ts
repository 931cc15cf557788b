// Looking up the file a call names, and saying what is there instead when there is none.
import { basename, dirname, join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { nearest } from "../lib/nearest.ts";
import { displayPath } from "../lib/paths.ts";
import { type DecodedText, decodeText } from "../lib/text-encoding.ts";
import type { FileStat, Workspace } from "../sandbox/workspace.ts";

/** Bigger files are held in memory by nobody. */
const MAX_CHANGEABLE_BYTES = 50 * 1024 * 1024;

/** A file or folder: `path` is real and absolute, `name` what to call it in texts. */
export type ExistingFile = { path: string; name: string; stat: FileStat };

/** Whatever is at the path. Throws `workspace.outside` or `file.not_found` (with a near name). */
export async function existingPath(workspace: Workspace, given: string): Promise<ExistingFile> {
  const path = await workspace.resolve(given);
  const name = displayPath(workspace.root, path);
  const stat = await workspace.stat(path);
  if (!stat) throw await notFound(workspace, path, name);
  return { path, name, stat };
}

/** A regular file. Throws as existingPath does, and `file.is_folder` or `file.special`. */
export async function existingFile(workspace: Workspace, given: string): Promise<ExistingFile> {
  const file = await existingPath(workspace, given);
  const { name, stat } = file;
  if (stat.kind === "directory") {
    throw new AppError("file.is_folder", `${name} is a folder.`, {
      hint: "Use ls or glob to see what is in it.",
    });
  }
  if (stat.kind !== "file") {
    throw new AppError("file.special", `${name} is no regular file (a device, pipe or socket).`);
  }
  return file;
}

/** The content of a file that will be changed; throws `file.too_big` or `file.not_text`. */
export async function changeableText(
  workspace: Workspace,
  { path, name, stat }: ExistingFile,
): Promise<{ bytes: Uint8Array; decoded: DecodedText }> {
  if (stat.size > MAX_CHANGEABLE_BYTES) {
    const message = `${name} is too big to be changed by this tool: ${stat.size} bytes.`;
    throw new AppError("file.too_big", message, { hint: "Use bash." });
  }
  const bytes = await workspace.readFile(path);
  const decoded = decodeText(bytes);
  if (!decoded || decoded.lossy) {
    const message = `${name} holds bytes that are no text and could not be kept.`;
    throw new AppError("file.not_text", message, { hint: "Use bash." });
  }
  return { bytes, decoded };
}

async function notFound(workspace: Workspace, path: string, name: string): Promise<AppError> {
  const message = `${name} does not exist.`;
  const folder = dirname(path);
  if ((await workspace.stat(folder))?.kind !== "directory") {
    const hint = `The folder ${displayPath(workspace.root, folder)} does not exist either. Use glob to find the file.`;
    return new AppError("file.not_found", message, { hint });
  }
  const names = (await workspace.list(folder)).map((entry) => entry.name);
  const near = nearest(basename(path), names);
  const hint = near
    ? `Did you mean ${displayPath(workspace.root, join(folder, near))}?`
    : "Use glob or ls to find the file.";
  return new AppError("file.not_found", message, { hint });
}
