// Block tokens as rows. One pass for a whole text and for the pieces of a stream: what a piece must know of the
// one before it is in Flow.
import type { MarkedToken, Token, Tokens } from "marked";
import { textWidth } from "../../lib/text-width.ts";
import { wrapText } from "../../lib/wrap.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import { layoutSpans, type Span } from "../theme/spans.ts";
import { bothStyles, plainStyle, type Style, type Theme } from "../theme/theme.ts";
import { renderCode } from "./code.ts";
import { readFence } from "./fence.ts";
import { DEEPEST, inlineSpans } from "./inline.ts";
import { renderTable } from "./table.ts";
import { knownTokens } from "./tokens.ts";

/**
 * `width` in columns; `links`: the terminal understands OSC 8. `longCode`: a line of code is one row however long it is,
 * for rows that the terminal itself may break: it joins them again when they are copied.
 */
export type MarkdownView = {
  width: number;
  theme: Theme;
  glyphs: Glyphs;
  links: boolean;
  longCode?: boolean;
};

/**
 * What stands before the next block. `blank`: the source had an empty line there. `ordinal`: the next block goes on
 * with a list whose next number that is.
 */
export type Flow = {
  previous: MarkedToken["type"] | null;
  blank: boolean;
  ordinal: number | null;
};

export function startFlow(): Flow {
  return { previous: null, blank: false, ordinal: null };
}

/** Renders the tokens and moves `flow` behind them. */
export function renderBlocks(tokens: readonly MarkedToken[], view: MarkdownView, flow: Flow): string[] {
  return renderTokens(tokens, { ...view, style: view.theme.style.text, depth: 0 }, flow);
}

/** True when an empty row belongs between the block before and one of this type. */
export function needsGap(flow: Flow, type: MarkedToken["type"]): boolean {
  if (flow.previous === null) return false;
  if (flow.blank) return true;
  if (flow.ordinal !== null) return false;
  return type === "heading" || STANDS_APART.has(type) || STANDS_APART.has(flow.previous);
}

/** The spans of a paragraph, as a stream needs them to show its first rows before its end is known. */
export function paragraphSpans(token: Tokens.Paragraph, view: MarkdownView): Span[] {
  return inlineSpans(token.tokens, { ...view, style: view.theme.style.text, depth: 0 });
}

/** Blocks that keep a row's distance even where the source has none. */
const STANDS_APART: ReadonlySet<string> = new Set(["code", "table", "hr", "blockquote"]);
/** Narrower than this, quotes and lists are no longer set in. */
const NARROWEST = 10;

/** `depth` counts the quotes and lists around a block. */
type BlockView = MarkdownView & { style: Style; depth: number };

function renderTokens(tokens: readonly MarkedToken[], view: BlockView, flow: Flow): string[] {
  const rows: string[] = [];
  for (const token of tokens) {
    if (token.type === "space") {
      flow.blank = true;
      continue;
    }
    const gap = view.depth > 0 ? flow.blank && flow.previous !== null : needsGap(flow, token.type);
    const block = renderBlock(token, view, flow);
    if (block.length === 0) continue;
    if (gap) rows.push("");
    rows.push(...block);
    flow.previous = token.type;
    flow.blank = endsBlank(token.raw);
    flow.ordinal = null;
  }
  return rows;
}

/** Some blocks take the empty lines behind them into their source. */
function endsBlank(raw: string): boolean {
  return raw.length - raw.trimEnd().length > 1 && /\n[ \t]*\n\s*$/.test(raw.slice(raw.trimEnd().length));
}

