// What a call of pi would change, for the person who is asked about it. Reads the file; changes nothing.
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { TextDiff, ToolNaming } from "../external/connection.ts";
import { editDiffs } from "./tool-view.ts";

/** Bytes of a file that is still compared whole. */
const LARGEST_FILE = 2_000_000;

/** Whole files where pi's edits fit them exactly, else the regions as they were given. */
export async function previewDiffs(naming: ToolNaming, cwd: string): Promise<TextDiff[]> {
  const { path, content } = naming.arguments;
  if (typeof path !== "string") return [];
  if (naming.name === "write") {
    if (typeof content !== "string") return [];
    return [{ path, before: await readText(resolve(cwd, path)), after: content }];
  }
  const regions = editDiffs(naming);
  if (regions.length === 0) return [];
  const before = await readText(resolve(cwd, path));
  const after = before === null ? null : edited(before, regions);
  return after === null ? regions : [{ path, before, after }];
}

/** Null where a region is not there exactly once. */
function edited(text: string, regions: readonly TextDiff[]): string | null {
  let after = text;
  for (const { before, after: instead } of regions) {
    if (before === null || before === "" || after.split(before).length !== 2) return null;
    after = after.replace(before, () => instead);
  }
  return after;
}

/** Null for what is not there, no text, or too large. */
async function readText(file: string): Promise<string | null> {
  try {
    if ((await stat(file)).size > LARGEST_FILE) return null;
    const text = await readFile(file, "utf8");
    return text.includes("\0") ? null : text;
  } catch {
    // A new file, or one that is not ours to read: the call itself will tell.
    return null;
  }
}
