// What a picker shows of the item under the cursor: lines in words of a theme, laid out when they are drawn. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { layoutSpans } from "../theme/spans.ts";
import type { ThemeToken } from "../theme/theme-file.ts";
import type { Look } from "./look.ts";

/** `text` as it came, not sanitised; newlines end rows. */
type PreviewSpan = { text: string; token: ThemeToken };

/** `rows`: at most so many rows of it are shown; absent: as many as there is room for. */
export type PreviewLine = { spans: readonly PreviewSpan[]; rows?: number };

/** A line of one style. */
export function previewLine(text: string, token: ThemeToken = "text", rows?: number): PreviewLine {
  return { spans: [{ text, token }], ...(rows === undefined ? {} : { rows }) };
}

/** At most `height` rows of `width` columns. */
export function previewRows(
  lines: readonly PreviewLine[],
  { width, height }: { width: number; height: number },
  { theme }: Look,
): string[] {
  return lines
    .flatMap(({ spans, rows }) => {
      const painted = spans.map(({ text, token }) => ({
        text: sanitizeText(text),
        style: theme.style[token],
      }));
      return layoutSpans(painted, width).slice(0, rows);
    })
    .slice(0, height);
}
