// The lexer: text to tokens. Loaded on first use; until then, and for texts it cannot take, there are no tokens.
import type { Lexer, Links, MarkedToken, Token } from "marked";

let lexerType: typeof Lexer | null = null;

export async function loadLexer(): Promise<void> {
  lexerType ??= (await import("marked")).Lexer;
}

export function lexerLoaded(): boolean {
  return lexerType !== null;
}

/** Block tokens with their inline tokens; `links` are definitions that stood earlier. Null when not possible. */
export function lexMarkdown(text: string, links: Links = {}): MarkedToken[] | null {
  if (!lexerType) return null;
  try {
    const lexer = new lexerType();
    Object.assign(lexer.tokens.links, links);
    return knownTokens(lexer.lex(text));
  } catch {
    // Thousands of nested quotes or lists exhaust the stack: such a text is shown as it was written.
    return null;
  }
}

const TYPES: ReadonlySet<string> = new Set<MarkedToken["type"]>([
  "blockquote",
  "br",
  "checkbox",
  "code",
  "codespan",
  "def",
  "del",
  "em",
  "escape",
  "heading",
  "hr",
  "html",
  "image",
  "link",
  "list",
  "list_item",
  "paragraph",
  "space",
  "strong",
  "table",
  "text",
]);

/** The tokens by their exact types; extensions, which could add others, are not in use. */
export function knownTokens(tokens: readonly Token[]): MarkedToken[] {
  return tokens.filter(isKnown);
}

function isKnown(token: Token): token is MarkedToken {
  return TYPES.has(token.type);
}