function renderBlock(token: MarkedToken, view: BlockView, flow: Flow): string[] {
  if (view.depth > DEEPEST) return rawRows(token.raw, view);
  switch (token.type) {
    case "heading":
      return headingRows(token, view);
    case "paragraph":
      return inlineRows(token.tokens, view);
    case "text":
      return inlineRows(token.tokens ?? [token], view);
    case "code":
      return codeRows(token, view);
    case "blockquote":
      return quoteRows(token, view);
    case "list":
      return listRows(token, view, flow.ordinal);
    case "table":
      return renderTable(token, view);
    case "hr":
      return [view.theme.style.border(view.glyphs.rule.repeat(Math.max(1, Math.min(24, view.width - 1))))];
    case "html":
    case "def":
      return rawRows(token.raw, view);
    case "checkbox":
    case "space":
      return [];
    default:
      return inlineRows([token], view);
  }
}

function headingRows(token: Tokens.Heading, view: BlockView): string[] {
  const { theme } = view;
  const heading = bothStyles(view.style, theme.style.heading);
  const style = token.depth === 1 ? bothStyles(heading, theme.underline) : heading;
  const mark: Span[] =
    theme.depth === "none" ? [{ text: `${"#".repeat(token.depth)} `, style: plainStyle }] : [];
  return layoutSpans([...mark, ...inlineSpans(token.tokens, { ...view, style })], view.width);
}

function inlineRows(tokens: readonly Token[], view: BlockView): string[] {
  const spans = inlineSpans(tokens, view);
  return spans.some((span) => span.text.trim() !== "") ? layoutSpans(spans, view.width) : [];
}

function codeRows(token: Tokens.Code, view: BlockView): string[] {
  const fenced = token.codeBlockStyle === "indented" ? null : readFence(token.raw);
  if (fenced) return renderCode(fenced.lines, fenced.fence.language, view);
  return renderCode(token.text.trimEnd().split("\n"), "", view);
}

function quoteRows(token: Tokens.Blockquote, view: BlockView): string[] {
  const bar = view.theme.style.border(view.glyphs.quote);
  const style = bothStyles(view.style, view.theme.style.quote);
  const width = innerWidth(view, 2);
  const rows = renderTokens(
    knownTokens(token.tokens),
    { ...view, style, width, depth: view.depth + 1, longCode: false },
    startFlow(),
  );
  if (width === view.width) return rows;
  return rows.map((row) => (row === "" ? bar : `${bar} ${row}`));
}

function listRows(token: Tokens.List, view: BlockView, ordinal: number | null): string[] {
  const rows: string[] = [];
  const start = ordinal ?? (token.start === "" ? 1 : token.start);
  for (const [index, item] of token.items.entries()) {
    const marker = token.ordered ? `${start + index}.` : view.glyphs.bullet;
    rows.push(...itemRows(item, marker, view));
    if (index < token.items.length - 1 && endsBlank(item.raw)) rows.push("");
  }
  return rows;
}

function itemRows(item: Tokens.ListItem, marker: string, view: BlockView): string[] {
  const box = item.checked ? "[x]" : "[ ]";
  // A box says by itself that an item begins; a number is kept.
  const sign = !item.task ? marker : marker === view.glyphs.bullet ? box : `${marker} ${box}`;
  const painted = view.theme.style.accent(sign);
  const indent = textWidth(sign) + 1;
  const width = innerWidth(view, indent);
  const rows = renderTokens(knownTokens(item.tokens), { ...view, width, depth: view.depth + 1 }, startFlow());
  if (rows.length === 0) return [painted];
  if (width === view.width) return [painted, ...rows];
  const margin = " ".repeat(indent);
  return rows.map((row, index) => {
    if (index === 0) return row === "" ? painted : `${painted} ${row}`;
    return row === "" ? "" : margin + row;
  });
}

function rawRows(raw: string, view: BlockView): string[] {
  const style = view.theme.style.dim;
  return wrapText(raw.trimEnd().replaceAll("\t", "    "), view.width).map((row) =>
    row === "" ? "" : style(row),
  );
}

function innerWidth(view: BlockView, prefix: number): number {
  return view.width - prefix < NARROWEST ? view.width : view.width - prefix;
}
