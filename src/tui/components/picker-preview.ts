// What a picker shows of the item under the cursor: lines in words of a theme, laid out when they are drawn. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import { expandSpanTabs, layoutSpans } from "../theme/spans.ts";
import type { ThemeToken } from "../theme/theme-file.ts";
import type { Look } from "./look.ts";

/** `text` as it came, not sanitised; newlines end rows. `sign` is drawn as this terminal can, a blank behind it. */
type PreviewSpan = { text: string; token: ThemeToken } | { sign: keyof Glyphs; token: ThemeToken };

/** `rows`: at most so many rows of it are shown; absent: as many as there is room for. */
export type PreviewLine = { spans: readonly PreviewSpan[]; rows?: number };

/** A line of one style. */
export function previewLine(text: string, token: ThemeToken = "text", rows?: number): PreviewLine {
  return { spans: [{ text, token }], ...(rows === undefined ? {} : { rows }) };
}

/** A prompt as the person wrote it. */
export function previewPrompt(text: string): PreviewLine {
  const spans: PreviewSpan[] = [
    { sign: "prompt", token: "user" },
    { text: text.trim(), token: "text" },
  ];
  return { spans, rows: 2 };
}

/** What came of it, in so many rows at most. */
export function previewAnswer(text: string, rows: number): PreviewLine {
  const spans: PreviewSpan[] = [
    { sign: "ellipsis", token: "dim" },
    { text: text.trim(), token: "dim" },
  ];
  return { spans, rows };
}

/** A dim name and what it is, in so many rows at most. */
export function previewFact(name: string, text: string, rows = 2): PreviewLine {
  return {
    spans: [
      { text: `${name}  `, token: "dim" },
      { text, token: "text" },
    ],
    rows,
  };
}

/** No preview is longer than this; what a file or an answer holds beyond it is not looked at. */
const MOST_CHARACTERS = 4_000;

/** At most `height` rows of `width` columns; the last shows where something was left out. */
export function previewRows(
  lines: readonly PreviewLine[],
  { width, height }: { width: number; height: number },
  look: Look,
): string[] {
  const rows: string[] = [];
  for (const line of lines) {
    if (rows.length > height) break;
    rows.push(...lineRows(line, width, look));
  }
  return cutRows(rows, height, width, look);
}

function lineRows({ spans, rows: most }: PreviewLine, width: number, look: Look): string[] {
  const clean = spans.map((span) => ({
    text: "sign" in span ? `${look.glyphs[span.sign]} ` : sanitizeText(span.text.slice(0, MOST_CHARACTERS)),
    style: look.theme.style[span.token],
  }));
  const rows = layoutSpans(expandSpanTabs(clean, 4), width);
  return most === undefined ? rows : cutRows(rows, most, width, look);
}

function cutRows(rows: string[], most: number, width: number, { theme, glyphs }: Look): string[] {
  if (rows.length <= most) return rows;
  if (most <= 0) return [];
  const room = width - textWidth(glyphs.ellipsis) - 1;
  const mark = theme.style.dim(truncateText(` ${glyphs.ellipsis}`, width));
  return [...rows.slice(0, most - 1), cutPainted(rows[most - 1] ?? "", room) + mark];
}

/** A painted row without what is beyond the columns; its sequences stay, so that all that was begun ends. */
function cutPainted(row: string, width: number): string {
  let room = Math.max(0, width);
  return [...row.matchAll(PIECES)]
    .map(([piece]) => {
      if (piece.startsWith("\x1b")) return piece;
      const kept = truncateText(piece, room, "");
      room -= textWidth(kept);
      return kept;
    })
    .join("");
}

/** Colours, links, and text between them. */
const PIECES = /\x1b\[[\d;:]*m|\x1b\]8;;[^\x1b]*\x1b\\|[^\x1b]+/g;
