// An image as the bytes that make a terminal draw it at the cursor, in a box of so many cells.
import type { ImageSize } from "../../lib/image-size.ts";
import type { ImageContent } from "../../protocol/content.ts";
import type { ImageBox } from "./image-box.ts";
import type { ImageProtocol } from "./image-protocol.ts";
import type { Pixels } from "./pixels.ts";

export type ImagePlace = { protocol: ImageProtocol; box: ImageBox; cell: ImageSize };

/** Null for a format that cannot be shown this way. Base64 of anything else than an image file never gets out. */
export async function encodeImage(image: ImageContent, place: ImagePlace): Promise<string | null> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(image.data)) return null;
  switch (place.protocol) {
    case "kitty":
      return image.mimeType === "image/png" ? kittyFile(image.data, place.box) : kittyPixels(image, place);
    case "iterm2":
      return itermSequence(image.data, place.box);
    case "sixel":
      return sixelSequence(image, place);
  }
}

/** Characters of base64 in one piece, as the protocol allows. */
const PIECE = 4_096;

function kittyFile(data: string, box: ImageBox): string {
  return kittySequence("f=100", data, box);
}

/** Other formats than PNG go as pixels (f=32), compressed (o=z). */
async function kittyPixels(image: ImageContent, { box, cell }: ImagePlace): Promise<string | null> {
  const pixels = await pixelsFor(image, box, cell);
  if (!pixels) return null;
  const { deflateSync } = await import("node:zlib");
  const { width, height, data } = pixels;
  return kittySequence(`f=32,o=z,s=${width},v=${height}`, deflateSync(data).toString("base64"), box);
}

/**
 * The graphics protocol of kitty (sw.kovidgoyal.net/kitty/graphics-protocol), shown at once (a=T) as high as the box (r),
 * as wide as its shape asks; without an answer (q=2) and without moving the cursor (C=1).
 */
function kittySequence(format: string, data: string, { rows }: ImageBox): string {
  let sequence = "";
  for (let at = 0; at < data.length; at += PIECE) {
    const more = at + PIECE < data.length ? 1 : 0;
    const keys = at === 0 ? `a=T,${format},t=d,q=2,C=1,r=${rows},m=${more}` : `q=2,m=${more}`;
    sequence += `\x1b_G${keys};${data.slice(at, at + PIECE)}\x1b\\`;
  }
  return sequence;
}

/** Inline images of iTerm2 (iterm2.com/documentation-images.html): fitted into the box. */
function itermSequence(data: string, { columns, rows }: ImageBox): string {
  const bytes = Math.floor((data.length * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0);
  return `\x1b]1337;File=inline=1;size=${bytes};width=${columns};height=${rows};preserveAspectRatio=1:${data}\x07`;
}

/** DEC's sixels in at most 256 colours; what is transparent stays as the terminal is (1). */
async function sixelSequence(image: ImageContent, { box, cell }: ImagePlace): Promise<string | null> {
  const pixels = await pixelsFor(image, box, cell);
  if (!pixels) return null;
  const { image2sixel } = (await import("sixel")).default;
  // Its line ends mean nothing to a terminal, and a tty would make two characters of each.
  return image2sixel(pixels.data, pixels.width, pixels.height, 256, 1).replaceAll("\n", "");
}

async function pixelsFor(image: ImageContent, box: ImageBox, cell: ImageSize): Promise<Pixels | null> {
  const { decodePixels, shrinkPixels } = await import("./pixels.ts");
  const pixels = await decodePixels(image);
  if (!pixels) return null;
  return shrinkPixels(pixels, { width: box.columns * cell.width, height: box.rows * cell.height });
}
