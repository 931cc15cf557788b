// Background processes above the input: the list with the newest lines of the chosen one, or one of them to read.
import type { ProcessSummary } from "../../app/app.ts";
import { formatClock } from "../../app/format.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { collapseProgress } from "../../lib/progress-lines.ts";
import { expandTabs, textWidth, truncateMiddle, truncateText } from "../../lib/text-width.ts";
import { wrapText } from "../../lib/wrap.ts";
import { type KeyHint, keyHints, keyNames } from "../keys/key-words.ts";
import type { Keybindings } from "../keys/keybindings.ts";
import { hintRows } from "./hint-rows.ts";
import { chosenLead, type Look, WIDEST_LINE } from "./look.ts";

type ProcessRow = Omit<ProcessSummary, "output">;

export type ProcessesView = {
  processes: readonly ProcessRow[];
  /** The one that is chosen. */
  id: string;
  /** Its newest output, as `outputLines` gives it. */
  lines: readonly string[];
  /** Read it instead of the list; `up` rows above its newest row. */
  open: boolean;
  up: number;
  nowMs: number;
};

type BoundView = ProcessesView & { bindings: Keybindings };

const LIST_KEYS: readonly KeyHint[] = [
  [["process_read"], "read"],
  [["process_end"], "end"],
  [["process_end_all"], "end all"],
  [["process_close"], "back"],
];
const READING_KEYS: readonly KeyHint[] = [
  [["process_end"], "end"],
  [["process_page_up", "process_page_down"], "scroll"],
  [["process_close"], "back"],
];

const PREVIEW_ROWS = 5;
const NARROWEST = 12;

/** At most `maxRows` rows (at least 6 to be of use). */
export function processRows(view: BoundView, maxRows: number, look: Look): string[] {
  return view.open ? readingRows(view, maxRows, look) : listRows(view, maxRows, look);
}

/** Rows of the output that fit while it is read. */
function readingHeight(maxRows: number): number {
  return Math.max(1, maxRows - 2);
}

/**
 * An output, as it came, in lines that are safe to show, progress bars in their last state. Lines are wrapped to
 * `columns` where that is given.
 */
export function outputLines(output: string, columns?: number): string[] {
  const clean = expandTabs(sanitizeText(collapseProgress(output))).trimEnd();
  const lines = clean === "" ? [] : clean.split("\n");
  if (columns === undefined) return lines;
  return lines.flatMap((line) => wrapText(line, Math.max(2, columns), "characters"));
}

function listRows(view: BoundView, maxRows: number, look: Look): string[] {
  const { theme, glyphs, width } = look;
  const { processes, id } = view;
  const preview = view.lines.slice(-Math.min(PREVIEW_ROWS, Math.max(1, maxRows - 5)));
  const room = Math.max(1, maxRows - 2 - Math.max(1, preview.length));
  const selected = processes.findIndex((process) => process.id === id);
  const first = Math.max(0, Math.min(selected - Math.floor(room / 2), processes.length - room));
  const shown = processes.slice(first, first + room);
  const hidden = processes.length - shown.length;
  const more = hidden > 0 ? `${hidden} more ${glyphs.separator}` : "";
  const keys = keyRow([more, ...keyHints(LIST_KEYS, view.bindings)], look);
  const lines = preview.length === 0 ? ["(no output yet)"] : preview;
  return [
    `  ${theme.style.dim(`background ${glyphs.rule.repeat(3)}`)}`,
    ...shown.map((process) => processRow(process, process.id === id, view.nowMs, look)),
    ...lines.map((line) =>
      `      ${theme.style.dim(truncateText(line, width - 8, glyphs.ellipsis))}`.trimEnd(),
    ),
    keys,
  ];
}

function processRow(process: ProcessRow, selected: boolean, nowMs: number, look: Look): string {
  const { theme, glyphs } = look;
  const width = Math.min(look.width, WIDEST_LINE);
  const words = stateWords(process, nowMs);
  const room = width - 5 - process.id.length - 2;
  const beside = room - textWidth(words) - 2;
  const command = sanitizeText(process.command).replaceAll(/\s+/g, " ");
  const shown = truncateText(command, Math.max(2, beside < NARROWEST ? room : beside), glyphs.ellipsis);
  const tail = beside < NARROWEST ? "" : " ".repeat(beside - textWidth(shown) + 2) + words;
  const text = `${process.id}  ${shown}${tail}`;
  const mark = process.endedMs === null ? glyphs.running : isFailed(process) ? glyphs.failed : glyphs.stopped;
  const style =
    process.endedMs === null ? theme.style.agent : isFailed(process) ? theme.style.error : theme.style.dim;
  return `${selected ? chosenLead(look) : "  "}${style(mark)} ${selected ? theme.style.selection(text) : text}`;
}

function readingRows(view: BoundView, maxRows: number, look: Look): string[] {
  const { theme, glyphs, width } = look;
  const process = view.processes.find(({ id }) => id === view.id);
  if (!process) return [];
  const { lines } = view;
  const height = Math.min(readingHeight(maxRows), Math.max(1, lines.length));
  const last = Math.max(Math.min(height, lines.length), lines.length - view.up);
  const shown = lines.slice(Math.max(0, last - height), last);
  const below = lines.length - last;
  const words = `${process.id}  ${stateWords(process, view.nowMs)}  ${process.logPath ?? ""}`.trimEnd();
  const place =
    below > 0 ? `${below} more below (${keyNames(view.bindings)("process_newest")})` : "follows the newest";
  const keys = keyRow([place, ...keyHints(READING_KEYS, view.bindings)], look);
  const rows = shown.length === 0 ? ["(no output yet)"] : shown;
  return [
    `  ${theme.style.dim(truncateMiddle(words, width - 4, glyphs.ellipsis))}`,
    ...rows.map((line) => `    ${truncateText(line, width - 6, glyphs.ellipsis)}`.trimEnd()),
    keys,
  ];
}

function keyRow(hints: readonly string[], { theme, width }: Look): string {
  return `  ${theme.style.dim(hintRows(hints, width - 4, 1)[0] ?? "")}`.trimEnd();
}

function isFailed({ stopped, exitCode }: ProcessRow): boolean {
  return !stopped && exitCode !== 0;
}

function stateWords({ startedMs, endedMs, exitCode, stopped }: ProcessRow, nowMs: number): string {
  if (endedMs === null) return `${formatClock(nowMs - startedMs)} running`;
  const how = stopped ? "ended by you" : exitCode === null ? "ended by a signal" : `exit ${exitCode}`;
  return `${how}, ran ${formatClock(endedMs - startedMs)}`;
}
