// What a file is, by its first bytes: images a model can see, and a name for what is no text.

type Signature = { name: string; bytes: readonly number[]; offset?: number };

const ascii = (text: string): number[] => [...Buffer.from(text, "latin1")];

const IMAGES: readonly (Signature & { mimeType: string })[] = [
  { name: "PNG image", mimeType: "image/png", bytes: [0x89, ...ascii("PNG\r\n\x1a\n")] },
  { name: "JPEG image", mimeType: "image/jpeg", bytes: [0xff, 0xd8, 0xff] },
  { name: "GIF image", mimeType: "image/gif", bytes: ascii("GIF8") },
  { name: "WebP image", mimeType: "image/webp", bytes: ascii("WEBP"), offset: 8 },
];

const OTHERS: readonly Signature[] = [
  { name: "PDF document", bytes: ascii("%PDF-") },
  { name: "ZIP archive", bytes: ascii("PK\x03\x04") },
  { name: "gzip archive", bytes: [0x1f, 0x8b] },
  { name: "ELF program", bytes: [0x7f, ...ascii("ELF")] },
  { name: "SQLite database", bytes: ascii("SQLite format 3\0") },
  { name: "WebAssembly module", bytes: [0, ...ascii("asm")] },
];

/** The MIME type of an image format that every vendor accepts, or null. Needs the first 12 bytes. */
export function imageMimeType(bytes: Uint8Array): string | null {
  return IMAGES.find((image) => matches(bytes, image))?.mimeType ?? null;
}

/** A name for a binary file in a sentence: "PDF document", or "binary file" when unknown. */
export function binaryTypeName(bytes: Uint8Array): string {
  return [...IMAGES, ...OTHERS].find((type) => matches(bytes, type))?.name ?? "binary file";
}

function matches(bytes: Uint8Array, { bytes: wanted, offset = 0 }: Signature): boolean {
  return wanted.every((byte, index) => bytes[offset + index] === byte);
}
