// The pixels of a PNG or JPEG file, and the same picture smaller. For terminals that want pixels and not files.
import type { ImageSize } from "../../lib/image-size.ts";
import type { ImageContent } from "../../protocol/content.ts";
import { pictureSize } from "./picture.ts";

/** Four bytes a pixel: red, green, blue, opacity. */
export type Pixels = ImageSize & { data: Uint8Array };

/** Decoding is work that the screen waits for: larger images are named. In pixels. */
const MOST_PIXELS = { "image/png": 4_500_000, "image/jpeg": 2_500_000 } as const;

/** Null for other formats and for images that are too large; throws whatever the decoder does for a broken file. */
export async function decodePixels(image: ImageContent): Promise<Pixels | null> {
  const size = pictureSize(image);
  const { mimeType } = image;
  if (!size || (mimeType !== "image/png" && mimeType !== "image/jpeg")) return null;
  if (size.width * size.height > MOST_PIXELS[mimeType]) return null;
  const file = Buffer.from(image.data, "base64");
  return mimeType === "image/png" ? decodePng(file) : decodeJpeg(file);
}

async function decodePng(file: Buffer): Promise<Pixels> {
  const { PNG } = (await import("pngjs")).default;
  const { width, height, data } = PNG.sync.read(file);
  return { width, height, data };
}

async function decodeJpeg(file: Buffer): Promise<Pixels> {
  const { decode } = (await import("jpeg-js")).default;
  return decode(file, { useTArray: true, maxMemoryUsageInMB: 128 });
}

/** Each pixel is the mean of those it stands for; never larger than it was. */
export function shrinkPixels(pixels: Pixels, most: ImageSize): Pixels {
  const scale = Math.min(1, most.width / pixels.width, most.height / pixels.height);
  if (scale === 1) return pixels;
  const width = Math.max(1, Math.floor(pixels.width * scale));
  const height = Math.max(1, Math.floor(pixels.height * scale));
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const rows = rangeOf(y, height, pixels.height);
    for (let x = 0; x < width; x++) {
      data.set(meanColor(pixels, rangeOf(x, width, pixels.width), rows), (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

type Range = readonly [start: number, end: number];

function rangeOf(index: number, count: number, total: number): Range {
  const start = Math.floor((index * total) / count);
  return [start, Math.max(start + 1, Math.floor(((index + 1) * total) / count))];
}

/** Colours count by their opacity: what is transparent has none. Written out, as it meets millions of pixels. */
function meanColor({ width, data }: Pixels, [left, right]: Range, [top, bottom]: Range): number[] {
  let red = 0;
  let green = 0;
  let blue = 0;
  let opacity = 0;
  for (let y = top; y < bottom; y++) {
    const end = (y * width + right) * 4;
    for (let at = (y * width + left) * 4; at < end; at += 4) {
      const weight = data[at + 3] ?? 0;
      red += (data[at] ?? 0) * weight;
      green += (data[at + 1] ?? 0) * weight;
      blue += (data[at + 2] ?? 0) * weight;
      opacity += weight;
    }
  }
  const count = (right - left) * (bottom - top);
  const divisor = Math.max(1, opacity);
  return [red / divisor, green / divisor, blue / divisor, opacity / count].map(Math.round);
}
