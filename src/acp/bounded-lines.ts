// Bytes of a stream of lines, without the lines that nobody wants to hold in memory: the library would end the
// connection at the first. In the place of each stands one that is no message, which is answered as such.

/** What one message may have: an image of some megabytes in base64, and some more. */
export const MOST_LINE_BYTES = 32 * 1024 * 1024;

const NEWLINE = 10;
const REPLACEMENT = new TextEncoder().encode("oversized\n");

export function boundedLines(mostBytes = MOST_LINE_BYTES): TransformStream<Uint8Array, Uint8Array> {
  let line: Uint8Array[] = [];
  let bytes = 0;
  const take = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes > mostBytes) line = [];
    else line.push(part);
  };
  return new TransformStream({
    transform: (chunk, out) => {
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
        take(chunk.subarray(start, at + 1));
        if (bytes > mostBytes) out.enqueue(REPLACEMENT);
        else for (const part of line) out.enqueue(part);
        line = [];
        bytes = 0;
        start = at + 1;
      }
      if (start < chunk.length) take(chunk.subarray(start));
    },
    flush: (out) => {
      for (const part of line) out.enqueue(part);
    },
  });
}
