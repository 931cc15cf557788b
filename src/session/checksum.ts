// The last line of an exported session: a checksum of everything before it, which an import looks at.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import * as z from "zod/mini";
import { linesFromStart } from "../lib/line-blocks.ts";
import { unreadable } from "./session-notice.ts";

/**
 * An entry of a type of its own, so that the file can be opened as it is. `bytes` counts what stands before its line,
 * `sha256` is the hash of those.
 */
const ChecksumEntry = z.object({
  type: z.literal("checksum"),
  id: z.string(),
  parentId: z.nullable(z.string()),
  time: z.string(),
  sha256: z.string(),
  bytes: z.number(),
});

export const CHECKSUM = "checksum";

/** What a file's own checksum says of it. `changed`: the file is not what was exported. */
export type Verification = "whole" | "changed" | "none";

const LONGEST_LINE = 1024;

/** The line, with its line feed, for a file whose other lines went into `hash`. */
export function checksumLine(of: {
  sha256: string;
  bytes: number;
  parentId: string | null;
  time: string;
}): string {
  const { sha256, bytes, parentId, time } = of;
  const id = `sum-${sha256.slice(0, 13)}`;
  return `${JSON.stringify({ type: CHECKSUM, id, parentId, time, sha256, bytes })}\n`;
}

/** Hashes the file up to its checksum. What was added behind it later is not looked at. Throws `session.read`. */
export async function verifyChecksum(path: string): Promise<Verification> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const hash = createHash("sha256");
  try {
    const { size } = await handle.stat();
    for await (const lines of linesFromStart(handle, size)) {
      for (const { bytes, offset } of lines) {
        const found = parseChecksum(bytes);
        if (found) return found.bytes === offset && hash.digest("hex") === found.sha256 ? "whole" : "changed";
        hash.update(bytes).update("\n");
      }
    }
  } finally {
    await handle.close();
  }
  return "none";
}

function parseChecksum(line: Buffer): z.infer<typeof ChecksumEntry> | null {
  if (line.length > LONGEST_LINE || !line.toString("utf8").startsWith(`{"type":"${CHECKSUM}"`)) return null;
  try {
    const result = ChecksumEntry.safeParse(JSON.parse(line.toString("utf8")));
    return result.success ? result.data : null;
  } catch {
    return null; // A line like any other, then.
  }
}
