// What a client sends as a prompt, in our words: text with mentions, texts that go with it, images. Pure.
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../lib/app-error.ts";
import { displayPath } from "../lib/paths.ts";
import type { ImageContent } from "../protocol/content.ts";
import type { ContentBlock } from "./wire.ts";

export type PromptContent = {
  text: string;
  /** Embedded texts: put before the model as those of mentioned files are. */
  attached: { name: string; text: string }[];
  images: ImageContent[];
};

/** Throws `acp.prompt` for what cannot be sent to a model, and for nothing at all. */
export function readPrompt(blocks: readonly ContentBlock[], cwd: string): PromptContent {
  const content: PromptContent = { text: "", attached: [], images: [] };
  for (const block of blocks) takeBlock(block, content, cwd);
  if (content.text.trim() === "" && content.images.length === 0) {
    if (content.attached.length === 0) throw new AppError("acp.prompt", "The prompt is empty.");
    content.text = content.attached.map(({ name }) => name).join(" ");
  }
  return content;
}

function takeBlock(block: ContentBlock, content: PromptContent, cwd: string): void {
  switch (block.type) {
    case "text":
      content.text += block.text;
      break;
    case "image":
      content.images.push({ type: "image", mimeType: block.mimeType, data: block.data });
      break;
    case "audio":
      throw new AppError("acp.prompt", "Hearth takes no audio.", { hint: "Send the prompt as text." });
    case "resource_link":
      content.text += linkText(block, cwd);
      break;
    case "resource":
      takeResource(block.resource, content, cwd);
      break;
  }
}

type Resource = Extract<ContentBlock, { type: "resource" }>["resource"];

/** The text comes along, so its place in the prompt has its name alone: no mention that would be read again. */
function takeResource(resource: Resource, content: PromptContent, cwd: string): void {
  const { path, lines } = readUri(resource.uri);
  const name = path === null ? resource.uri : displayPath(cwd, path) + lines;
  content.text += `\`${name}\``;
  if ("text" in resource) {
    content.attached.push({ name, text: resource.text });
  } else if (resource.mimeType?.startsWith("image/")) {
    content.images.push({ type: "image", mimeType: resource.mimeType, data: resource.blob });
  } else {
    content.text += " (not text: it was not attached)";
  }
}

/** A file is a mention, which is read when the prompt is sent; what is elsewhere stays a link. */
function linkText({ uri, name }: Extract<ContentBlock, { type: "resource_link" }>, cwd: string): string {
  const { path, lines } = readUri(uri);
  if (path === null) return name === "" || name === uri ? uri : `[${name}](${uri})`;
  const shown = displayPath(cwd, path) + lines;
  return /[\s"'`<>|]/.test(shown) ? `@"${shown}"` : `@${shown}`;
}

/** `lines` is how a mention says which: `#10-20`, "" for all of it. A `file:` address, or a plain absolute path. */
export function readUri(uri: string): { path: string | null; lines: string } {
  if (isAbsolute(uri)) return { path: uri, lines: "" };
  if (!uri.startsWith("file:") || !URL.canParse(uri)) return { path: null, lines: "" };
  const url = new URL(uri);
  const [, first, last = first] = /^#L?(\d+)(?:[-:]L?(\d+))?$/.exec(url.hash) ?? [];
  try {
    const path = fileURLToPath(url);
    return { path, lines: first === undefined ? "" : `#${first}-${last}` };
  } catch {
    // A file of another host: nothing that could be read here.
    return { path: null, lines: "" };
  }
}

/** For a title: the first words of a prompt, in one line. */
export function titleOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
