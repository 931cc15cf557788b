// Signs that mark who speaks and how it went, with twins for terminals that have only ASCII.

export type Glyphs = {
  running: string;
  ok: string;
  failed: string;
  stopped: string;
  waiting: string;
  pending: string;
  warning: string;
  info: string;
  bar: string;
  quote: string;
  bullet: string;
  rule: string;
  column: string;
  cross: string;
  fork: string;
  corner: string;
  ellipsis: string;
  paused: string;
  prompt: string;
  separator: string;
};

export const unicodeGlyphs: Glyphs = {
  running: "●",
  ok: "✓",
  failed: "✗",
  stopped: "■",
  waiting: "?",
  pending: "○",
  warning: "!",
  info: "·",
  bar: "▌",
  quote: "│",
  bullet: "•",
  rule: "─",
  column: "│",
  cross: "┼",
  fork: "├",
  corner: "└",
  ellipsis: "…",
  paused: "‖",
  prompt: "›",
  separator: "·",
};

export const asciiGlyphs: Glyphs = {
  running: "*",
  ok: "+",
  failed: "x",
  stopped: "#",
  waiting: "?",
  pending: "o",
  warning: "!",
  info: "-",
  bar: "|",
  quote: "|",
  bullet: "-",
  rule: "-",
  column: "|",
  cross: "+",
  fork: "+",
  corner: "`",
  ellipsis: "...",
  paused: "||",
  prompt: ">",
  separator: "-",
};

/** ASCII with `--plain`, on the Linux console (its font lacks most signs) and in a locale without UTF-8. */
export function chooseGlyphs(
  environment: Readonly<Record<string, string | undefined>>,
  options: { plain?: boolean } = {},
): Glyphs {
  const term = environment.TERM;
  if (options.plain || term === "linux" || term === "dumb") return asciiGlyphs;
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  return locale === "C" || locale === "POSIX" ? asciiGlyphs : unicodeGlyphs;
}
