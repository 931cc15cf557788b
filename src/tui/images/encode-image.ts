// An image as the bytes that make a terminal draw it at the cursor, in a box of so many cells.
import type { ImageSize } from "../../lib/image-size.ts";
import type { ImageContent } from "../../protocol/content.ts";
import type { ImageBox } from "./image-box.ts";
import type { ImageProtocol } from "./image-protocol.ts";

export type ImagePlace = { protocol: ImageProtocol; box: ImageBox; cell: ImageSize };

/** Null for a format that cannot be shown this way. Base64 of anything else than an image file never gets out. */
export async function encodeImage(image: ImageContent, place: ImagePlace): Promise<string | null> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(image.data)) return null;
  switch (place.protocol) {
    case "kitty":
      return image.mimeType === "image/png" ? kittySequence(image.data, place.box) : null;
    case "iterm2":
      return itermSequence(image.data, place.box);
    case "sixel":
      return null;
  }
}

/** Characters of base64 in one piece, as the protocol allows. */
const PIECE = 4_096;

/**
 * The graphics protocol of kitty (sw.kovidgoyal.net/kitty/graphics-protocol): a PNG (f=100), shown at once (a=T) as
 * high as the box (r), as wide as its shape asks; without an answer (q=2) and without moving the cursor (C=1).
 */
function kittySequence(data: string, { rows }: ImageBox): string {
  let sequence = "";
  for (let at = 0; at < data.length; at += PIECE) {
    const more = at + PIECE < data.length ? 1 : 0;
    const keys = at === 0 ? `a=T,f=100,t=d,q=2,C=1,r=${rows},m=${more}` : `q=2,m=${more}`;
    sequence += `\x1b_G${keys};${data.slice(at, at + PIECE)}\x1b\\`;
  }
  return sequence;
}

/** Inline images of iTerm2 (iterm2.com/documentation-images.html): fitted into the box. */
function itermSequence(data: string, { columns, rows }: ImageBox): string {
  const bytes = Math.floor((data.length * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0);
  return `\x1b]1337;File=inline=1;size=${bytes};width=${columns};height=${rows};preserveAspectRatio=1:${data}\x07`;
}
