// Draws the live rows from what is known: the answer under way, the question or list above the input, the input, the
// status line. Pure.
import { formatClock } from "../app/format.ts";
import type { SessionState } from "../app/state.ts";
import { revealControls, sanitizeText } from "../lib/ansi.ts";
import { truncateMiddle, truncateText } from "../lib/text-width.ts";
import { wrapText } from "../lib/wrap.ts";
import type { ApprovalRequest } from "../protocol/approval.ts";
import { approvalRows } from "./components/approval-card.ts";
import { isHeld } from "./components/is-held.ts";
import type { Look } from "./components/look.ts";
import { pickerHints } from "./components/picker-hints.ts";
import { pickerRows } from "./components/picker-rows.ts";
import { processRows } from "./components/process-list.ts";
import { queueRows } from "./components/queue-list.ts";
import { statusRow } from "./components/status-line.ts";
import { COMPOSER_FOCUS, type Focus } from "./desk.ts";
import { renderDiff } from "./diff/render-diff.ts";
import { completionRows, searchRows } from "./editor/completion-rows.ts";
import type { Composer } from "./editor/composer.ts";
import { type ComposerState, hasDraft } from "./editor/composer-state.ts";
import { editorRows, editorTextWidth } from "./editor/editor-rows.ts";
import { selectedRanges, vimLabel } from "./editor/vim/vim-look.ts";
import { composeFrame, type Frame, type Panel } from "./frame.ts";
import { type KeyNames, keyNames } from "./keys/key-words.ts";
import type { Keybindings } from "./keys/keybindings.ts";
import type { ItemView } from "./transcript/item-view.ts";
import { renderItem } from "./transcript/render-item.ts";

export type Drawing = {
  view: ItemView;
  /** Rows of the window. */
  rows: number;
  state: SessionState;
  tail: readonly string[];
  focus: Focus;
  composer: Composer;
  bindings: Keybindings;
  hint: string;
  /** Stands in the empty input while nothing goes on. */
  idleHint?: string;
  branch: string;
  contextWindow: number;
  /** Background processes that run. */
  background?: number;
  /** The session is only looked at. */
  readOnly?: boolean;
  /** Default: the usual status line. */
  statusRow?: typeof statusRow | undefined;
};

/** After this a command that runs says how long. */
const LONG_MS = 2_000;
/** Rows that a preview of an edit may take in a question. */
const PATCH_ROWS = 12;
/** A taller list would push away what it is about. */
const PICKER_ROWS = 18;
/** Of the window: when it gets smaller, rows that no longer fit end up in the scrollback. */
const PICKER_SHARE = 0.5;
const SMALLEST_ROWS = 6;
const MOST_HINT_ROWS = 3;
/** Below this a question has no room for all it says. */
const LOW_ROWS = 14;

export function drawFrame(asked: Drawing): Frame {
  const drawing = { ...asked, focus: frontFocus(asked.state, asked.focus) };
  const { view, rows, state, tail, hint, branch, contextWindow, background = 0, readOnly = false } = drawing;
  const look: Look = { theme: view.theme, glyphs: view.glyphs, width: view.width };
  if (rows < SMALLEST_ROWS || view.width < 20) return tooSmall(view);
  const said = hint === "" ? waitingHint(drawing) : hint;
  return composeFrame(
    {
      tail: [...tail, ...shellTail(state, view)],
      panel: panelRows(drawing, look),
      composer: inputFrame(drawing, look),
      hint: said === "" ? [] : hintRows(said, rows, look),
      status: (drawing.statusRow ?? statusRow)(
        {
          state,
          contextWindow,
          branch,
          background,
          readOnly,
          nowMs: view.nowMs,
          editing: vimLabel(drawing.composer.state()),
        },
        look,
      ),
    },
    rows,
  );
}

/** The person's own commands that run, as they will stand in the transcript. */
function shellTail({ shells }: SessionState, view: ItemView): string[] {
  return shells.flatMap(({ id, command, output, startedMs }) => [
    "",
    ...renderItem({ kind: "shell", id, command, output }, view),
    ...runningRows(startedMs, view),
  ]);
}

/** Under a command of one's own that takes long: its time, and the key that lets it go on alone. */
function runningRows(
  startedMs: number,
  { nowMs, backgroundHint = "", glyphs, theme, width }: ItemView,
): string[] {
  if (nowMs - startedMs < LONG_MS) return [];
  const words = [`${formatClock(nowMs - startedMs)} running`, backgroundHint].filter((part) => part !== "");
  return [
    `    ${theme.style.dim(truncateText(words.join(` ${glyphs.separator} `), width - 6, glyphs.ellipsis))}`,
  ];
}

