// How many tokens a text or message takes, before any service has counted it. Errs a little on the high side.
import type { Content, ImageContent } from "../protocol/content.ts";
import type { Message } from "../protocol/message.ts";
import type { ToolSchema } from "../protocol/stream.ts";

/** How a model's service counts, as far as it is known: tokens for each that we estimate, and those of an image. */
export type TokenScale = { factor: number; imageTokens: (image: ImageContent) => number };

/** Bytes of UTF-8 in a token: about 4 in English and code, and 3-byte characters (CJK) are about one each. */
const BYTES_PER_TOKEN = 4;
/** Anthropic counts width * height / 750, at most about 1,600 a picture; OpenAI and Google stay below that. */
const IMAGE_TOKENS = 1_600;
/** Role and framing of one message. */
const MESSAGE_TOKENS = 4;

/** Of a model that nothing is known of. */
export const PLAIN_SCALE: TokenScale = { factor: 1, imageTokens: () => IMAGE_TOKENS };

export function estimateTokens(message: Message, { factor, imageTokens }: TokenScale = PLAIN_SCALE): number {
  let text = MESSAGE_TOKENS;
  let images = 0;
  for (const part of message.content) {
    if (part.type === "image") images += imageTokens(part);
    else text += partTokens(part);
  }
  return Math.ceil(text * factor) + images;
}

/** Tokens of what stands before the talk in each request. */
export function overheadTokens(
  system: string,
  tools: readonly ToolSchema[],
  { factor }: TokenScale = PLAIN_SCALE,
): number {
  const tokens = tools.reduce(
    (total, { name, description, parameters }) =>
      total + textTokens(JSON.stringify({ name, description, parameters })),
    textTokens(system),
  );
  return Math.ceil(tokens * factor);
}

function partTokens(part: Exclude<Content, ImageContent>): number {
  switch (part.type) {
    case "text":
    case "thinking":
      return textTokens(part.text);
    case "tool_call":
      return textTokens(part.name) + textTokens(JSON.stringify(part.arguments));
  }
}

function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
