// Texts compared hunk by hunk, and one hunk taken over or taken back. Pure; the comparing is the library's.
import { createHash } from "node:crypto";
import type { StructuredPatchHunk } from "diff";
import type { TextDiff, TryHunk } from "../../protocol/try-change.ts";

/** Comparing stops after this time; what takes longer is settled as a whole. */
const TIME_LIMIT_MS = 500;

/** Larger files are settled as a whole. Bytes. */
export const MAX_TEXT_BYTES = 2 * 1024 * 1024;

/** null for what is no text: a NUL, or bytes that are not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_TEXT_BYTES || bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // Another encoding, or no text: both are taken over byte for byte.
  }
}

/** null when the texts are too different to compare in time. */
export async function diffTexts(before: string, after: string): Promise<TextDiff | null> {
  const hunks = await hunksOf(before, after);
  if (hunks === null) return null;
  const count = (sign: string): number =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.startsWith(sign)).length, 0);
  return { hunks: hunks.map(describe), added: count("+"), removed: count("-") };
}

/** `before` with that one hunk of the way to `after`; null when there is no such hunk any more. */
export function takeHunk(before: string, after: string, wanted: HunkChoice): Promise<string | null> {
  return withHunk(before, { before, after }, wanted);
}

/** `after` without that one hunk of the way from `before`; null when there is no such hunk any more. */
export function dropHunk(before: string, after: string, wanted: HunkChoice): Promise<string | null> {
  return withHunk(after, { before, after }, wanted);
}

/** Without a mark the number alone decides. */
export type HunkChoice = { number: number; mark?: string };

async function withHunk(
  text: string,
  { before, after }: { before: string; after: string },
  { number, mark }: HunkChoice,
): Promise<string | null> {
  const hunk = (await hunksOf(before, after))?.[number - 1];
  if (!hunk || (mark !== undefined && describe(hunk, number - 1).mark !== mark)) return null;
  const { applyPatch, reversePatch } = await import("diff");
  const patch = {
    oldFileName: "a",
    newFileName: "b",
    oldHeader: undefined,
    newHeader: undefined,
    // As far as this text goes, the hunks before it did not happen, or all of them did.
    hunks: [text === before ? { ...hunk, newStart: hunk.oldStart } : { ...hunk, oldStart: hunk.newStart }],
  };
  const done = applyPatch(text, text === before ? patch : reversePatch(patch), {
    fuzzFactor: 0,
    autoConvertLineEndings: false,
  });
  return done === false ? null : done;
}

async function hunksOf(before: string, after: string): Promise<StructuredPatchHunk[] | null> {
  const { structuredPatch } = await import("diff");
  const options = { context: 3, timeout: TIME_LIMIT_MS };
  return structuredPatch("a", "b", before, after, undefined, undefined, options)?.hunks ?? null;
}

function describe(hunk: StructuredPatchHunk, index: number): TryHunk {
  const header = `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`;
  const mark = createHash("sha256").update(hunk.lines.join("\n")).digest("hex").slice(0, 8);
  return { number: index + 1, mark, header, lines: hunk.lines };
}

/** Of no lines the one before them is named, as diff(1) does. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}
