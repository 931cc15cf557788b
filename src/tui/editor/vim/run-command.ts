// Carries out one command of vim's normal or visual mode on the text. Pure.
import { lineEnd, lineStart, nextBorder, previousBorder } from "../borders.ts";
import { type EditorState, isInOuterRow, reduceEditor } from "../buffer.ts";
import { plainFragment, type Range } from "../fragment.ts";
import { blockOf, moveInBlock } from "./block.ts";
import type { Command, Motion, Operator } from "./grammar.ts";
import { withMarks } from "./marks.ts";
import { lineBelow, type MotionOptions, type Moved, move } from "./motions.ts";
import { type Operated, operate, operateOnBlock } from "./operate.ts";
import { keepTaken } from "./registers.ts";
import {
  cornersOf,
  enterInsert,
  leaveInsert,
  rememberSelection,
  selectionOf,
  settle,
  toNormal,
} from "./scene.ts";
import { rememberSearch } from "./search-word.ts";
import { selectShape, shapeOf } from "./shape.ts";
import { runSimple } from "./simple-commands.ts";
import { type Found, findObject } from "./text-objects.ts";
import { FIRST_VIM, type Scene, type VimState } from "./vim-state.ts";
import { endOfRun, kindAt, wordEnd } from "./words.ts";

/** The scene after it; null when it cannot be done here. `width`: columns of the rows on the screen. */
export function runCommand(scene: Scene, command: Command, width: number): Scene | null {
  switch (command.type) {
    case "motion":
      return runMotion(scene, command.motion, { count: command.count, width, vim: scene.vim });
    case "object":
      return select(scene, findObject(scene.editor, { ...command, count: command.count ?? 1 }));
    case "operate":
      return runOperator(scene, command, width);
    case "simple":
      return command.key === "." ? repeatLast(scene, command.count, width) : runSimple(scene, command);
  }
}

/** `j` and `k` go by the rows on the screen: a prompt is often one long line. In a block they keep to lines. */
function runMotion(scene: Scene, motion: Motion, options: MotionOptions): Scene | null {
  const { editor } = scene;
  const remembered = rememberSearch(rememberFind(scene.vim, motion), editor, motion);
  const vim = { ...remembered, toLineEnds: reachesLineEnds(scene, motion) };
  if (motion.key === "j" || motion.key === "k") {
    const down = motion.key === "j";
    const moved =
      vim.mode === "visual_block" ? byLines(editor, down, options) : byRows(editor, down, options);
    return moved === null || moved.cursor === editor.cursor ? null : { editor: moved, vim };
  }
  const moved = move(editor, motion, options);
  if (moved === null) return null;
  const jumped = isJump(motion) ? withMarks(vim, editor, { "'": editor.cursor }) : vim;
  return { editor: reduceEditor(editor, { type: "move", to: moved.to }), vim: jumped };
}

/** `$` makes a block as wide as each of its lines, until the next move to the side. */
function reachesLineEnds({ vim }: Scene, { key }: Motion): boolean {
  return vim.mode === "visual_block" && (key === "$" || (vim.toLineEnds && "jk".includes(key)));
}

/** A place that `''` goes back from. */
function isJump({ key }: Motion): boolean {
  return ["G", "gg", "%", "n", "N", "*", "#", "{", "}", "(", ")", "'", "`"].includes(key);
}

function byRows(editor: EditorState, down: boolean, { count, width }: MotionOptions): EditorState {
  let at = editor;
  for (let time = 0; time < (count ?? 1); time++) {
    const { first, last } = isInOuterRow(at, width);
    if (down ? last : first) break;
    at = reduceEditor(at, { type: "edit", edit: down ? "cursor_down" : "cursor_up", width });
  }
  return at;
}

function byLines(editor: EditorState, down: boolean, { count }: MotionOptions): EditorState | null {
  const start = lineBelow(editor.text, editor.cursor, (down ? 1 : -1) * (count ?? 1));
  return start === null ? null : moveInBlock(editor, start);
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
  const { operator, target, register } = command;
  const operated = operatedOn(scene, command, width);
  if (operated === null) return null;
  const shape = target.kind === "selection" ? shapeOf(scene) : null;
  const { taken, inserts } = operated;
  const motion = target.kind === "motion" ? target.motion : null;
  const after = motion ? rememberFind(vim, motion) : vim;
  const done: Scene = {
    editor: operated.editor,
    vim: { ...rememberSelection({ editor, vim: after }), mode: "normal" },
  };
  const isNothing = taken === null || (taken.piece.text === "" && taken.kind === "text");
  const kept = isNothing
    ? done
    : keepTaken(done, taken, { register, how: operator === "y" ? "copied" : "cut" });
  if (inserts) {
    const also = vim.mode === "visual_block" ? rowsOfCut(scene) : [];
    return enterInsert(kept, { before: editor, command, also, shape });
  }
  const lastChange = operator === "y" ? vim.lastChange : { command, inserted: plainFragment(""), shape };
  return toNormal({ editor: kept.editor, vim: { ...kept.vim, lastChange } });
}

function operatedOn(scene: Scene, command: Operate, width: number): Operated | null {
  const { editor, vim } = scene;
  const { operator, target } = command;
  if (target.kind === "selection" && vim.mode === "visual_block") {
    return operateOnBlock(editor, operator, blockOf(editor, cornersOf(scene)));
  }
  const found = rangeOf(scene, command, width);
  if (found === null) return null;
  const isNothing = found.range[0] === found.range[1] && !found.lines;
  return isNothing && operator !== "c" ? null : operate(editor, operator, found);
}

/** Where the rows of a block but the first begin once the block is cut out; short lines had no part in it. */
function rowsOfCut(scene: Scene): number[] {
  const { editor } = scene;
  let gone = 0;
  return blockOf(editor, cornersOf(scene)).rows.flatMap(([start, end], index) => {
    const place = start - gone;
    gone += end - start;
    return index > 0 && end > start ? [place] : [];
  });
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
      const options = { count, width, vim: scene.vim };
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
  const to = move(editor, { key, target: "" }, { count, width: 0, vim: FIRST_VIM })?.to ?? cursor;
  const taken = text.slice(cursor, to);
  if (!taken.includes("\n")) return [cursor, to];
  const words = taken.trimEnd();
  return [cursor, words === "" ? lineEnd(text, cursor) : lineEnd(text, cursor + words.length)];
}

/** Does the last change again, here, to as much text; a count takes the place of its own. */
function repeatLast(scene: Scene, count: number | null, width: number): Scene | null {
  const { lastChange } = scene.vim;
  if (lastChange === null) return null;
  const command = { ...lastChange.command, count: count ?? lastChange.command.count };
  const { shape } = lastChange;
  const ran = runCommand(shape === null ? scene : selectShape(scene, shape), command, width);
  if (ran === null || ran.vim.mode !== "insert") return ran && settle(ran);
  const piece = lastChange.inserted;
  const editor = piece.text === "" ? ran.editor : reduceEditor(ran.editor, { type: "insert", piece });
  return leaveInsert({ editor, vim: ran.vim });
}
