// A person's message as blocks of a prompt. Pure.
import type { UserMessage } from "../../protocol/message.ts";
import type { PromptBlock } from "./connection.ts";

/** Texts first, then the images where the agent takes them. */
export function contentBlocks(content: UserMessage["content"], images: boolean): PromptBlock[] {
  const texts = content.flatMap((part) =>
    part.type === "text" ? [{ type: "text" as const, text: part.text }] : [],
  );
  const shown = images ? imagesOf(content) : [];
  return [...texts, ...shown.map(({ mimeType, data }) => ({ type: "image" as const, mimeType, data }))];
}

export function imagesOf(content: UserMessage["content"]) {
  return content.filter((part) => part.type === "image");
}
