// Tokens of an image, by the formula of each vendor.
import { imageSize } from "../lib/image-size.ts";
import type { ImageContent } from "../protocol/content.ts";
import type { Model } from "../protocol/model.ts";

type Size = { width: number; height: number };

/** Where the size cannot be read: about the most that any of them counts. */
const UNKNOWN_SIZE = 1_600;
const sizes = new WeakMap<ImageContent, Size | null>();

export function imageTokens(image: ImageContent, { api, id }: Pick<Model, "api" | "id">): number {
  const size = sizeOf(image);
  if (size === null) return UNKNOWN_SIZE;
  switch (api) {
    case "anthropic-messages":
      return anthropicTokens(size);
    case "openai-responses":
    case "openai-chat":
      return openaiTokens(size);
    case "google-generative":
      return googleTokens(size, id);
  }
}

/** width * height / 750 after scaling to 1,568 pixels a side (https://platform.claude.com/docs/en/build-with-claude/vision). */
function anthropicTokens(size: Size): number {
  const { width, height } = fitted(size, 1_568);
  return Math.min(UNKNOWN_SIZE, Math.ceil((width * height) / 750));
}

/**
 * High detail: fitted into 2,048 pixels, the shorter side to 768, then 170 for each tile of 512 and 85 more
 * (https://platform.openai.com/docs/guides/images-vision). Smaller models count patches, which is less.
 */
function openaiTokens(size: Size): number {
  const large = fitted(size, 2_048);
  const scale = Math.min(1, 768 / Math.min(large.width, large.height));
  const tiles = Math.ceil((large.width * scale) / 512) * Math.ceil((large.height * scale) / 512);
  return 85 + 170 * tiles;
}

/** Gemini 3 takes 1,120 for each; before it 258 a tile of 768, small images one (https://ai.google.dev/gemini-api/docs/tokens). */
function googleTokens({ width, height }: Size, id: string): number {
  const [, generation = "3"] = /gemini-(\d+)/.exec(id) ?? [];
  if (Number(generation) >= 3) return 1_120;
  if (width <= 384 && height <= 384) return 258;
  return 258 * Math.ceil(width / 768) * Math.ceil(height / 768);
}

function fitted({ width, height }: Size, most: number): Size {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: width * scale, height: height * scale };
}

/** Read once an image: the same one goes into every request. */
function sizeOf(image: ImageContent): Size | null {
  const known = sizes.get(image);
  if (known !== undefined) return known;
  const size = imageSize(Buffer.from(image.data, "base64"));
  sizes.set(image, size);
  return size;
}
