// The tag around the cursor, as in XML and HTML: `<task> ... </task>`. Pure.
import type { EditorState } from "../buffer.ts";
import type { Range } from "../fragment.ts";

type Tag = { name: string; start: number; end: number; closes: boolean };

/** The pair so many levels out from the cursor; null when there is none. */
export function tagged(
  { text, cursor }: EditorState,
  { around, count }: { around: boolean; count: number },
): Range | null {
  const open: Tag[] = [];
  let level = 0;
  for (const tag of tagsIn(text)) {
    if (!tag.closes) {
      open.push(tag);
      continue;
    }
    const index = open.findLastIndex(({ name }) => name === tag.name);
    const opener = open[index];
    if (opener === undefined) continue;
    open.splice(index);
    if (opener.start > cursor || tag.end <= cursor || ++level < count) continue;
    return around ? [opener.start, tag.end] : [opener.end, tag.start];
  }
  return null;
}

/** In order; those that close themselves (`<br/>`) are none. */
function tagsIn(text: string): Tag[] {
  return [...text.matchAll(/<(\/?)([\p{L}_][\p{L}\p{N}_.:-]*)(?:\s[^<>]*)?>/gu)].flatMap((match) => {
    const [whole, slash, name = ""] = match;
    if (whole.endsWith("/>")) return [];
    return [{ name, start: match.index, end: match.index + whole.length, closes: slash === "/" }];
  });
}
