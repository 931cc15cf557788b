// How large an image is, read from the first bytes of its file: PNG, JPEG, GIF and WebP.
import { imageMimeType } from "./file-type.ts";

/** In pixels. */
export type ImageSize = { width: number; height: number };

/** Null for what is none of the four, or cut before its size. */
export function imageSize(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const size = readSize(view, imageMimeType(bytes));
    return size !== null && size.width > 0 && size.height > 0 ? size : null;
  } catch (error) {
    // A read behind the last byte: the file is cut.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readSize(view: DataView, mimeType: string | null): ImageSize | null {
  switch (mimeType) {
    case "image/png":
      return { width: view.getUint32(16), height: view.getUint32(20) };
    case "image/gif":
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    case "image/jpeg":
      return jpegSize(view);
    case "image/webp":
      return webpSize(view);
    default:
      return null;
  }
}

/** ITU T.81: segments with their lengths until a start of frame (SOF0 to SOF15 without DHT, JPG and DAC). */
function jpegSize(view: DataView): ImageSize | null {
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649: a lossy (VP8), lossless (VP8L) or extended (VP8X) file. */
function webpSize(view: DataView): ImageSize | null {
  switch (view.getUint8(15)) {
    case 0x20:
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 0x4c: {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 0x58:
      // Three bytes each.
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      };
    default:
      return null;
  }
}
