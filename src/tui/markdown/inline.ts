// Inline markdown as spans: emphasis, code, links. Text between the marks is kept, marks are not.
import type { MarkedToken, Token, Tokens } from "marked";
import { plainText, type Span } from "../theme/spans.ts";
import { bothStyles, type Style, type Theme } from "../theme/theme.ts";
import { decodeEntities } from "./entities.ts";
import { namesAnotherHost, readLinkTarget } from "./link-target.ts";
import { knownTokens } from "./tokens.ts";

/** Deeper nesting of blocks or emphasis means nothing to a reader and would exhaust the stack: it is shown as written. */
export const DEEPEST = 60;

/** `links`: the terminal understands OSC 8, so an address need not be written out. `depth` counts nesting. */
export type InlineOptions = { theme: Theme; links: boolean; style: Style; depth: number };

export function inlineSpans(tokens: readonly Token[], options: InlineOptions): Span[] {
  const { depth, style } = options;
  if (depth > DEEPEST) return tokens.map(({ raw }) => ({ text: cleanText(raw), style }));
  return knownTokens(tokens).flatMap((token) => tokenSpans(token, { ...options, depth: depth + 1 }));
}

function tokenSpans(token: MarkedToken, options: InlineOptions): Span[] {
  const { theme, style } = options;
  switch (token.type) {
    case "strong":
      return inlineSpans(token.tokens, { ...options, style: bothStyles(style, theme.style.strong) });
    case "em":
      return inlineSpans(token.tokens, { ...options, style: bothStyles(style, theme.style.emphasis) });
    case "del":
      return inlineSpans(token.tokens, { ...options, style: bothStyles(style, theme.strikethrough) });
    case "codespan":
      return [codespan(token.text, options)];
    case "link":
      return linkSpans(token, options);
    case "image":
      return imageSpans(token, options);
    case "br":
      return [{ text: "\n", style }];
    case "html":
      return [htmlSpan(token.text, theme)];
    case "checkbox":
      return [];
    case "text":
      if (token.tokens) return inlineSpans(token.tokens, options);
      return [{ text: cleanText(decodeEntities(token.text)), style }];
    case "escape":
      return [{ text: token.text, style }];
    default:
      // Block tokens do not occur inside a line; should one, its source is shown.
      return [{ text: cleanText(token.raw), style }];
  }
}

/** Without colours the back quotes stay, or nothing would mark the code. */
function codespan(text: string, { theme, style }: InlineOptions): Span {
  const colored = theme.depth !== "none" && theme.depth !== "mono";
  return { text: cleanText(colored ? text : `\`${text}\``), style: bothStyles(style, theme.style.code) };
}

function linkSpans(token: Tokens.Link, options: InlineOptions): Span[] {
  const { theme } = options;
  const style = bothStyles(options.style, theme.style.link);
  const label = inlineSpans(token.tokens, { ...options, style });
  const target = readLinkTarget(token.href);
  const text = plainText(label);
  const written = text === token.href || `mailto:${text}` === token.href || `http://${text}` === token.href;
  const { href } = target;
  const linked = options.links && href !== null ? label.map((span) => ({ ...span, href })) : label;
  const hidden = !written && token.href !== "" && (!options.links || href === null);
  if (!hidden && !target.deceptive && !namesAnotherHost(text, target)) return linked;
  return [...linked, { text: ` (${target.ascii})`, style: theme.style.dim }];
}

function imageSpans(token: Tokens.Image, options: InlineOptions): Span[] {
  const { theme, style } = options;
  const alt = inlineSpans(token.tokens, options);
  return [
    { text: alt.length > 0 ? "[image: " : "[image", style },
    ...alt,
    { text: "]", style },
    { text: ` (${readLinkTarget(token.href).ascii})`, style: theme.style.dim },
  ];
}

function htmlSpan(text: string, theme: Theme): Span {
  if (/^<br\s*\/?>$/i.test(text)) return { text: "\n", style: theme.style.text };
  return { text: cleanText(text), style: theme.style.dim };
}

function cleanText(text: string): string {
  return text.replaceAll("\t", "    ");
}
