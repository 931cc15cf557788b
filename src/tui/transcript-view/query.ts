// A search: what a query matches in an item, where that stands in the item's rows, and how it is made to stand out.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { toolSubject } from "../transcript/tool-subject.ts";

/**
 * Blanks match any white space, line breaks too; capitals count only when there are some. `words`: what every text
 * with a match has, also where it is written as JSON.
 */
export type Query = { text: string; pattern: RegExp; words: readonly RegExp[] };

/** Columns are UTF-16 units of the row without its sequences: [start, end). */
export type Hit = { row: number; start: number; end: number };

/** null for a query of nothing. */
export function compileQuery(text: string): Query | null {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return null;
  const flags = /\p{Lu}/u.test(text) ? "u" : "iu";
  const sources = words.map((word) => word.replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&"));
  const plain = sources.filter((_, index) => !/["\\]/.test(words[index] ?? ""));
  return {
    text,
    pattern: new RegExp(sources.join("\\s+"), `g${flags}`),
    words: plain.map((source) => new RegExp(source, flags)),
  };
}

/** Whether all that matches the one matches the other too: more was written behind it. */
export function isNarrower(query: Query, than: Query): boolean {
  return query.text.trimStart().startsWith(than.text.trim());
}

export function matchesItem({ pattern }: Query, item: TranscriptItem): boolean {
  pattern.lastIndex = 0;
  return pattern.test(searchText(item));
}

/** All that is said in an item and can be read in the view, as plain text. */
function searchText(item: TranscriptItem): string {
  return sanitizeText(rawText(item));
}

function rawText(item: TranscriptItem): string {
  switch (item.kind) {
    case "user":
    case "assistant":
    case "thinking":
      return item.text;
    case "tool": {
      const args = Object.values(item.arguments).filter((value) => typeof value === "string");
      const diff = item.details?.diff?.patch ?? "";
      return [item.name, toolSubject(item), ...args, diff, item.output].join("\n");
    }
    case "shell":
      return `${item.command}\n${item.output}`;
    case "plan":
      return item.entries.map((entry) => entry.text).join("\n");
    case "notice":
      return `${item.message}\n${item.hint ?? ""}`;
    case "error":
      return `${item.failure.code}\n${item.failure.message}\n${item.failure.hint ?? ""}`;
    case "runtime":
      return `${item.runtime} ${item.detail}`;
    case "run_end":
      return "";
  }
}

const SEQUENCES = /\x1b\[[\d;:]*m|\x1b\]8;;[^\x07\x1b]*(?:\x07|\x1b\\)/g;

/** A row as it reads. */
export function plainRow(row: string): string {
  return row.replace(SEQUENCES, "");
}

/** Every match in the rows of an item, also where it goes on in the next row: a hit a row, in order. */
export function findHits({ pattern }: Query, rows: readonly string[]): Hit[][] {
  let joined = "";
  const parts: { row: number; at: number; indent: number; length: number }[] = [];
  for (const [row, painted] of rows.entries()) {
    const plain = plainRow(painted);
    const text = plain.trim();
    if (joined !== "") joined += " ";
    parts.push({
      row,
      at: joined.length,
      indent: plain.length - plain.trimStart().length,
      length: text.length,
    });
    joined += text;
  }
  return [...joined.matchAll(pattern)].map((match) => {
    const end = match.index + match[0].length;
    return parts
      .filter(({ at, length }) => at < end && at + length > match.index)
      .map(({ row, at, indent, length }) => ({
        row,
        start: indent + Math.max(0, match.index - at),
        end: indent + Math.min(length, end - at),
      }));
  });
}

/** The row with its hits inverted, whatever it is painted with. */
export function highlightRow(row: string, hits: readonly Pick<Hit, "start" | "end">[]): string {
  if (hits.length === 0) return row;
  let painted = "";
  let column = 0;
  let at = 0;
  const put = (text: string): void => {
    for (const part of cutAt(text, column, hits)) painted += part;
    column += text.length;
  };
  for (const match of row.matchAll(SEQUENCES)) {
    put(row.slice(at, match.index));
    painted += match[0];
    at = match.index + match[0].length;
  }
  put(row.slice(at));
  return painted;
}

const INVERSE = ["\x1b[7m", "\x1b[27m"] as const;

function cutAt(text: string, column: number, hits: readonly Pick<Hit, "start" | "end">[]): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const hit of hits) {
    const start = Math.max(at, hit.start - column);
    const end = Math.min(text.length, hit.end - column);
    if (end <= start) continue;
    parts.push(text.slice(at, start), INVERSE[0] + text.slice(start, end) + INVERSE[1]);
    at = end;
  }
  return [...parts, text.slice(at)];
}