/** A question stands before the list of processes, which one only looks at; that comes back when it is answered. */
function frontFocus({ approvals }: SessionState, focus: Focus): Focus {
  return focus.kind === "processes" && approvals.length > 0 ? COMPOSER_FOCUS : focus;
}

/** The question that is open, while its letters answer it: nothing that is typed into has the keys. */
export function openApproval(state: SessionState, focus: Focus): ApprovalRequest | null {
  const { kind } = frontFocus(state, focus);
  return kind === "composer" || kind === "queue" ? (state.approvals[0] ?? null) : null;
}

/** What one needs stands at the end of a failure and of a question: neither is cut while there is room for it. */
function hintRows(text: string, rows: number, { theme, glyphs, width }: Look): string[] {
  const line = sanitizeText(text).replaceAll(/[\n\t]+/g, " ");
  const most = rows < LOW_ROWS ? 1 : MOST_HINT_ROWS;
  const wrapped = wrapText(line, width - 4);
  const shown =
    wrapped.length <= most
      ? wrapped
      : [
          ...wrapped.slice(0, most - 1),
          truncateText(wrapped.slice(most - 1).join(" "), width - 4, glyphs.ellipsis),
        ];
  return shown.map((row) => `  ${theme.style.accent(row)}`);
}

/** Why the keys of the question do not answer it. */
function waitingHint({ state, focus, composer }: Drawing): string {
  if (openApproval(state, focus) === null || !hasDraft(composer.state())) return "";
  return "The question above waits; send or clear your text to answer it.";
}

/** In a low window the command gives way to its warnings and the answers; both its ends stay. */
function fitSubject(request: ApprovalRequest, { rows, view }: Drawing): ApprovalRequest {
  if (rows >= LOW_ROWS) return request;
  const room = Math.max(1, rows - (request.warnings.length > 0 ? 9 : 8));
  const line = request.subject.replaceAll(/\s*\n\s*/g, ` ${view.glyphs.separator} `);
  return { ...request, subject: truncateMiddle(line, room * (view.width - 6), view.glyphs.ellipsis) };
}

function panelRows(drawing: Drawing, look: Look): Panel {
  const { state, focus, view, rows, bindings } = drawing;
  const queue = queueRows(
    {
      state,
      nowMs: view.nowMs,
      selected: focus.kind === "queue" ? queueIndex(state, focus.id) : null,
      bindings,
    },
    look,
  );
  const [request] = state.approvals;
  if (focus.kind === "picker") {
    const { question, ...picker } = focus;
    const shown = {
      ...picker,
      hints: pickerHints(focus, bindings),
      ...(question && { question: question.text }),
    };
    return panel({
      above: queue,
      body: pickerRows(shown, pickerHeight(rows), look),
      foot: request ? [behindRow(request, look)] : [],
    });
  }
  if (focus.kind === "processes")
    return panel({
      above: queue,
      body: processRows({ ...focus.view, bindings }, Math.max(6, rows - 10), look),
    });
  if (!request) return panel({ body: [...queue, ...pausedRows(drawing, look)] });
  const patch = request.patch;
  const width = view.width - 6;
  const patchRows =
    patch === undefined ? [] : renderDiff(patch, { ...view, width, maxRows: PATCH_ROWS, moreHint: "" });
  const shown = fitSubject(request, drawing);
  const card = approvalRows(
    { request: shown, waiting: state.approvals.length - 1, patchRows, bindings },
    look,
  );
  const answers = card.lastIndexOf("");
  return panel({ above: queue, body: card.slice(0, answers), foot: card.slice(answers) });
}

/** The list is typed into: what comes meanwhile does not take its keys. */
function behindRow({ name, subject }: ApprovalRequest, { theme, glyphs, width }: Look): string {
  const what = revealControls(`${name} ${subject}`).replaceAll(/\s+/g, " ");
  const text = `${glyphs.warning} a question waits behind: ${what}`;
  return `  ${theme.style.warning(truncateText(text, width - 4, glyphs.ellipsis))}`;
}

/** An item that has gone leaves the first in its place. */
function queueIndex({ queue }: SessionState, id: string): number {
  return Math.max(
    0,
    queue.findIndex((item) => item.id === id),
  );
}

function pickerHeight(rows: number): number {
  return Math.max(5, Math.min(PICKER_ROWS, rows - 8, Math.ceil(rows * PICKER_SHARE)));
}

function panel(parts: Partial<Panel>): Panel {
  return { above: [], body: [], foot: [], ...parts };
}

