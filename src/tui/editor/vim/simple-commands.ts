// The commands of vim that are one letter: into insert mode, paste, undo, join, replace, visual mode. Pure.
import { lineEnd, lineStart, nextBorder, previousBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { type Fragment, joinFragments, plainFragment, sliceFragment } from "../fragment.ts";
import type { Command } from "./grammar.ts";
import { firstNonBlank } from "./motions.ts";
import { charactersFrom, swapCase } from "./operate.ts";
import { enterInsert, type Scene, selectionOf, toNormal } from "./scene.ts";
import type { VimMode } from "./vim-state.ts";

type Simple = Extract<Command, { type: "simple" }>;

/** Null when it cannot be done here. */
export function runSimple(scene: Scene, command: Simple): Scene | null {
  const { editor, vim } = scene;
  const times = command.count ?? 1;
  switch (command.key) {
    case "v":
      return changeVisual(scene, "visual");
    case "V":
      return changeVisual(scene, "visual_line");
    case "u":
      return undone(scene, times);
    case "p":
    case "P":
      return paste(scene, command.key, times);
    case "J":
      return joinLines(scene, times);
    case "~":
      return kept(scene, toggleCase(editor, times), command);
    case "r":
      return selectionOf(scene)
        ? replaceSelected(scene, command.target)
        : kept(scene, replaceCharacters(editor, command.target, times), command);
    case "o":
    case "O":
      if (selectionOf(scene)) return otherEnd(scene);
      return enterInsert({ editor: openLine(editor, command.key), vim }, editor, command);
    default: {
      const to = insertPlace(editor, command.key);
      return to === null ? null : enterInsert({ editor: at(editor, to), vim }, editor, command);
    }
  }
}

function kept(scene: Scene, editor: EditorState | null, command: Simple): Scene | null {
  if (editor === null) return null;
  return { editor, vim: { ...scene.vim, lastChange: { command, inserted: plainFragment("") } } };
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

function openLine(editor: EditorState, key: "o" | "O"): EditorState {
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

function changeVisual(scene: Scene, mode: VimMode): Scene {
  const { editor, vim } = scene;
  if (vim.mode === mode) return toNormal(scene);
  const anchor = vim.mode === "normal" ? editor.cursor : vim.anchor;
  return { editor, vim: { ...vim, mode, anchor } };
}

function otherEnd({ editor, vim }: Scene): Scene {
  return { editor: at(editor, vim.anchor), vim: { ...vim, anchor: editor.cursor } };
}

/** Whole lines go below or above the line; other pieces behind or before the cursor. */
function paste(scene: Scene, key: "p" | "P", times: number): Scene | null {
  const { editor, vim } = scene;
  const [piece] = editor.killed;
  if (piece === undefined) return null;
  const selected = selectionOf(scene);
  const isLines = vim.lines === piece;
  if (selected) {
    const cut = sliceFragment(editor, selected.range);
    const replaced = reduceEditor(editor, { type: "replace", range: selected.range, piece });
    const copied = reduceEditor(replaced, { type: "copy", piece: cut });
    return toNormal({ editor: copied, vim: { ...vim, lines: selected.lines ? cut : null } });
  }
  const command: Simple = { type: "simple", count: times, key, target: "" };
  const pasted = isLines
    ? pasteLines(editor, piece, { key, times })
    : pasteHere(editor, piece, { key, times });
  return kept(scene, pasted, command);
}

type PasteOptions = { key: "p" | "P"; times: number };

function pasteLines(editor: EditorState, piece: Fragment, { key, times }: PasteOptions): EditorState {
  const { text, cursor } = editor;
  const newline = plainFragment("\n");
  const lines = repeatPiece(joinFragments(newline, piece), times);
  const below = key === "p";
  const place = below ? lineEnd(text, cursor) : lineStart(text, cursor);
  const whole = below ? lines : joinFragments(sliceFragment(lines, [1, lines.text.length]), newline);
  const pasted = reduceEditor(editor, { type: "replace", range: [place, place], piece: whole });
  return at(pasted, firstNonBlank(pasted, below ? place + 1 : place));
}

function pasteHere(editor: EditorState, piece: Fragment, { key, times }: PasteOptions): EditorState {
  const { text, cursor } = editor;
  const behind = key === "p" && cursor < lineEnd(text, cursor);
  const place = behind ? nextBorder(editor, cursor) : cursor;
  const pasted = reduceEditor(editor, {
    type: "replace",
    range: [place, place],
    piece: repeatPiece(piece, times),
  });
  return at(pasted, previousBorder(pasted, pasted.cursor));
}

function repeatPiece(piece: Fragment, times: number): Fragment {
  let whole = piece;
  for (let time = 1; time < times; time++) whole = joinFragments(whole, piece);
  return whole;
}

/** Two lines, or as many as the count or the selection says, with one blank between them. */
function joinLines(scene: Scene, times: number): Scene | null {
  const selected = selectionOf(scene);
  const start = selected ? selected.range[0] : scene.editor.cursor;
  const lines = selected ? scene.editor.text.slice(...selected.range).split("\n").length : times;
  let editor = at(scene.editor, start);
  for (let time = 0; time < Math.max(1, lines - 1); time++) {
    const next = joinNext(editor);
    if (next === null) break;
    editor = next;
  }
  if (editor.text === scene.editor.text) return null;
  const joined = reduceEditor(editor, { type: "join", since: scene.editor });
  const command: Simple = { type: "simple", count: lines, key: "J", target: "" };
  return toNormal({
    editor: joined,
    vim: { ...scene.vim, lastChange: { command, inserted: plainFragment("") } },
  });
}

function joinNext(editor: EditorState): EditorState | null {
  const { text, cursor } = editor;
  const end = lineEnd(text, cursor);
  if (end === text.length) return null;
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

function replaceSelected(scene: Scene, target: string): Scene | null {
  const selected = selectionOf(scene);
  if (!selected) return null;
  const { editor, vim } = scene;
  const [start, end] = selected.range;
  let text = "";
  for (let from = start; from < end; from = nextBorder(editor, from)) {
    text += editor.text[from] === "\n" ? "\n" : target;
  }
  const replaced = reduceEditor(editor, { type: "replace", range: [start, end], piece: plainFragment(text) });
  return toNormal({ editor: at(replaced, start), vim });
}
