// A tool call: one line (glyph, name, what it touched, result, time), and details under it where they matter.
import { formatClock } from "../../app/format.ts";
import type { ShellItem, ToolItem, ToolStatus } from "../../app/transcript-item.ts";
import { textWidth, truncateMiddle, truncateText } from "../../lib/text-width.ts";
import { WIDEST_LINE } from "../components/look.ts";
import { renderDiff } from "../diff/render-diff.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import type { Style, Theme } from "../theme/theme.ts";
import {
  DETAIL_MARGIN,
  type ItemView,
  imageRows,
  indentRows,
  MARGIN,
  oneLine,
  outputRows,
  textRows,
} from "./item-view.ts";
import { planRows } from "./plan-rows.ts";
import { isCommand, toolSubject, toolSummary } from "./tool-subject.ts";

/** Rows of a diff or of an output before it is cut. */
const DETAIL_ROWS = 12;
const LIVE_OUTPUT_ROWS = 5;
const FAILURE_ROWS = 8;
/** Characters of the sentence that says what went wrong. */
const MOST_MESSAGE = 400;
const NARROWEST_SUBJECT = 16;
const LONGEST_NAME = 28;
/** After this a running call says which key moves it to the background, if its subject keeps so many columns. */
const LONG_MS = 2_000;
const WIDEST_BESIDE_HINT = 24;
const CLOCK_COLUMNS = 12;

export function toolRows(item: ToolItem, view: ItemView): string[] {
  const nesting = item.parentToolCallId === undefined || view.width < 40 ? 0 : MARGIN;
  const inner = { ...view, width: view.width - nesting };
  return indentRows([toolLine(item, inner), ...detailRows(item, inner)], nesting);
}

export function shellRows(item: ShellItem, view: ItemView): string[] {
  const { theme, width } = view;
  const prompt = theme.style.accent("$");
  const command = textRows(item.command, width - MARGIN - 2, theme.style.user).map((row, index) =>
    index === 0 ? `${prompt} ${row}` : indentRows([row], 2).join(""),
  );
  const detail = { ...view, width: width - MARGIN - 2, maxRows: DETAIL_ROWS };
  const running = item.exitCode === undefined;
  const output = outputRows(item.output, detail, view.expanded ? "all" : "tail");
  const failed = running || item.exitCode === 0 ? [] : [theme.style.error(exitWords(item.exitCode ?? null))];
  return indentRows([...command, ...indentRows([...output, ...failed], 2)], MARGIN);
}

function exitWords(code: number | null): string {
  return code === null ? "ended by a signal" : `exit ${code}`;
}

function toolLine(item: ToolItem, view: ItemView): string {
  const { theme, glyphs } = view;
  const width = Math.min(view.width, WIDEST_LINE);
  const mark = statusMark(item.status, theme, glyphs);
  const name = truncateText(
    oneLine(item.name, glyphs),
    Math.min(LONGEST_NAME, Math.max(4, width - 6)),
    glyphs.ellipsis,
  );
  const subject = oneLine(toolSubject(item), glyphs);
  const left = " ".repeat(MARGIN) + mark.style(mark.glyph);
  const used = MARGIN + textWidth(mark.glyph) + 1 + textWidth(name);
  const room = width - used - 2;
  const right = rightPart(item, view, room);
  const space = room - right.width - (right.width > 0 ? 2 : 0);
  const cut = isCommand(item)
    ? truncateText(subject, Math.max(0, space), glyphs.ellipsis)
    : truncateMiddle(subject, Math.max(0, space), glyphs.ellipsis);
  const gap = right.width > 0 ? " ".repeat(Math.max(2, room - textWidth(cut) - right.width)) : "";
  return `${left} ${theme.bold(name)}  ${cut}${gap}${right.painted}`.trimEnd();
}

type Part = { painted: string; width: number };

/** Result and time, as far as there is room beside the subject. */
function rightPart(item: ToolItem, view: ItemView, room: number): Part {
  const { theme, glyphs, nowMs } = view;
  const known = keyToBackground(item, view, room) || toolSummary(item) || (item.gate ?? "");
  const words = truncateText(oneLine(known, glyphs), 36, glyphs.ellipsis);
  const time = elapsed(item, nowMs);
  const style = summaryStyle(item.status, theme);
  const both = [words, time].filter((part) => part !== "").join("   ");
  if (textWidth(both) + NARROWEST_SUBJECT <= room) {
    const gap = words !== "" && time !== "" ? "   " : "";
    return { painted: style(words) + gap + theme.style.dim(time), width: textWidth(both) };
  }
  if (textWidth(words) + 4 <= room) return { painted: style(words), width: textWidth(words) };
  return { painted: "", width: 0 };
}

