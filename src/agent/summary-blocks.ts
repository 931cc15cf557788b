// Lists that a summary carries in tags of their own, so that the next summary finds them again.
import type { Content } from "../protocol/content.ts";
import type { Message } from "../protocol/message.ts";

/** None for an empty list. */
export function taggedBlock(tag: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`<${tag}>\n${lines.join("\n")}\n</${tag}>`];
}

/** The lines of the last such block in the text. */
export function listedLines(tag: string, text: string): string[] {
  const start = text.lastIndexOf(`<${tag}>\n`);
  const end = text.indexOf(`\n</${tag}>`, start);
  return start < 0 || end < 0 ? [] : text.slice(start + tag.length + 3, end).split("\n");
}

/** A message's text parts in one. */
export function textOf(message: Message): string {
  const parts: readonly Content[] = message.content;
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
