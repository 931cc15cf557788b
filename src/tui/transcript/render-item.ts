// An item of the transcript as finished rows. Pure: the same item and view give the same rows.
import { formatClock, formatCost, formatTokens } from "../../app/format.ts";
import type {
  ErrorItem,
  NoticeItem,
  PlanItem,
  RunEndItem,
  RuntimeItem,
  ThinkingItem,
  TranscriptItem,
  UserItem,
} from "../../app/transcript-item.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import { wrapText } from "../../lib/wrap.ts";
import { renderMarkdown } from "../markdown/render-markdown.ts";
import { bothStyles, type Style } from "../theme/theme.ts";
import { type ItemView, imageRows, indentRows, MARGIN, oneLine, textRows } from "./item-view.ts";
import { planRows } from "./plan-rows.ts";
import { shellRows, toolRows } from "./tool-rows.ts";

/** Rows of at most `view.width` columns, none at all for an empty text. Untrusted texts are sanitised on the way. */
export function renderItem(item: TranscriptItem, view: ItemView): string[] {
  switch (item.kind) {
    case "user":
      return userRows(item, view);
    case "assistant":
      return assistantRows(item.text, item.speaker, view);
    case "thinking":
      return thinkingRows(item, view);
    case "tool":
      return toolRows(item, view);
    case "shell":
      return shellRows(item, view);
    case "plan":
      return planItemRows(item, view);
    case "notice":
      return noticeRows(item, view);
    case "error":
      return errorRows(item, view);
    case "run_end":
      return runEndRows(item, view);
    case "runtime":
      return runtimeRows(item, view);
  }
}

/** True when an empty row belongs between two items: calls, and notices, stand close together. */
export function needsRowBetween(
  previous: TranscriptItem["kind"] | null,
  next: TranscriptItem["kind"],
): boolean {
  if (previous === null) return false;
  return !(previous === next && (next === "tool" || next === "notice"));
}

/** Columns for the markdown of an answer; a stream of it is rendered for these and set in by `indentAnswer`. */
export function answerWidth(width: number): number {
  return Math.max(2, width - MARGIN);
}

export function indentAnswer(rows: readonly string[]): string[] {
  return indentRows(rows, MARGIN);
}

/** The row above an answer that is not our own agent's; none for ours. */
export function speakerRows(speaker: string, view: ItemView): string[] {
  if (speaker === "") return [];
  const name = truncateText(oneLine(speaker, view.glyphs), answerWidth(view.width), view.glyphs.ellipsis);
  return indentAnswer([view.theme.style.agent(name)]);
}

function userRows(item: UserItem, view: ItemView): string[] {
  const { theme, glyphs, width } = view;
  const text = textRows(item.text.trim(), width - MARGIN, theme.style.user);
  const names = [...attachedNames(item), ...imageNames(item)].flatMap((name) =>
    textRows(name, width - MARGIN, theme.style.dim),
  );
  const pictures = imageRows(item.pictures ?? [], view, width - MARGIN);
  return [...(text.join("") === "" ? [] : text), ...names, ...pictures].map((row, index) => {
    if (index === 0) return `${theme.style.user(glyphs.bar)} ${row}`.trimEnd();
    return row === "" ? "" : " ".repeat(MARGIN) + row;
  });
}

function attachedNames({ attached = [] }: UserItem): string[] {
  return attached.map((name) => `[${name}]`);
}

function imageNames({ images, pictures }: UserItem): string[] {
  if (pictures) return pictures.map(({ name }) => `[image ${name}]`);
  return images === 0 ? [] : [`[${images} ${images === 1 ? "image" : "images"}]`];
}

function assistantRows(text: string, speaker: string, view: ItemView): string[] {
  const rows = renderMarkdown(text, { ...view, width: answerWidth(view.width) });
  return rows.length === 0 ? [] : [...speakerRows(speaker, view), ...indentAnswer(rows)];
}

/** Live rows at the end; a finished thinking is one row until it is expanded. */
const LIVE_THINKING_ROWS = 6;

function thinkingRows(item: ThinkingItem, view: ItemView): string[] {
  const { theme, glyphs } = view;
  const style = bothStyles(theme.style.dim, theme.italic);
  const bar = theme.style.border(glyphs.quote);
  const width = view.width - MARGIN - 2;
  const clean = sanitizeText(item.text).trim();
  if (clean === "") return [];
  if (!view.expanded && !item.live) return [collapsedThinking(clean, view)];
  const rows = wrapText(clean.replaceAll("\t", "    "), Math.max(2, width));
  const shown = view.expanded ? rows : [...thinkingClock(item, view), ...rows.slice(-LIVE_THINKING_ROWS)];
  return indentRows(
    shown.map((row) => (row === "" ? bar : `${bar} ${style(row)}`)),
    MARGIN,
  );
}

