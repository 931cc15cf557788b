// An image as the transcript names it: "640x480 png, 34 KB".
import type { Picture } from "../../app/transcript-item.ts";
import { type ImageSize, imageSize } from "../../lib/image-size.ts";
import type { ImageContent, InputContent } from "../../protocol/content.ts";

/** Base64 characters that hold the size in nearly every file; metadata of a photograph may stand before it. */
const HEAD_LENGTH = 256 * 1024;

export function picturesOf(content: readonly InputContent[]): Picture[] {
  return content.flatMap((part) =>
    part.type === "image" ? [{ name: pictureName(part), content: part }] : [],
  );
}

/** In pixels; null where the file does not tell. */
export function pictureSize({ data }: ImageContent): ImageSize | null {
  return imageSize(Buffer.from(data.slice(0, HEAD_LENGTH), "base64"));
}

function pictureName(image: ImageContent): string {
  const size = pictureSize(image);
  const format = image.mimeType.replace(/^image\//, "");
  const pixels = size ? `${size.width}x${size.height} ` : "";
  return `${pixels}${format}, ${formatBytes(Math.floor((image.data.length * 3) / 4))}`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  const kilobytes = bytes / 1_024;
  return kilobytes < 1_024 ? `${Math.round(kilobytes)} KB` : `${(kilobytes / 1_024).toFixed(1)} MB`;
}
