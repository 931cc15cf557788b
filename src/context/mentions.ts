// @mentions: files that a prompt names are put after it, so that the model need not read them first.
import { imageMimeType } from "../lib/file-type.ts";
import type { ImageContent } from "../protocol/content.ts";

/** The part of a Workspace that is needed here. */
export interface MentionFiles {
  stat(path: string): Promise<{ kind: string; size: number } | null>;
  /** Bytes [start, end). */
  readRange(path: string, start: number, end: number): Promise<Uint8Array>;
}

/** Lines count from 1, both ends included. */
type Mention = { path: string; lines: { first: number; last: number } | null };

const MENTION = /(?<=^|[\s([{"'])@(?:"([^"\n]+)"|([^\s"'`<>|]+))/g;
const LINES = /#L?(\d+)(?:-L?(\d+))?$/;
/** As for the read tool. */
const MOST_LINES = 2000;
const MOST_BYTES = 50 * 1024;
const MOST_FILES = 10;
/** Further into a file than this no mention looks. */
const READABLE_BYTES = 8 * 1024 * 1024;

/**
 * The prompt with the text of each file it names as `@path`, `@path#10-40` or `@"a path"` after it. A name that
 * is no readable file of the workspace stays what it is: words. `attached` are the paths that were added. Images come
 * by themselves where the model `seesImages`.
 */
export async function expandMentions(
  prompt: string,
  files: MentionFiles,
  { seesImages = false }: { seesImages?: boolean } = {},
): Promise<{ text: string; attached: string[]; images: ImageContent[] }> {
  const blocks = new Map<string, Block>();
  for (const [name, candidates] of findMentions(prompt)) {
    if (blocks.size >= MOST_FILES) break;
    const block = await firstBlock(candidates, files, seesImages);
    if (block !== null) blocks.set(name, block);
  }
  const found = [...blocks.values()];
  return {
    text: [prompt, ...found.map(({ text }) => text)].join("\n\n"),
    attached: [...blocks.keys()],
    images: found.flatMap(({ image }) => image ?? []),
  };
}

/** What is put after the prompt for one file. */
type Block = { text: string; image?: ImageContent };

/** By what was written, the readings to try: as it stands, then without punctuation of the sentence around it. */
function findMentions(prompt: string): Map<string, Mention[]> {
  const found = new Map<string, Mention[]>();
  if (!prompt.includes("@")) return found;
  for (const [, quoted, plain = ""] of prompt.matchAll(MENTION)) {
    const name = quoted ?? plain;
    const bare = name.replace(/[.,;:!?)\]}]+$/, "");
    if (bare !== "") found.set(bare, [...new Set([name, bare])].map(parseMention));
  }
  return found;
}

function parseMention(name: string): Mention {
  const match = LINES.exec(name);
  if (!match) return { path: name, lines: null };
  const first = Math.max(1, Number(match[1]));
  const last = Math.max(first, Number(match[2] ?? first));
  return { path: name.slice(0, match.index), lines: { first, last } };
}

async function firstBlock(
  mentions: readonly Mention[],
  files: MentionFiles,
  seesImages: boolean,
): Promise<Block | null> {
  for (const mention of mentions) {
    const block = await readBlock(mention, files, seesImages).catch(() => null); // Outside the workspace, or unreadable: words.
    if (block !== null) return block;
  }
  return null;
}

async function readBlock(mention: Mention, files: MentionFiles, seesImages: boolean): Promise<Block | null> {
  const found = await files.stat(mention.path);
  if (found?.kind !== "file") return null;
  const bytes = await files.readRange(mention.path, 0, Math.min(found.size, READABLE_BYTES));
  const mimeType = seesImages && bytes.length === found.size ? imageMimeType(bytes) : null;
  if (mimeType !== null) {
    const image = { type: "image", mimeType, data: Buffer.from(bytes).toString("base64") } as const;
    return { text: `The image @${mention.path} is attached.`, image };
  }
  if (bytes.subarray(0, 8192).includes(0)) {
    return { text: `@${mention.path} is a binary file of ${found.size} bytes.` };
  }
  return { text: textBlock(mention, bytes) };
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
