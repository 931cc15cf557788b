// Lines of a big file as bytes, from its start or from its end, a block at a time. Decodes and parses nothing.
import type { FileHandle } from "node:fs/promises";

/** `offset` is where the line starts in the file; `bytes` has no line feed; the last line may lack one. */
export type FileLine = { offset: number; bytes: Buffer; terminated: boolean };

const LINE_FEED = 10;
const FIRST_BLOCK = 64 * 1024;
const LARGEST_BLOCK = 4 * 1024 * 1024;

/**
 * The lines of the first `end` bytes, last line first, in batches of one block each. Blocks grow while the
 * caller keeps asking, up to `largestBlock` bytes, so that a short look costs little and a long one few reads.
 */
export async function* linesFromEnd(
  handle: FileHandle,
  end: number,
  largestBlock = LARGEST_BLOCK,
): AsyncGenerator<FileLine[]> {
  let start = end;
  let blockSize = FIRST_BLOCK;
  let tail: Buffer[] = [];
  let terminated = false;
  while (start > 0) {
    const from = Math.max(0, start - blockSize);
    const block = await readBytes(handle, from, start);
    const lines: FileLine[] = [];
    let lineEnd = block.length;
    for (let feed = lastFeed(block, lineEnd); feed >= 0; feed = lastFeed(block, feed)) {
      const bytes = join(block.subarray(feed + 1, lineEnd), tail);
      if (bytes.length > 0 || terminated) lines.push({ offset: from + feed + 1, bytes, terminated });
      tail = [];
      terminated = true;
      lineEnd = feed;
    }
    tail.unshift(block.subarray(0, lineEnd));
    if (from === 0) lines.push({ offset: 0, bytes: join(Buffer.alloc(0), tail), terminated });
    if (lines.length > 0) yield lines;
    start = from;
    blockSize = Math.min(blockSize * 2, largestBlock);
  }
}

/** The lines of the first `end` bytes, first line first, in batches of one block each. */
export async function* linesFromStart(handle: FileHandle, end: number): AsyncGenerator<FileLine[]> {
  let head: Buffer[] = [];
  let offset = 0;
  for (let from = 0; from < end; from += LARGEST_BLOCK) {
    const block = await readBytes(handle, from, Math.min(end, from + LARGEST_BLOCK));
    const lines: FileLine[] = [];
    let lineStart = 0;
    for (let feed = block.indexOf(LINE_FEED); feed >= 0; feed = block.indexOf(LINE_FEED, lineStart)) {
      const piece = block.subarray(lineStart, feed);
      lines.push({
        offset,
        bytes: head.length === 0 ? piece : Buffer.concat([...head, piece]),
        terminated: true,
      });
      head = [];
      lineStart = feed + 1;
      offset = from + lineStart;
    }
    head.push(block.subarray(lineStart));
    if (lines.length > 0) yield lines;
  }
  const rest = Buffer.concat(head);
  if (rest.length > 0) yield [{ offset, bytes: rest, terminated: false }];
}

/** How many line feeds stand before each of the offsets (ascending); the line number is one more. */
export async function countLinesBefore(handle: FileHandle, offsets: readonly number[]): Promise<number[]> {
  const counts: number[] = [];
  let count = 0;
  let position = 0;
  for (const offset of offsets) {
    while (position < offset) {
      const end = Math.min(offset, position + LARGEST_BLOCK);
      const block = await readBytes(handle, position, end);
      for (let feed = block.indexOf(LINE_FEED); feed >= 0; feed = block.indexOf(LINE_FEED, feed + 1)) count++;
      position = end;
    }
    counts.push(count);
  }
  return counts;
}

/** The bytes [start, end) of the file; fewer when it ends earlier. */
export async function readBytes(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(end - start);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function lastFeed(block: Buffer, before: number): number {
  return before === 0 ? -1 : block.lastIndexOf(LINE_FEED, before - 1);
}

function join(first: Buffer, rest: readonly Buffer[]): Buffer {
  return rest.length === 0 ? first : Buffer.concat([first, ...rest]);
}
