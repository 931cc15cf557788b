// Which blocks of a growing text are finished: whatever comes next can no longer change them.
import type { MarkedToken, Tokens } from "marked";
import { type Fence, openFence } from "./fence.ts";

export type Split = {
  /** Blocks to render now; the last may be the first items of a list that goes on. */
  finished: MarkedToken[];
  /** Characters of the text that they take. */
  length: number;
  /** Next number of the list that goes on behind `length`. */
  ordinal: number | null;
  /** The text goes on with this fence: its lines are taken one by one. */
  fence: Fence | null;
};

/** `tokens` are of complete lines only; `ordinal` is the next number of a list that they go on with. */
export function splitFinished(tokens: readonly MarkedToken[], ordinal: number | null): Split {
  const last = tokens.findLastIndex((token) => token.type !== "space");
  const token = tokens[last];
  if (!token) return take(tokens, tokens.length);
  if (isFinished(token, last < tokens.length - 1)) return take(tokens, tokens.length);
  const before = take(tokens, last);
  if (token.type === "list") return takeItems(before, token, last === 0 ? ordinal : null);
  const fence = token.type === "code" ? openFence(token.raw.split("\n", 1)[0] ?? "") : null;
  return { ...before, fence };
}

function take(tokens: readonly MarkedToken[], count: number): Split {
  const finished = tokens.slice(0, count);
  return { finished, length: rawLength(finished), ordinal: null, fence: null };
}

function rawLength(tokens: readonly { raw: string }[]): number {
  return tokens.reduce((sum, token) => sum + token.raw.length, 0);
}

function isFinished(token: MarkedToken, followedByBlank: boolean): boolean {
  switch (token.type) {
    case "heading":
    case "hr":
      return true;
    case "paragraph":
    case "table":
    case "blockquote":
    case "def":
      return followedByBlank;
    default:
      return false;
  }
}

/** All items but the last, unless the last could not begin a list by itself (it is set in too far). */
function takeItems(before: Split, list: Tokens.List, ordinal: number | null): Split {
  const items = list.items.slice(0, -1);
  const last = list.items.at(-1);
  if (!last || items.length === 0 || !/^ {0,3}\S/.test(last.raw)) return before;
  const raw = items.map((item) => item.raw).join("");
  const start = ordinal ?? (list.start === "" ? 1 : list.start);
  return {
    finished: [...before.finished, { ...list, raw, items }],
    length: before.length + raw.length,
    ordinal: start + items.length,
    fence: null,
  };
}
