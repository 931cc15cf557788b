// @mentions: files and folders that a prompt names are put after it, so that the model need not read them first.
import { AppError } from "../lib/app-error.ts";
import type { ImageContent } from "../protocol/content.ts";
import { type Mention, type MentionBlock, type MentionFiles, mentionBlock } from "./mention-block.ts";

const MENTION = /(?<=^|[\s([{"'])@(?:"([^"\n]+)"|([^\s"'`<>|]+))/g;
const LINES = /#L?(\d+)(?:-L?(\d+))?$/;
const MOST_FILES = 10;
/** What a person means as a path, and not as somebody's name or a decorator. */
const PATH = /^(?:\.{0,2}|~)\/|\/$|\.[A-Za-z]\w{0,9}$/;

export type ExpandedPrompt = {
  text: string;
  /** The paths that were added. */
  attached: string[];
  images: ImageContent[];
  /** What was meant and could not be added, a sentence each for the person. */
  problems: string[];
};

/**
 * The prompt with the text of each file it names as `@path`, `@path#10-40` or `@"a path"` after it, and the names in
 * each folder. A name that is nothing in the workspace stays what it is: words; it is a problem where it looks like a
 * path. Images come by themselves where the model `seesImages`.
 */
export async function expandMentions(
  prompt: string,
  files: MentionFiles,
  { seesImages = false }: { seesImages?: boolean } = {},
): Promise<ExpandedPrompt> {
  const blocks = new Map<string, MentionBlock>();
  const problems: string[] = [];
  for (const [name, mention] of findMentions(prompt)) {
    const found = await firstBlock(mention, files, seesImages);
    if (typeof found === "string") problems.push(found);
    if (found === null || typeof found === "string") continue;
    if (blocks.size === MOST_FILES) {
      problems.push(`Only the first ${MOST_FILES} files you named were attached.`);
      break;
    }
    blocks.set(name, found);
  }
  const found = [...blocks.values()];
  return {
    text: [prompt, ...found.map(({ text }) => text)].join("\n\n"),
    attached: [...blocks.keys()],
    images: found.flatMap(({ image }) => image ?? []),
    problems: [...found.flatMap(({ problem }) => problem ?? []), ...problems],
  };
}

/** `readings` are tried in order: as it stands, then without punctuation of the sentence around it. */
type Found = { readings: Mention[]; isPath: boolean };

function findMentions(prompt: string): Map<string, Found> {
  const found = new Map<string, Found>();
  if (!prompt.includes("@")) return found;
  for (const [, quoted, plain = ""] of prompt.matchAll(MENTION)) {
    const name = quoted ?? plain;
    const bare = name.replace(/[.,;:!?)\]}]+$/, "");
    const isPath = quoted !== undefined || LINES.test(bare) || PATH.test(bare);
    if (bare !== "") found.set(bare, { readings: [...new Set([name, bare])].map(parseMention), isPath });
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

/** A text says why there is none. */
async function firstBlock(
  { readings, isPath }: Found,
  files: MentionFiles,
  seesImages: boolean,
): Promise<MentionBlock | string | null> {
  let reason = "there is no such file here";
  for (const reading of readings) {
    try {
      const block = await mentionBlock(reading, files, seesImages);
      if (block !== null) return block;
    } catch (error) {
      // Words, like all that cannot be read; the person is told why.
      const isOutside = error instanceof AppError && error.code === "workspace.outside";
      reason = isOutside ? "it is outside the workspace" : "it cannot be read";
    }
  }
  const path = readings.at(-1)?.path ?? "";
  return isPath ? `@${path} was sent as words: ${reason}.` : null;
}