/** Once the call takes long, and where its subject keeps enough of the row. */
function keyToBackground(item: ToolItem, { backgroundHint = "", nowMs }: ItemView, room: number): string {
  const runsLong = item.status === "running" && nowMs - item.startedMs >= LONG_MS;
  const subject = Math.min(textWidth(toolSubject(item)), WIDEST_BESIDE_HINT);
  const fits = textWidth(backgroundHint) + subject + CLOCK_COLUMNS <= room;
  return item.backgroundable && runsLong && fits ? backgroundHint : "";
}

function elapsed(item: ToolItem, nowMs: number): string {
  const running = item.status === "running";
  if (!running && item.durationMs === undefined) return "";
  const milliseconds = running ? nowMs - item.startedMs : (item.durationMs ?? 0);
  if (running || milliseconds >= 60_000) return formatClock(milliseconds).padStart(5);
  return `${(Math.max(0, milliseconds) / 1_000).toFixed(1)}s`.padStart(5);
}

function statusMark(status: ToolStatus, theme: Theme, glyphs: Glyphs): { glyph: string; style: Style } {
  switch (status) {
    case "done":
      return { glyph: glyphs.ok, style: theme.style.ok };
    case "running":
      return { glyph: glyphs.running, style: theme.style.agent };
    case "waiting":
      return { glyph: glyphs.waiting, style: theme.style.warning };
    case "failed":
    case "denied":
      return { glyph: glyphs.failed, style: theme.style.error };
    case "cancelled":
    case "skipped":
      return { glyph: glyphs.stopped, style: theme.style.warning };
  }
}

function summaryStyle(status: ToolStatus, theme: Theme): Style {
  return status === "failed" || status === "denied" ? theme.style.error : theme.style.dim;
}

function detailRows(item: ToolItem, view: ItemView): string[] {
  const inner = { ...view, width: Math.max(8, view.width - DETAIL_MARGIN) };
  const margin = view.width - DETAIL_MARGIN >= 8 ? DETAIL_MARGIN : 0;
  if (margin === 0) return [];
  return indentRows([...details(item, inner), ...imageRows(item.pictures ?? [], view, inner.width)], margin);
}

function details(item: ToolItem, view: ItemView): string[] {
  const { details: shown, output, status } = item;
  const rows: string[] = [];
  if (status === "denied" && item.gate) rows.push(...textRows(item.gate, view.width, view.theme.style.dim));
  if (view.expanded && isCommand(item))
    rows.push(...textRows(toolSubject(item), view.width, view.theme.style.text));
  if (shown?.diff) {
    const cap = view.expanded ? {} : { maxRows: DETAIL_ROWS };
    rows.push(...renderDiff(shown.diff.patch, { ...view, ...cap }));
  }
  if (shown?.plan) rows.push(...planRows(shown.plan, view));
  if (shown?.diff && status === "done") return rows;
  if (view.expanded) return [...rows, ...outputRows(output, { ...view, maxRows: 0 }, "all")];
  if (status === "running") rows.push(...liveRows(output, view));
  if (status === "failed") rows.push(...failureRows(item, { ...view, maxRows: FAILURE_ROWS }));
  return rows;
}

/** Of a command the end of what it wrote, its exit code is told already; of others what went wrong, and the rest. */
function failureRows(item: ToolItem, view: ItemView & { maxRows: number }): string[] {
  if (isCommand(item)) return outputRows(item.output.replace(/\n?\[Exit code \d+\]$/, ""), view, "tail");
  const [first = "", ...rest] = item.output.trimStart().split("\n");
  const message = textRows(first.slice(0, MOST_MESSAGE), view.width, view.theme.style.error);
  // Empty lines would take the room of those that say something.
  const said = rest.filter((line) => line.trim() !== "");
  return [...message, ...outputRows(said.join("\n"), view, "head")];
}

/** The newest lines of an output that may be long; how many stand before them is of no use while it runs. */
function liveRows(output: string, view: ItemView): string[] {
  const end = output.trimEnd();
  const lines = end.slice(-4_096).split("\n").slice(-LIVE_OUTPUT_ROWS);
  return outputRows(lines.join("\n"), { ...view, maxRows: LIVE_OUTPUT_ROWS }, "tail");
}
