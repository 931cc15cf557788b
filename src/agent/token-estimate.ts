// How many tokens a text or message takes, before any service has counted it. Errs a little on the high side.
import type { Content } from "../protocol/content.ts";
import type { Message } from "../protocol/message.ts";
import type { ToolSchema } from "../protocol/stream.ts";

/** Bytes of UTF-8 in a token: about 4 in English and code, and 3-byte characters (CJK) are about one each. */
const BYTES_PER_TOKEN = 4;
/** Anthropic counts width * height / 750, at most about 1,600 a picture; OpenAI and Google stay below that. */
const IMAGE_TOKENS = 1_600;
/** Role and framing of one message. */
const MESSAGE_TOKENS = 4;

export function estimateTokens(message: Message): number {
  let tokens = MESSAGE_TOKENS;
  for (const part of message.content) tokens += partTokens(part);
  return tokens;
}

/** Tokens of what stands before the talk in each request. */
export function overheadTokens(system: string, tools: readonly ToolSchema[]): number {
  return tools.reduce(
    (total, { name, description, parameters }) =>
      total + textTokens(JSON.stringify({ name, description, parameters })),
    textTokens(system),
  );
}

function partTokens(part: Content): number {
  switch (part.type) {
    case "text":
    case "thinking":
      return textTokens(part.text);
    case "image":
      return IMAGE_TOKENS;
    case "tool_call":
      return textTokens(part.name) + textTokens(JSON.stringify(part.arguments));
  }
}

function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
