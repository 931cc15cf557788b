// Rows of code: coloured, tabs expanded, long lines continued on the next row without losing a character.
import type { Span } from "../theme/spans.ts";
import { expandSpanTabs, layoutSpans } from "../theme/spans.ts";
import type { Style, Theme } from "../theme/theme.ts";
import type { ThemeToken } from "../theme/theme-file.ts";
import {
  type HighlightState,
  highlightLine,
  requestLanguage,
  type Segment,
  startHighlight,
} from "./highlight.ts";

/** Columns that a code block is set in from the text around it. */
const INDENT = 2;
const TAB_SIZE = 4;

/** highlight.js' scopes by their first word; what is not listed looks like plain code. */
const SCOPE_TOKENS: Readonly<Record<string, ThemeToken>> = {
  addition: "diffAdd",
  attr: "code.attribute",
  attribute: "code.attribute",
  built_in: "code.type",
  bullet: "code.number",
  char: "code.string",
  code: "code.string",
  comment: "code.comment",
  deletion: "diffRemove",
  doctag: "code.comment",
  emphasis: "emphasis",
  keyword: "code.keyword",
  link: "code.string",
  literal: "code.number",
  meta: "code.meta",
  name: "code.keyword",
  number: "code.number",
  property: "code.variable",
  quote: "code.comment",
  regexp: "code.string",
  section: "heading",
  "selector-class": "code.type",
  "selector-id": "code.type",
  "selector-tag": "code.keyword",
  string: "code.string",
  strong: "strong",
  symbol: "code.number",
  "template-variable": "code.variable",
  title: "code.function",
  type: "code.type",
  variable: "code.variable",
};

/** A block of code in a language (as named behind its fence). */
export function renderCode(lines: readonly string[], language: string, options: CodeOptions): string[] {
  requestLanguage(language);
  let state: HighlightState = startHighlight(language);
  const rows: string[] = [];
  for (const line of lines) {
    const highlighted = highlightLine(state, line);
    state = highlighted.state;
    rows.push(...renderCodeLine(highlighted.segments, options));
  }
  return rows;
}

export type CodeOptions = { width: number; theme: Theme; longCode?: boolean };

/** Columns of a row that is left to the terminal to break; longer lines are broken here in any case. */
const LONGEST_ROW = 4_000;

/** The rows of one line; an empty line is one empty row. */
export function renderCodeLine(
  segments: readonly Segment[],
  { width, theme, longCode }: CodeOptions,
): string[] {
  const indent = width > INDENT * 4 ? INDENT : 0;
  const margin = " ".repeat(indent);
  const spans = trimEnd(expandSpanTabs(codeSpans(segments, theme), TAB_SIZE));
  const room = longCode ? LONGEST_ROW : width - indent;
  return layoutSpans(spans, room, "characters").map((row) => (row === "" ? "" : margin + row));
}

function codeSpans(segments: readonly Segment[], theme: Theme): Span[] {
  return segments.map(({ text, scope }) => ({ text, style: scopeStyle(scope, theme) }));
}

function scopeStyle(scope: string | null, theme: Theme): Style {
  if (scope === "title class_" || scope === "title class_ inherited__") return theme.style["code.type"];
  if (scope === "variable language_") return theme.style["code.keyword"];
  const [word = ""] = (scope ?? "").split(/[ .]/);
  return theme.style[Object.hasOwn(SCOPE_TOKENS, word) ? (SCOPE_TOKENS[word] ?? "text") : "text"];
}

/** Blanks at the end of a line would be copied with it and mean nothing. */
function trimEnd(spans: Span[]): Span[] {
  const last = spans.at(-1);
  if (!last) return spans;
  const text = last.text.trimEnd();
  if (text === last.text) return spans;
  const rest = spans.slice(0, -1);
  return text === "" ? trimEnd(rest) : [...rest, { ...last, text }];
}
