// Bytes of a text file to a string and back, so that an edit changes nothing but what was edited.

type TextEncodingName = "utf8" | "utf16le" | "utf16be" | "utf32le" | "utf32be";

/** A byte order mark at the start of a file (Unicode standard, section 23.8). */
export type Bom = { encoding: TextEncodingName; bomLength: number };

/** `bomLength` bytes of mark come before the text. `lossy`: some bytes were no valid text and are lost. */
export type DecodedText = { text: string; encoding: TextEncodingName; bomLength: number; lossy: boolean };

/** The mark `bytes` begins with, or null. UTF-32 little endian is looked for before UTF-16, which it contains. */
export function detectBom(bytes: Uint8Array): Bom | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return { encoding: "utf32le", bomLength: 4 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: "utf32be", bomLength: 4 };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: "utf8", bomLength: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: "utf16le", bomLength: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf16be", bomLength: 2 };
  return null;
}

/**
 * Text without its mark, or null when the bytes are no text: UTF-32, or a NUL byte in the first 8,000 bytes
 * (git's rule) of what carries no UTF-16 mark.
 */
export function decodeText(bytes: Uint8Array): DecodedText | null {
  const { encoding, bomLength } = detectBom(bytes) ?? { encoding: "utf8", bomLength: 0 };
  switch (encoding) {
    case "utf32le":
    case "utf32be":
      return null;
    case "utf16le":
    case "utf16be": {
      const text = new TextDecoder(encoding === "utf16le" ? "utf-16le" : "utf-16be", { ignoreBOM: true });
      return { text: text.decode(bytes.subarray(bomLength)), encoding, bomLength, lossy: false };
    }
    case "utf8": {
      if (bytes.subarray(0, 8000).includes(0)) return null;
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(bomLength));
      return { text, encoding, bomLength, lossy: text.includes("\ufffd") && !isValidUtf8(bytes) };
    }
  }
}

/** The inverse of decodeText for what it could decode; the same mark goes in front again. */
export function encodeText(text: string, like: Pick<DecodedText, "encoding" | "bomLength">): Uint8Array {
  const marked = like.bomLength > 0 ? `\ufeff${text}` : text;
  if (like.encoding === "utf16le") return Buffer.from(marked, "utf16le");
  if (like.encoding === "utf16be") return Buffer.from(marked, "utf16le").swap16();
  return Buffer.from(marked, "utf8");
}

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
