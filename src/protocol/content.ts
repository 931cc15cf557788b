// Content: the parts a message is made of. The same four kinds for every model and every runtime.
import * as z from "zod/mini";

/**
 * Plain text. `signature` is an opaque token of the wire API that made it (for example the item id of
 * OpenAI's Responses API); it is only ever sent back to the same wire API and model.
 */
const TextContent = z.object({
  type: z.literal("text"),
  text: z.string(),
  signature: z.optional(z.string()),
});

/**
 * What a model thought. `signature` as for text: opaque, replayed to the same model, dropped for others.
 * `redacted` marks thinking whose text the vendor withholds: `text` is then empty and `signature` holds it.
 */
const ThinkingContent = z.object({
  type: z.literal("thinking"),
  text: z.string(),
  signature: z.optional(z.string()),
  redacted: z.optional(z.boolean()),
});

/** An image: `data` is base64 without a data-URL prefix; `mimeType` such as image/png. */
export const ImageContent = z.object({
  type: z.literal("image"),
  mimeType: z.string(),
  data: z.string(),
});
export type ImageContent = z.infer<typeof ImageContent>;

/**
 * A tool call of a model. `arguments` is the parsed JSON object; when the model's JSON could not be read,
 * `arguments` is empty and `invalidArguments` holds the raw text, so that the call fails with a clear result.
 * `signature` is Google's thought signature for the call, replayed to the same model only.
 */
export const ToolCallContent = z.object({
  type: z.literal("tool_call"),
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  invalidArguments: z.optional(z.string()),
  signature: z.optional(z.string()),
});
export type ToolCallContent = z.infer<typeof ToolCallContent>;

export const Content = z.discriminatedUnion("type", [
  TextContent,
  ThinkingContent,
  ImageContent,
  ToolCallContent,
]);
export type Content = z.infer<typeof Content>;

/** What a person may send and what a tool may answer. */
export const InputContent = z.discriminatedUnion("type", [TextContent, ImageContent]);
export type InputContent = z.infer<typeof InputContent>;

/** What a model may answer. */
export const OutputContent = z.discriminatedUnion("type", [TextContent, ThinkingContent, ToolCallContent]);
export type OutputContent = z.infer<typeof OutputContent>;
