// The commands of vim that are one letter: into insert mode, paste, undo, join, replace, visual mode. Pure.
import { lineEnd, lineStart, nextBorder, previousBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { plainFragment, type Range } from "../fragment.ts";
import { characterBefore, columnOf, insertIntoBlock } from "./block.ts";
import { type Command, VISUAL_BLOCK } from "./grammar.ts";
import { markPlace, setMark } from "./marks.ts";
import { firstNonBlank } from "./motions.ts";
import { charactersFrom, swapCase } from "./operate.ts";
import { type PutOptions, putOverSelection, putText } from "./put.ts";
import { readRegister } from "./registers.ts";
import { cornersOf, enterInsert, rememberSelection, selectionOf, toNormal } from "./scene.ts";
import { shapeOf } from "./shape.ts";
import { selectedRanges } from "./vim-look.ts";
import type { Scene, Shape, Taken, VimState, VisualMode } from "./vim-state.ts";

type Simple = Extract<Command, { type: "simple" }>;

/** Null when it cannot be done here. `.`, `/`, `q` and `@` are done by who reads the letters. */
export function runSimple(scene: Scene, command: Simple): Scene | null {
  const isSelected = scene.vim.mode !== "normal";
  return (
    (isSelected ? SELECTED[command.key] : undefined)?.(scene, command) ??
    NORMAL[command.key]?.(scene, command) ??
    null
  );
}

type Run = (scene: Scene, command: Simple) => Scene | null;

const timesOf = ({ count }: Simple): number => count ?? 1;

const NORMAL: Readonly<Record<string, Run>> = {
  v: (scene) => changeVisual(scene, "visual"),
  V: (scene) => changeVisual(scene, "visual_line"),
  [VISUAL_BLOCK]: (scene) => changeVisual(scene, "visual_block"),
  gv: selectAgain,
  u: (scene, command) => undone(scene, timesOf(command)),
  p: put,
  P: put,
  J: joinLines,
  gJ: joinLines,
  m: (scene, { target }) => setMark(scene, target),
  "~": (scene, command) => kept(scene, toggleCase(scene.editor, timesOf(command)), command),
  r: (scene, command) =>
    kept(scene, replaceCharacters(scene.editor, command.target, timesOf(command)), command),
  o: openLine,
  O: openLine,
  i: insert,
  a: insert,
  I: insert,
  A: insert,
  gi: insert,
};

/** What means something else while text is selected. */
const SELECTED: Readonly<Record<string, Run>> = {
  o: otherEnd,
  O: (scene) => (scene.vim.mode === "visual_block" ? otherSide(scene) : otherEnd(scene)),
  r: replaceSelected,
  p: putSelected,
  P: putSelected,
  I: insertAtSelection,
  A: insertAtSelection,
};

function kept(scene: Scene, editor: EditorState | null, command: Simple): Scene | null {
  if (editor === null) return null;
  return { editor, vim: withChange(scene.vim, command) };
}

function withChange(vim: VimState, command: Simple, shape: Shape | null = null): VimState {
  return { ...vim, lastChange: { command, inserted: plainFragment(""), shape } };
}

function insert({ editor, vim }: Scene, command: Simple): Scene | null {
  const to = command.key === "gi" ? markPlace(vim, editor, "^") : insertPlace(editor, command.key);
  return to === null ? null : enterInsert({ editor: at(editor, to), vim }, { before: editor, command });
}

function openLine({ editor, vim }: Scene, command: Simple): Scene {
  return enterInsert({ editor: lineOpened(editor, command.key), vim }, { before: editor, command });
}

/** Before or behind a block on each of its lines; other selections begin or end there. */
function insertAtSelection(scene: Scene, command: Simple): Scene | null {
  const { editor } = scene;
  const vim = rememberSelection(scene);
  const shape = shapeOf(scene);
  const side = command.key === "I" ? "before" : "behind";
  if (scene.vim.mode === "visual_block") {
    const { editor: begun, also } = insertIntoBlock(editor, cornersOf(scene), side);
    return enterInsert({ editor: begun, vim }, { before: editor, command, also, shape });
  }
  const selected = selectionOf(scene);
  if (selected === null) return null;
  const to = selected.range[side === "before" ? 0 : 1];
  return enterInsert({ editor: at(editor, to), vim }, { before: editor, command, shape });
}

function insertPlace(editor: EditorState, key: string): number | null {
  const { text, cursor } = editor;
  switch (key) {
    case "i":
      return cursor;
    case "a":
      return cursor < lineEnd(text, cursor) ? nextBorder(editor, cursor) : cursor;
    case "I":
      return firstNonBlank(editor, cursor);
    case "A":
      return lineEnd(text, cursor);
    default:
      return null;
  }
}

function lineOpened(editor: EditorState, key: string): EditorState {
  const { text, cursor } = editor;
  const place = key === "o" ? lineEnd(text, cursor) : lineStart(text, cursor);
  const opened = reduceEditor(editor, { type: "replace", range: [place, place], piece: plainFragment("\n") });
  return key === "o" ? opened : at(opened, place);
}

function at(editor: EditorState, to: number): EditorState {
  return reduceEditor(editor, { type: "move", to });
}

function undone(scene: Scene, times: number): Scene {
  let { editor } = scene;
  for (let time = 0; time < times && editor.past; time++) {
    editor = reduceEditor(editor, { type: "edit", edit: "undo", width: 0 });
  }
  return { ...scene, editor };
}

function changeVisual(scene: Scene, mode: VisualMode): Scene {
  const { editor, vim } = scene;
  if (vim.mode === mode) return toNormal(scene);
  const anchor = vim.mode === "normal" ? editor.cursor : vim.anchor;
  return { editor, vim: { ...vim, mode, anchor, toLineEnds: false } };
}

/** What was selected last, as far as it is still there. */
function selectAgain(scene: Scene): Scene | null {
  const { editor, vim } = scene;
  const from = markPlace(vim, editor, "<");
  const to = markPlace(vim, editor, ">");
  if (from === null || to === null) return null;
  return { editor: at(editor, to), vim: { ...rememberSelection(scene), ...vim.lastVisual, anchor: from } };
}

function otherEnd({ editor, vim }: Scene): Scene {
  return { editor: at(editor, vim.anchor), vim: { ...vim, anchor: editor.cursor } };
}

/** The other corner of a block in the same line. */
function otherSide({ editor, vim }: Scene): Scene {
  const place = (from: number, column: number): number =>
    characterBefore(editor, lineStart(editor.text, from), column + 1);
  const { cursor } = editor;
  const to = place(cursor, columnOf(editor, Math.min(vim.anchor, editor.text.length)));
  return { editor: at(editor, to), vim: { ...vim, anchor: place(vim.anchor, columnOf(editor, cursor)) } };
}

/** More than anyone writes; keeps a slip (`9999p`) from filling the memory. */
const MOST_TEXT = 10_000_000;

function putOptions({ key, count }: Simple, taken: Taken): PutOptions | null {
  const times = count ?? 1;
  if (taken.piece.text.length * times > MOST_TEXT) return null;
  return { key: key === "p" ? "p" : "P", times };
}

function put(scene: Scene, command: Simple): Scene | null {
  const taken = readRegister(scene, command.register);
  const options = taken && putOptions(command, taken);
  return options && kept(scene, putText(scene.editor, taken, options), command);
}

function putSelected(scene: Scene, command: Simple): Scene | null {
  const taken = readRegister(scene, command.register);
  const options = taken && putOptions(command, taken);
  return options && putOverSelection(scene, taken, options);
}

/** Two lines, or as many as the count or the selection says; `J` puts one blank between them, `gJ` nothing. */
function joinLines(scene: Scene, command: Simple): Scene | null {
  const [first] = selectedRanges(scene);
  const last = selectedRanges(scene).at(-1);
  const start = first ? first[0] : scene.editor.cursor;
  const lines =
    first && last ? scene.editor.text.slice(first[0], last[1]).split("\n").length : timesOf(command);
  let editor = at(scene.editor, start);
  for (let time = 0; time < Math.max(1, lines - 1); time++) {
    const next = joinNext(editor, command.key === "gJ");
    if (next === null) break;
    editor = next;
  }
  if (editor.text === scene.editor.text) return null;
  const joined = reduceEditor(editor, { type: "join", since: scene.editor });
  const vim = withChange(rememberSelection(scene), { ...command, count: lines });
  return toNormal({ editor: joined, vim: { ...vim, mode: "normal" } });
}

function joinNext(editor: EditorState, bare: boolean): EditorState | null {
  const { text, cursor } = editor;
  const end = lineEnd(text, cursor);
  if (end === text.length) return null;
  if (bare)
    return at(
      reduceEditor(editor, { type: "replace", range: [end, end + 1], piece: plainFragment("") }),
      end,
    );
  const next = end + 1 + (/^[^\S\n]*/u.exec(text.slice(end + 1))?.[0].length ?? 0);
  const glues = /\s$/u.test(text.slice(0, end)) || /^(?:\)|\n|$)/u.test(text.slice(next));
  const piece = plainFragment(glues || end === lineStart(text, end) ? "" : " ");
  const joined = reduceEditor(editor, { type: "replace", range: [end, next], piece });
  return at(joined, end);
}

