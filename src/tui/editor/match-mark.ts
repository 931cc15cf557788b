// Shows why a line was found: the part of it that was asked for, in the visible part of the row and marked. Pure.
import { graphemes, textWidth, truncateText } from "../../lib/text-width.ts";

/** Columns before the match that stay, where the beginning of the line has to go. */
const LEAD = 12;

/** At most `width` columns of a line, cut at its beginning when the match would not be seen otherwise. */
export function aroundMatch(
  line: string,
  query: string,
  { width, ellipsis }: { width: number; ellipsis: string },
): string {
  const at = indexOfQuery(line, query);
  if (at === -1 || textWidth(line.slice(0, at + query.length)) < width)
    return truncateText(line, width, ellipsis);
  const start = [...graphemes(line)].findLast(({ offset }) => offset <= Math.max(0, at - LEAD))?.offset ?? 0;
  return truncateText(ellipsis + line.slice(start), width, ellipsis);
}

/** The query as it stands there, else its letters one by one in order. */
export function markMatch(line: string, query: string, mark: (text: string) => string): string {
  if (query === "") return line;
  const at = indexOfQuery(line, query);
  if (at !== -1) {
    const end = at + query.length;
    return line.slice(0, at) + mark(line.slice(at, end)) + line.slice(end);
  }
  const letters = [...graphemes(query.toLowerCase())]
    .map(({ text }) => text)
    .filter((text) => text.trim() !== "");
  let next = 0;
  let marked = "";
  for (const { text } of graphemes(line)) {
    const found = next < letters.length && text.toLowerCase() === letters[next];
    if (found) next++;
    marked += found ? mark(text) : text;
  }
  return next === letters.length ? marked : line;
}

/** -1 also where lower case has another length: offsets would not fit then. */
function indexOfQuery(line: string, query: string): number {
  const lower = line.toLowerCase();
  return query === "" || lower.length !== line.length ? -1 : lower.indexOf(query.toLowerCase());
}
