// Markdown to finished rows. Never throws and never loses text; before the lexer is loaded the text is shown plain.
import { sanitizeText } from "../../lib/ansi.ts";
import { wrapText } from "../../lib/wrap.ts";
import { type MarkdownView, renderBlocks, startFlow } from "./blocks.ts";
import { languagesReady, requestLanguage } from "./highlight.ts";
import { lexMarkdown, loadLexer } from "./tokens.ts";

/** Loads the lexer, and the colours of every language that the text's fences name. */
export async function loadMarkdown(text = ""): Promise<void> {
  requestFenceLanguages(text);
  await Promise.all([loadLexer(), languagesReady()]);
}

/** Rows of at most `view.width` columns. Untrusted text is sanitised here. */
export function renderMarkdown(text: string, view: MarkdownView): string[] {
  const clean = sanitizeText(text);
  const tokens = lexMarkdown(clean);
  return tokens ? renderBlocks(tokens, view, startFlow()) : renderPlain(clean, view);
}

/** Sanitised text as it stands. */
export function renderPlain(text: string, view: MarkdownView): string[] {
  const style = view.theme.style.text;
  const trimmed = text.replaceAll("\t", "    ").trimEnd();
  return trimmed === "" ? [] : wrapText(trimmed, view.width).map((row) => (row === "" ? "" : style(row)));
}

/** Fences may stand in lists and quotes: any line that looks like one will do. */
export function requestFenceLanguages(text: string): void {
  for (const match of text.matchAll(/^[ \t>*+\d.)-]{0,40}(?:`{3,}|~{3,})[ \t]*([\w+#-]+)/gm)) {
    requestLanguage((match[1] ?? "").toLowerCase());
  }
}
