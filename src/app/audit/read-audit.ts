// Reads the audit log: its lines as records, oldest first. Changes nothing.
import { open } from "node:fs/promises";
import { isErrorCode } from "../../lib/error-code.ts";
import { linesFromEnd, linesFromStart } from "../../lib/line-blocks.ts";

/** One line: of a route (`kind: "route"`) or of a call. `time` is ISO 8601. */
export type AuditLine = Readonly<Record<string, unknown>>;

/** `bad`: lines that are no JSON object, a torn last one included. */
export type AuditLines = { lines: AuditLine[]; bad: number };

/** Lines for which `keeps` is true. A missing file has none. */
export async function readAudit(file: string, keeps: (line: AuditLine) => boolean): Promise<AuditLines> {
  return withFile(file, async (handle, size) => {
    const read: AuditLines = { lines: [], bad: 0 };
    for await (const batch of linesFromStart(handle, size)) {
      for (const { bytes } of batch) take(read, bytes, keeps);
    }
    return read;
  });
}

/** The newest so many, read from the end. */
export async function newestAudit(file: string, limit: number): Promise<AuditLines> {
  return withFile(file, async (handle, size) => {
    const read: AuditLines = { lines: [], bad: 0 };
    for await (const batch of linesFromEnd(handle, size)) {
      for (const { bytes } of batch) {
        if (read.lines.length < limit) take(read, bytes, () => true);
      }
      if (read.lines.length >= limit) break;
    }
    return { ...read, lines: read.lines.reverse() };
  });
}

type Handle = Awaited<ReturnType<typeof open>>;

async function withFile(
  file: string,
  read: (handle: Handle, size: number) => Promise<AuditLines>,
): Promise<AuditLines> {
  let handle: Handle;
  try {
    handle = await open(file, "r");
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return { lines: [], bad: 0 };
    throw error;
  }
  try {
    return await read(handle, (await handle.stat()).size);
  } finally {
    await handle.close();
  }
}

function take(read: AuditLines, bytes: Buffer, keeps: (line: AuditLine) => boolean): void {
  if (bytes.length === 0) return;
  const line = parseLine(bytes.toString());
  if (line === null) read.bad += 1;
  else if (keeps(line)) read.lines.push(line);
}

function parseLine(text: string): AuditLine | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value)) : null;
  } catch {
    return null; // Counted by the caller.
  }
}
