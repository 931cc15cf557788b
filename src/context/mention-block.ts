// What is put after a prompt for one mention: the text of a file or a part of it, the names in a folder, an image.
import { imageMimeType } from "../lib/file-type.ts";
import type { ImageContent } from "../protocol/content.ts";

/** The part of a Workspace that is needed here. */
export interface MentionFiles {
  stat(path: string): Promise<{ kind: string; size: number } | null>;
  /** Bytes [start, end). */
  readRange(path: string, start: number, end: number): Promise<Uint8Array>;
  list(path: string): Promise<readonly { name: string; kind: string }[]>;
}

/** Lines count from 1, both ends included. */
export type Mention = { path: string; lines: { first: number; last: number } | null };

/** `problem` is for the person, in a sentence. */
export type MentionBlock = { text: string; image?: ImageContent; problem?: string };

/** As for the read tool. */
const MOST_LINES = 2000;
const MOST_BYTES = 50 * 1024;
const MOST_NAMES = 300;
/** Further into a file than this no mention looks. */
const READABLE_BYTES = 8 * 1024 * 1024;
/** Vendors refuse bigger images (Anthropic: 5 MB each). */
const MOST_IMAGE_BYTES = 5 * 1024 * 1024;

/** null when nothing is there that could be read. Throws what the files throw, `workspace.outside` for one. */
export async function mentionBlock(
  mention: Mention,
  files: MentionFiles,
  seesImages: boolean,
): Promise<MentionBlock | null> {
  const found = await files.stat(mention.path);
  if (found?.kind === "directory") return folderBlock(mention.path, await files.list(mention.path));
  if (found?.kind !== "file") return null;
  const bytes = await files.readRange(mention.path, 0, Math.min(found.size, READABLE_BYTES));
  const mimeType = imageMimeType(bytes);
  if (mimeType !== null) return imageBlock(mention.path, { bytes, mimeType, size: found.size }, seesImages);
  if (bytes.subarray(0, 8192).includes(0)) {
    return { text: `@${mention.path} is a binary file of ${found.size} bytes.` };
  }
  return { text: textBlock(mention, bytes) };
}

/** A text that came with a prompt, in the form of a mentioned file. */
export function attachedBlock({ name, text }: { name: string; text: string }): string {
  return `Content of ${shownName(name)}:\n${fence(text)}`;
}

/** Where the mentioned files begin behind a prompt. */
const BEGIN =
  /\n\n(?=(?:Content of [^\n]+|Files in [^\n]+):\n`{3,}\n|The image @[^\n]+ is attached\.(?:\n\n|$))/;

/** A prompt as it was sent, in what the person wrote and what their mentions added. */
export function splitMentions(text: string): { prompt: string; mentioned: string } {
  const at = BEGIN.exec(text)?.index ?? text.length;
  return { prompt: text.slice(0, at), mentioned: text.slice(at) };
}

/** What mentions added, by name: "a.ts, lines 2-3 of 40". Images are not among them. */
export function mentionedNames(mentioned: string): string[] {
  const names: string[] = [];
  let at = 0;
  for (;;) {
    BLOCK.lastIndex = at;
    const block = BLOCK.exec(mentioned);
    if (!block) return names;
    const [head, name, ticks] = block;
    at += head.length;
    if (name === undefined || ticks === undefined) continue;
    names.push(name.replace(/ \(cut: .*\)$/, ""));
    // No line of the content has as many ticks.
    const end = mentioned.indexOf(`\n${ticks}`, at - 1);
    at = end < 0 ? mentioned.length : end + 1 + ticks.length;
  }
}

/** One block of text with the fence that opens it, or one sentence. */
const BLOCK = /\n\n(?:(?:Content of|Files in) ([^\n]+):\n(`{3,})\n|[^\n]+(?=\n\n|$))/y;

function imageBlock(
  path: string,
  { bytes, mimeType, size }: { bytes: Uint8Array; mimeType: string; size: number },
  seesImages: boolean,
): MentionBlock {
  const text = `@${path} is an image of ${size} bytes that is not attached.`;
  if (!seesImages) return { text, problem: `${path} was not attached: this model sees no images.` };
  if (size > MOST_IMAGE_BYTES) return { text, problem: `${path} was not attached: images may have 5 MB.` };
  const data = Buffer.from(bytes).toString("base64");
  return { text: `The image @${path} is attached.`, image: { type: "image", mimeType, data } };
}

function folderBlock(path: string, entries: Awaited<ReturnType<MentionFiles["list"]>>): MentionBlock {
  const names = entries
    .map(({ name, kind }) => shownName(kind === "directory" ? `${name}/` : name))
    .toSorted();
  const more = names.length > MOST_NAMES ? `, the first ${MOST_NAMES} of ${names.length}` : "";
  if (names.length === 0) return { text: `The folder @${path} is empty.` };
  return { text: `Files in ${path}${more}:\n${fence(names.slice(0, MOST_NAMES).join("\n"))}` };
}

/** A name is one line, whatever it holds. */
function shownName(name: string): string {
  return /[\p{Cc}\u2028\u2029]/u.test(name) ? JSON.stringify(name) : name;
}

function textBlock(mention: Mention, bytes: Uint8Array): string {
  const all = new TextDecoder().decode(bytes).split(/\r?\n/);
  if (all.at(-1) === "") all.pop();
  const { first, last } = mention.lines ?? { first: 1, last: all.length };
  if (first > all.length) return `@${mention.path} has only ${all.length} lines.`;
  const shown = cut(all.slice(first - 1, last));
  const end = first + shown.length - 1;
  const range = end - first + 1 < all.length ? `, lines ${first}-${end} of ${all.length}` : "";
  const more = end < Math.min(last, all.length) ? " (cut: read the rest with the read tool)" : "";
  return `Content of ${mention.path}${range}${more}:\n${fence(shown.join("\n"))}`;
}

/** As many whole lines as the limits take; of one enormous line its beginning. */
function cut(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(0, MOST_LINES)) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > MOST_BYTES) return shown.length > 0 ? shown : [line.slice(0, MOST_BYTES / 4)];
    shown.push(line);
  }
  return shown;
}

/** Longer than any fence inside, so that a file cannot end its own block. */
function fence(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}\n${text}\n${ticks}`;
}