function toggleCase(editor: EditorState, times: number): EditorState | null {
  const { text, cursor } = editor;
  const room = lineEnd(text, cursor);
  let to = cursor;
  for (let time = 0; time < times && to < room; time++) to = nextBorder(editor, to);
  return to === cursor ? null : recase(editor, cursor, to);
}

function recase(editor: EditorState, from: number, to: number): EditorState {
  const hasToken = editor.tokens.some(({ start, end }) => start < to && end > from);
  if (hasToken) return at(editor, to);
  const piece = plainFragment(swapCase(editor.text.slice(from, to)));
  return reduceEditor(editor, { type: "replace", range: [from, to], piece });
}

function replaceCharacters(editor: EditorState, target: string, times: number): EditorState | null {
  const to = charactersFrom(editor, editor.cursor, times);
  if (to === null) return null;
  const replaced = reduceEditor(editor, {
    type: "replace",
    range: [editor.cursor, to],
    piece: plainFragment(target.repeat(times)),
  });
  return at(replaced, previousBorder(replaced, replaced.cursor));
}

function replaceSelected(scene: Scene, command: Simple): Scene | null {
  const ranges = selectedRanges(scene);
  const { editor } = scene;
  const fill = ([start, end]: Range): string => {
    let text = "";
    for (let from = start; from < end; from = nextBorder(editor, from)) {
      text += editor.text[from] === "\n" ? "\n" : command.target;
    }
    return text;
  };
  let replaced = editor;
  for (const range of ranges.toReversed()) {
    replaced = reduceEditor(replaced, { type: "replace", range, piece: plainFragment(fill(range)) });
  }
  const joined = reduceEditor(replaced, { type: "join", since: editor });
  const vim = withChange(rememberSelection(scene), command, shapeOf(scene));
  return toNormal({ editor: at(joined, ranges[0]?.[0] ?? editor.cursor), vim: { ...vim, mode: "normal" } });
}