/** How long it has been going on, once that is worth a word. */
function thinkingClock({ live, startedMs }: ThinkingItem, { nowMs }: ItemView): string[] {
  const elapsed = live && startedMs !== undefined ? nowMs - startedMs : 0;
  return elapsed < 2_000 ? [] : [`thinking ${formatClock(elapsed)}`];
}

/** Without how long it took: a session file does not know, and a replay shows the same rows. */
function collapsedThinking(clean: string, { theme, glyphs, width, moreHint }: ItemView): string {
  const head = "thought";
  const room = width - MARGIN - 2 - textWidth(head) - moreHint.length - 4;
  const first = oneLine(clean.replace(/[*_#`]/g, ""), glyphs);
  const words =
    room < 8 ? head : `${head}  ${truncateText(first, room, glyphs.ellipsis)}  ${moreHint}`.trimEnd();
  const text = truncateText(words, Math.max(2, width - MARGIN - 2), glyphs.ellipsis);
  return `${" ".repeat(MARGIN)}${theme.style.border(glyphs.quote)} ${bothStyles(theme.style.dim, theme.italic)(text)}`;
}

function planItemRows(item: PlanItem, view: ItemView): string[] {
  if (item.entries.length === 0) return [];
  const done = item.entries.filter((entry) => entry.status === "completed").length;
  const head = view.theme.style.dim(`plan ${done} of ${item.entries.length}`);
  const rows = planRows(item.entries, { ...view, width: view.width - MARGIN - 2 });
  return indentRows([head, ...indentRows(rows, 2)], MARGIN);
}

function noticeRows(item: NoticeItem, view: ItemView): string[] {
  const { theme, glyphs } = view;
  switch (item.level) {
    case "info":
      return markedRows(theme.style.dim(glyphs.info), item.message, theme.style.dim, item.hint, view);
    case "warning":
      return markedRows(theme.style.warning(glyphs.warning), item.message, theme.style.text, item.hint, view);
    case "error":
      return markedRows(theme.style.error(glyphs.failed), item.message, theme.style.text, item.hint, view);
  }
}

function errorRows({ failure }: ErrorItem, view: ItemView): string[] {
  const { theme, glyphs } = view;
  const code = oneLine(failure.code, glyphs);
  const head = `${theme.style.error(glyphs.failed)} ${theme.style.error(truncateText(code, view.width - 4, glyphs.ellipsis))}`;
  const message = textRows(failure.message, view.width - MARGIN - 2, theme.style.text);
  const hint = failure.hint ? textRows(failure.hint, view.width - MARGIN - 2, theme.style.dim) : [];
  return indentRows([head, ...indentRows([...message, ...hint], 2)], MARGIN);
}

function markedRows(
  mark: string,
  text: string,
  style: Style,
  hint: string | undefined,
  view: ItemView,
): string[] {
  const inner = view.width - MARGIN - 2;
  const message = textRows(text, inner, style);
  const more = hint ? textRows(hint, inner, view.theme.style.dim) : [];
  const rows = [...message, ...more].map((row, index) => {
    if (index === 0) return `${mark} ${row}`.trimEnd();
    return row === "" ? "" : `  ${row}`;
  });
  return indentRows(rows, MARGIN);
}

function runEndRows(item: RunEndItem, view: ItemView): string[] {
  const { theme, glyphs } = view;
  const tokens = item.usage.input + item.usage.cacheRead + item.usage.cacheWrite;
  const facts = [
    item.outcome === "completed" ? "" : item.outcome === "limit" ? "limit reached" : item.outcome,
    formatClock(item.durationMs),
    `${item.steps} ${item.steps === 1 ? "step" : "steps"}`,
    tokens > 0 ? `${formatTokens(tokens)} in, ${formatTokens(item.usage.output)} out` : "",
    formatCost(item.usage.cost),
  ].filter((fact) => fact !== "");
  const style = item.outcome === "completed" ? theme.style.dim : theme.style.warning;
  return ruleRows(facts.join(` ${glyphs.separator} `), style, view);
}

function runtimeRows(item: RuntimeItem, view: ItemView): string[] {
  const words = [`${oneLine(item.runtime, view.glyphs)} takes over`, oneLine(item.detail, view.glyphs)];
  const text = words.filter((part) => part !== "").join(` ${view.glyphs.separator} `);
  return ruleRows(text, view.theme.style.agent, view);
}

/** A short rule before the words; not across the window, which would leave ghosts when it narrows. */
function ruleRows(text: string, style: Style, { theme, glyphs, width }: ItemView): string[] {
  const rule = theme.style.border(glyphs.rule.repeat(2));
  return wrapText(text, Math.max(2, width - MARGIN - 3)).map((row, index) =>
    index === 0 ? `${" ".repeat(MARGIN)}${rule} ${style(row)}` : `${" ".repeat(MARGIN + 3)}${style(row)}`,
  );
}
