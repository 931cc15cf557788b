// Looking at a text through tolerant eyes: a normalised view in which every character knows where it came from.

export type Looseness = "line endings" | "trailing blanks" | "typographic characters";
export type Span = { start: number; end: number };

/**
 * `text` is the normalised text. Unit i of it stands for source units [starts[i], ends[i]); a unit that is not
 * the first (last) of its source character has -1 there, so that no match can cut a character in two.
 */
type View = { text: string; starts: number[]; ends: number[] };

const QUOTES_AND_DASHES: Readonly<Record<string, string>> = {
  ...same("'", "\u2018\u2019\u201a\u201b\u2032\u00b4"),
  ...same('"', "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"),
  ...same("-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"),
};

const CLUSTER = /[^\n]\p{M}*/uy;

function same(plain: string, variants: string): Record<string, string> {
  return Object.fromEntries([...variants].map((variant) => [variant, plain]));
}

/** A view of `source` to look for other texts in. */
export function looseView(source: string, looseness: Looseness) {
  const view = normalize(source, looseness, true);
  return {
    /** Where `part` is in the source; with `disjoint` matches do not overlap. */
    find: (part: string, disjoint: boolean): Span[] => {
      const needle = normalize(part, looseness, false).text;
      const found = needle === "" ? [] : search(view, needle, disjoint);
      const trimmed = needle.replace(/[ \t]+$/, "");
      if (found.length > 0 || looseness === "line endings" || trimmed === needle || trimmed === "")
        return found;
      return search(view, trimmed, disjoint).filter(({ end }) => /^[ \t]*(\r?\n|$)/.test(source.slice(end)));
    },
  };
}

/**
 * The least that has to be replaced so that `span` of the source becomes `text`: what is the same at its
 * beginning and end, seen as loosely as it was found, keeps its own characters.
 */
export function minimalChange(source: string, span: Span, text: string, looseness: Looseness) {
  const before = normalize(source.slice(span.start, span.end), looseness, false);
  const after = normalize(text, looseness, false);
  const most = Math.min(before.text.length, after.text.length);
  let head = 0;
  while (head < most && before.text[head] === after.text[head]) head++;
  while (head > 0 && !(isEdge(before, head) && isEdge(after, head))) head--;
  let tail = 0;
  while (tail < most - head && before.text.at(-1 - tail) === after.text.at(-1 - tail)) tail++;
  while (tail > 0 && !(isEdge(before, -tail) && isEdge(after, -tail))) tail--;
  const from = sourceEdges(before, head, tail, span.end - span.start);
  const to = sourceEdges(after, head, tail, text.length);
  return {
    start: span.start + from.start,
    end: span.start + from.end,
    text: text.slice(to.start, to.end),
  };
}

function isEdge(view: View, position: number): boolean {
  const at = position < 0 ? view.text.length + position : position;
  return at === 0 || at === view.text.length || (view.starts[at] !== -1 && view.ends[at - 1] !== -1);
}

/** The source between `head` units at the beginning and `tail` units at the end. */
function sourceEdges(view: View, head: number, tail: number, length: number): Span {
  const start = head === 0 ? 0 : (view.ends[head - 1] ?? 0);
  const end = tail === 0 ? length : (view.starts[view.text.length - tail] ?? length);
  return { start, end: Math.max(start, end) };
}

function search(view: View, needle: string, disjoint: boolean): Span[] {
  const spans: Span[] = [];
  let at = view.text.indexOf(needle);
  while (at !== -1) {
    const start = view.starts[at] ?? -1;
    const end = view.ends[at + needle.length - 1] ?? -1;
    const whole = start !== -1 && end !== -1;
    if (whole) spans.push({ start, end });
    at = view.text.indexOf(needle, at + (whole && disjoint ? needle.length : 1));
  }
  return spans;
}

/** `wholeText`: blanks at the very end are at the end of a line too (a part of a text may go on). */
function normalize(source: string, looseness: Looseness, wholeText: boolean): View {
  const starts: number[] = [];
  const ends: number[] = [];
  const pieces: string[] = [];
  const dropped = droppedUnits(source, looseness, wholeText);
  const typographic = looseness === "typographic characters";
  for (let at = 0, end = 0; at < source.length; at = end) {
    end = typographic ? clusterEnd(source, at) : at + 1;
    if (dropped.has(at)) continue;
    const cluster = source.slice(at, end);
    const plain = typographic ? plainForm(cluster) : cluster;
    pieces.push(plain);
    for (let unit = 0; unit < plain.length; unit++) {
      starts.push(unit === 0 ? at : -1);
      ends.push(unit === plain.length - 1 ? end : -1);
    }
  }
  return { text: pieces.join(""), starts, ends };
}

/** The end of the character at `at` with the combining marks that belong to it. */
function clusterEnd(source: string, at: number): number {
  if (source.charCodeAt(at) < 0x80 && !(source.charCodeAt(at + 1) >= 0x300)) return at + 1;
  CLUSTER.lastIndex = at;
  return CLUSTER.test(source) ? CLUSTER.lastIndex : at + 1;
}

/** Positions that the view leaves out: the CR of CRLF and, from the second tier on, blanks at ends of lines. */
function droppedUnits(source: string, looseness: Looseness, wholeText: boolean): Set<number> {
  const positions = new Set<number>();
  const lineEnd = wholeText ? "(?=\\r?\\n|$)" : "(?=\\r?\\n)";
  const pattern =
    looseness === "line endings" ? /\r(?=\n)/g : new RegExp(`[ \\t]+${lineEnd}|\\r(?=\\n)`, "g");
  for (const { 0: part, index } of source.matchAll(pattern)) {
    for (let at = index; at < index + part.length; at++) positions.add(at);
  }
  return positions;
}

function plainForm(cluster: string): string {
  if (cluster.length === 1 && cluster < "\x80") return cluster;
  const compatible = cluster.normalize("NFKC");
  return Array.from(compatible, (character) => QUOTES_AND_DASHES[character] ?? character).join("");
}
