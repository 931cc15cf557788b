// What is copied out of the view, and the words about it. Each press of the key for code takes the next block.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { codeBlocks, copyText } from "./copy-text.ts";

/** Each gives one line that says what was copied. */
export interface Copier {
  item(item: TranscriptItem): string;
  code(item: TranscriptItem): string;
  patch(patch: string): string;
}

export function createCopier(write: (text: string) => void): Copier {
  /** The code block that was copied last. */
  let last: { item: TranscriptItem; block: number } | null = null;
  const copy = (text: string, what: string): string => {
    if (text === "") return "There is nothing to copy.";
    write(text);
    const lines = text.replace(/\n$/, "").split("\n").length;
    return `Copied ${what}: ${lines} ${lines === 1 ? "line" : "lines"}.`;
  };
  return {
    item: (item) => copy(copyText(item), "the item"),
    patch: (patch) => copy(patch, "the change"),
    code: (item) => {
      const blocks = codeBlocks(item);
      const block = ((last?.item === item ? last.block : -1) + 1) % Math.max(1, blocks.length);
      const text = blocks[block];
      if (text === undefined) return "There is no code block in it.";
      last = { item, block };
      return copy(text, blocks.length === 1 ? "the code" : `code block ${block + 1} of ${blocks.length}`);
    },
  };
}
