// Cutting text to what a model may see: by lines and by UTF-8 bytes, always between two characters.

export type TextLimits = { maxBytes: number; maxLines: number };

/** The product's limits for what one tool call shows a model. */
export const OUTPUT_LIMITS: TextLimits = { maxBytes: 50 * 1024, maxLines: 2000 };

/**
 * What is left after a cut. `lines` counts the lines of `text`; `cut`: something is missing; `partial`: the one
 * line that is left is itself not whole.
 */
export type CutText = { text: string; lines: number; cut: boolean; partial: boolean };

/**
 * The first lines that fit. A line that does not fit is left out whole, except the very first, which is cut
 * between characters.
 */
export function keepHead(text: string, limits: TextLimits = OUTPUT_LIMITS): CutText {
  let end = 0;
  let bytes = 0;
  let lines = 0;
  while (end < text.length && lines < limits.maxLines) {
    const lineEnd = lineEndAfter(text, end);
    const size = Buffer.byteLength(text.slice(end, lineEnd));
    if (bytes + size > limits.maxBytes) break;
    bytes += size;
    lines++;
    end = lineEnd;
  }
  if (end === 0 && text !== "") {
    const line = cutBytes(text.slice(0, limits.maxBytes), limits.maxBytes);
    return { text: line, lines: 1, cut: true, partial: true };
  }
  return { text: text.slice(0, end), lines, cut: end < text.length, partial: false };
}

/** The last lines that fit; a last line that is too long by itself loses its beginning. */
export function keepTail(text: string, limits: TextLimits = OUTPUT_LIMITS): CutText {
  let start = text.length;
  let bytes = 0;
  let lines = 0;
  while (start > 0 && lines < limits.maxLines) {
    const lineStart = start < 2 ? 0 : text.lastIndexOf("\n", start - 2) + 1;
    const size = Buffer.byteLength(text.slice(lineStart, start));
    if (bytes + size > limits.maxBytes) break;
    bytes += size;
    lines++;
    start = lineStart;
  }
  if (start === text.length && text !== "") {
    return { text: cutBytesFromStart(text, limits.maxBytes), lines: 1, cut: true, partial: true };
  }
  return { text: text.slice(start), lines, cut: start > 0, partial: false };
}

/** At most `maxBytes` of UTF-8 from the start, never half a character. */
export function cutBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && isContinuation(bytes[end])) end--;
  return bytes.toString("utf8", 0, end);
}

/** At most `maxLength` characters (code units), marked with an ellipsis when cut; for one line of a list. */
export function cutLine(line: string, maxLength: number): string {
  if (line.length <= maxLength) return line;
  const end = isHighSurrogate(line.charCodeAt(maxLength - 1)) ? maxLength - 1 : maxLength;
  return `${line.slice(0, end)}…`;
}

/** The number of lines; a newline at the end closes the last line instead of opening another. */
export function countLines(text: string): number {
  if (text === "") return 0;
  let count = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function cutBytesFromStart(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text.slice(-maxBytes));
  let start = Math.max(0, bytes.length - maxBytes);
  while (start < bytes.length && isContinuation(bytes[start])) start++;
  return bytes.toString("utf8", start);
}

function lineEndAfter(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline === -1 ? text.length : newline + 1;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
