// What is sent: the text with its pastes in full, and the images that it names, read now.
import { readFile } from "node:fs/promises";
import { AppError } from "../../lib/app-error.ts";
import { imageMimeType } from "../../lib/file-type.ts";
import type { ImageContent } from "../../protocol/content.ts";
import { expandFragment, type Fragment, imagePathsIn } from "./fragment.ts";

/** Throws AppError `image.read` or `image.type`, with the path, for an image that cannot be sent. */
export async function readSubmission(content: Fragment): Promise<{ text: string; images: ImageContent[] }> {
  const images = await Promise.all([...new Set(imagePathsIn(content))].map(readImage));
  return { text: expandFragment(content), images };
}

async function readImage(path: string): Promise<ImageContent> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError("image.read", `${path} cannot be read.`, {
      hint: "Delete its label to send without it.",
      cause,
    });
  });
  const mimeType = imageMimeType(bytes);
  if (mimeType === null) {
    throw new AppError("image.type", `${path} is no PNG, JPEG, GIF or WebP image.`, {
      hint: "Delete its label to send without it.",
    });
  }
  return { type: "image", mimeType, data: bytes.toString("base64") };
}
