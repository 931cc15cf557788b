// Carries out one command of vim's normal or visual mode on the text. Pure.
import { lineEnd, lineStart, nextBorder, previousBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { plainFragment, type Range } from "../fragment.ts";
import type { Command, Motion, Operator } from "./grammar.ts";
import { lineBelow, type MotionOptions, type Moved, move } from "./motions.ts";
import { operate } from "./operate.ts";
import { enterInsert, leaveInsert, type Scene, selectionOf, settle, toNormal } from "./scene.ts";
import { runSimple } from "./simple-commands.ts";
import { type Found, findObject } from "./text-objects.ts";
import type { VimState } from "./vim-state.ts";
import { endOfRun, kindAt, wordEnd } from "./words.ts";

/** The scene after it; null when it cannot be done here. `width`: columns of the rows on the screen. */
export function runCommand(scene: Scene, command: Command, width: number): Scene | null {
  switch (command.type) {
    case "motion":
      return runMotion(scene, command.motion, { count: command.count, width, lastFind: scene.vim.lastFind });
    case "object":
      return select(scene, findObject(scene.editor, { ...command, count: command.count ?? 1 }));
    case "operate":
      return runOperator(scene, command, width);
    case "simple":
      return command.key === "." ? repeatLast(scene, command.count, width) : runSimple(scene, command);
  }
}

/** `j` and `k` go by the rows on the screen: a prompt is often one long line. */
function runMotion(scene: Scene, motion: Motion, options: MotionOptions): Scene | null {
  const { editor } = scene;
  const vim = rememberFind(scene.vim, motion);
  if (motion.key === "j" || motion.key === "k") {
    return { editor: byRows(editor, motion.key === "j" ? "cursor_down" : "cursor_up", options), vim };
  }
  const moved = move(editor, motion, options);
  return moved && { editor: reduceEditor(editor, { type: "move", to: moved.to }), vim };
}

function byRows(
  editor: EditorState,
  edit: "cursor_up" | "cursor_down",
  { count, width }: MotionOptions,
): EditorState {
  let at = editor;
  for (let time = 0; time < (count ?? 1); time++) {
    const next = reduceEditor(at, { type: "edit", edit, width });
    if (next.cursor === at.cursor) break;
    at = next;
  }
  return at;
}

function rememberFind(vim: VimState, { key, target }: Motion): VimState {
  if (key !== "f" && key !== "F" && key !== "t" && key !== "T") return vim;
  return { ...vim, lastFind: { key, target } };
}

function select({ editor, vim }: Scene, found: Found | null): Scene | null {
  if (!found || found.range[0] === found.range[1]) return null;
  const last = previousBorder(editor, found.range[1]);
  return {
    editor: reduceEditor(editor, { type: "move", to: last }),
    vim: { ...vim, anchor: found.range[0], mode: found.lines ? "visual_line" : vim.mode },
  };
}

type Operate = Extract<Command, { type: "operate" }>;

function runOperator(scene: Scene, command: Operate, width: number): Scene | null {
  const { editor, vim } = scene;
  const found = rangeOf(scene, command, width);
  if (found === null) return null;
  const { operator, target } = command;
  const isNothing = found.range[0] === found.range[1] && !found.lines;
  if (isNothing && operator !== "c") return null;
  const motion = target.kind === "motion" ? target.motion : null;
  const after = motion ? rememberFind(vim, motion) : vim;
  const { editor: changed, lines, inserts } = operate(editor, operator, found);
  const remembered: VimState = {
    ...after,
    mode: "normal",
    lines: keptLines(after, changed, { editor, lines }),
  };
  if (inserts) return enterInsert({ editor: changed, vim: remembered }, editor, command);
  const repeats = operator !== "y" && target.kind !== "selection";
  const lastChange = repeats ? { command, inserted: plainFragment("") } : vim.lastChange;
  return toNormal({ editor: changed, vim: { ...remembered, lastChange } });
}

/** Only a new piece in the kill ring changes whether it is lines. */
function keptLines(
  vim: VimState,
  changed: EditorState,
  { editor, lines }: { editor: EditorState; lines: VimState["lines"] },
): VimState["lines"] {
  return changed.killed === editor.killed ? vim.lines : lines;
}

function rangeOf(scene: Scene, { target, operator, count }: Operate, width: number): Found | null {
  const { editor } = scene;
  switch (target.kind) {
    case "selection":
      return selectionOf(scene);
    case "object":
      return findObject(editor, { ...target, count: count ?? 1 });
    case "lines": {
      const last = lineBelow(editor.text, editor.cursor, (count ?? 1) - 1) ?? editor.text.length;
      return { range: linesOf(editor.text, [editor.cursor, last]), lines: true };
    }
    case "motion": {
      const options = { count, width, lastFind: scene.vim.lastFind };
      const range = wordRange(editor, target.motion, { operator, count });
      if (range) return { range, lines: false };
      const moved = move(editor, target.motion, options);
      return moved && takenBy(editor, moved);
    }
  }
}

function takenBy(editor: EditorState, { to, takes }: Moved): Found {
  const start = Math.min(editor.cursor, to);
  const end = Math.max(editor.cursor, to);
  if (takes === "lines") return { range: linesOf(editor.text, [start, end]), lines: true };
  return { range: [start, takes === "inclusive" ? nextBorder(editor, end) : end], lines: false };
}

function linesOf(text: string, [start, end]: Range): Range {
  return [lineStart(text, start), lineEnd(text, end)];
}

/** What `w` takes along: with `c` no blanks behind the word, and never the break behind the last word of a line. */
function wordRange(
  editor: EditorState,
  { key }: Motion,
  { operator, count }: { operator: Operator; count: number | null },
): Range | null {
  if (key !== "w" && key !== "W") return null;
  const { text, cursor } = editor;
  const how = { big: key === "W" };
  if (operator === "c" && kindAt(editor, cursor, how) !== "blank") {
    let last = endOfRun(editor, cursor, how);
    for (let time = 1; time < (count ?? 1); time++) last = wordEnd(editor, last, how);
    return [cursor, nextBorder(editor, last)];
  }
  const to = move(editor, { key, target: "" }, { count, width: 0, lastFind: null })?.to ?? cursor;
  const taken = text.slice(cursor, to);
  if (!taken.includes("\n")) return [cursor, to];
  const words = taken.trimEnd();
  return [cursor, words === "" ? lineEnd(text, cursor) : lineEnd(text, cursor + words.length)];
}

/** Does the last change again, here; a count takes the place of its own. */
function repeatLast(scene: Scene, count: number | null, width: number): Scene | null {
  const { lastChange } = scene.vim;
  if (lastChange === null) return null;
  const command = { ...lastChange.command, count: count ?? lastChange.command.count };
  const ran = runCommand(scene, command, width);
  if (ran === null || ran.vim.mode !== "insert") return ran && settle(ran);
  const piece = lastChange.inserted;
  const editor = piece.text === "" ? ran.editor : reduceEditor(ran.editor, { type: "insert", piece });
  return leaveInsert({ editor, vim: ran.vim });
}
