// Markdown of an agent as HTML in which nothing but our own tags is live: raw HTML stays text, links go to the web or
// nowhere, pictures of the web stay links. Loaded when a page is written.
import { Marked, type Tokens } from "marked";
import { escapeHtml } from "./html-message.ts";

const marked = new Marked({
  async: false,
  gfm: true,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    link({ href, tokens }: Tokens.Link): string {
      return linkHtml(href, this.parser.parseInline(tokens));
    },
    image: ({ href, text }: Tokens.Image) => linkHtml(href, escapeHtml(text || href)),
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? "☑ " : "☐ "),
  },
});

/** Longer texts are shown as they are: a page must not take minutes to write. */
const LONGEST = 500_000;

export function renderMarkdown(text: string): string {
  if (text.length > LONGEST) return `<pre class="said">${escapeHtml(text)}</pre>`;
  const html = marked.parse(text);
  return typeof html === "string" ? html : "";
}

/** `label` is HTML. */
function linkHtml(href: string, label: string): string {
  if (!/^(?:https?:|mailto:)/i.test(href)) return label;
  return `<a href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">${label}</a>`;
}
