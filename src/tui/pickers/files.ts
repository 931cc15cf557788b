// Files of the workspace to mention; of the one under the cursor the first lines are shown.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { fileItems } from "../editor/completion.ts";
import type { PickerSource } from "./source.ts";

const PREVIEW_BYTES = 8 * 1024;
const PREVIEW_LINES = 30;

export function fileSource({ app, composer }: Desk): PickerSource {
  return {
    verb: "mentions it",
    nothing: "There are no files here that git does not ignore.",
    items: async ({ signal }) => topFirst(await app.listFiles({ signal })).map(fileItem),
    choose: (path) => {
      // As if it had been completed, at the cursor.
      for (const { insert } of fileItems([path])) composer.paste(insert);
    },
    preview: (path) => () => describeFile(join(app.cwd, path)),
  };
}

function fileItem(path: string): PickerItem<string> {
  return { value: path, label: path, detail: "", current: false, path: true };
}

/** What lies near the top first. */
function topFirst(paths: readonly string[]): string[] {
  const byDepth = [...Map.groupBy(paths, depth)].sort(([one], [other]) => one - other);
  // Without a comparison of ours, which is slow over 100,000 paths.
  return byDepth.flatMap(([, group]) => group.toSorted());
}

function depth(path: string): number {
  let count = 0;
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) count++;
  return count;
}

async function describeFile(path: string): Promise<PreviewLine[]> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, PREVIEW_BYTES)), 0);
    const start = buffer.subarray(0, bytesRead);
    const fact = previewLine(sizeOf(size), "dim");
    if (start.includes(0)) return [fact, previewLine("no text", "dim")];
    const lines = start.toString("utf8").split("\n", PREVIEW_LINES);
    return [fact, ...lines.map((line) => previewLine(line, "text", 1))];
  } finally {
    await handle.close();
  }
}

function sizeOf(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  const kilobytes = bytes / 1_024;
  return kilobytes < 1_024 ? `${kilobytes.toFixed(1)} kB` : `${(kilobytes / 1_024).toFixed(1)} MB`;
}
