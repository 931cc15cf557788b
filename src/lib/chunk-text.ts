// Cuts text into pieces for streaming; never between the two halves of a surrogate pair.

/** Pieces of `size` UTF-16 units (one more where a pair would be cut). Empty text gives none. */
export function* chunkText(text: string, size: number): Generator<string> {
  const step = Math.max(1, Math.floor(size));
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + step, text.length);
    if (isHighSurrogate(text.charCodeAt(end - 1)) && end < text.length) end += 1;
    yield text.slice(start, end);
    start = end;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