/** The line that has the keys; while a list has them, the draft stands without a cursor. */
function inputFrame(drawing: Drawing, look: Look): Frame {
  const { focus, composer, state } = drawing;
  if (focus.kind === "line") {
    return below(
      hintRows(focus.title, drawing.rows, look),
      composerFrame({ ...drawing, composer: focus.composer }, look, focus.masked),
    );
  }
  const frame = composerFrame(drawing, look, false);
  const hasKeys =
    focus.kind === "composer" && (openApproval(state, focus) === null || hasDraft(composer.state()));
  return hasKeys ? frame : { rows: frame.rows, cursor: null };
}

function composerFrame(drawing: Drawing, look: Look, masked: boolean): Frame {
  const { composer, rows, bindings, state } = drawing;
  composer.setWidth(editorTextWidth(look));
  const current = composer.state();
  const editor = masked ? maskedEditor(current.editor) : current.editor;
  const maxRows = Math.max(1, Math.min(10, Math.floor(rows / 3)));
  const busyWords = placeholderOf(drawing);
  const placeholder = busyWords === "" ? idleWords(drawing) : busyWords;
  // While rows come and go above an empty input, the terminal's own cursor waits at the frame's first row: a window that
  // gets lower loses the rows below the cursor, not those above it to the scrollback (see live-region.ts).
  const parked = busyWords !== "" && editor.text === "";
  const drawn = editorRows(
    {
      editor,
      placeholder,
      maxRows,
      drawCursor: parked && state.approvals.length === 0,
      selected: selectedRanges(current),
    },
    look,
  );
  const input = parked ? { rows: drawn.rows, cursor: null } : drawn;
  return below(listRows(current, bindings, { ...look, maxRows: Math.max(3, Math.min(8, rows - 12)) }), input);
}

function idleWords({ state, focus, idleHint = "" }: Drawing): string {
  return focus.kind === "composer" && state.run === null && !isHeld(state) ? idleHint : "";
}

/** What the keys of an empty input do while something goes on. */
function placeholderOf({ state, focus, composer, bindings }: Drawing): string {
  const key = keyNames(bindings);
  if (focus.kind === "line") return "";
  const request = openApproval(state, focus);
  if (request) {
    return `${answerKeys(request, key)} answers; anything else is a message`;
  }
  const steers = state.run !== null && state.approvals.length === 0 && !isHeld(state);
  // In vim's insert mode the first Escape is for the mode.
  const interrupts =
    composer.state().vim?.mode === "insert"
      ? `${key("vim_normal_mode")} ${key("interrupt")}`
      : key("interrupt");
  return steers ? `${key("submit")} steers, ${key("follow_up")} queues, ${interrupts} interrupts` : "";
}

function answerKeys({ alwaysRule, editable }: SessionState["approvals"][number], key: KeyNames): string {
  const keys = [
    key("approve_once"),
    ...(alwaysRule === undefined ? [] : [key("approve_always")]),
    key("approve_reject"),
    ...(editable === false ? [] : [key("approve_edit")]),
  ];
  return `${keys.slice(0, -1).join(", ")} or ${keys.at(-1)}`;
}

function listRows(
  state: ComposerState,
  bindings: Keybindings,
  { maxRows, ...look }: Look & { maxRows: number },
): string[] {
  if (state.search) return searchRows(state.search, { bindings, maxRows }, look);
  // An old list stays until the new one is there, so that it does not blink at each key.
  const { completion } = state;
  return completion ? completionRows(completion, maxRows, look) : [];
}

function maskedEditor(editor: ComposerState["editor"]): ComposerState["editor"] {
  return { ...editor, text: "*".repeat(editor.text.length), tokens: [] };
}

function below(above: readonly string[], { rows, cursor }: Frame): Frame {
  return { rows: [...above, ...rows], cursor: cursor && { x: cursor.x, y: cursor.y + above.length } };
}

/** Stands above the input for as long as nothing goes on, whatever else is said below it. */
function pausedRows({ state, bindings }: Drawing, { theme, glyphs, width }: Look): string[] {
  const held = isHeld(state);
  if (!held && !state.queue.some((item) => item.kind === "pause")) return [];
  const texts = state.queue.filter((item) => item.kind === "steer" || item.kind === "follow_up").length;
  const queued = texts === 0 ? "" : ` ${glyphs.separator} ${texts} queued`;
  const words = held ? "paused" : "pauses after this step";
  const text = `${glyphs.paused} ${words}${queued} ${glyphs.separator} /continue or ${keyNames(bindings)("submit")} on an empty line goes on`;
  return [`  ${theme.style.warning(truncateText(text, width - 4, glyphs.ellipsis))}`];
}

function tooSmall({ theme }: ItemView): Frame {
  return { rows: [theme.style.warning("too small")], cursor: null };
}
