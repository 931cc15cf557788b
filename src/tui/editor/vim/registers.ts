// Vim's registers: where what was cut or copied is kept, by a letter. The unnamed one is the newest piece of the kill
// ring, which the emacs keys share. Pure.
import { type EditorState, reduceEditor } from "../buffer.ts";
import { expandFragment, joinFragments, plainFragment } from "../fragment.ts";
import type { Scene, Taken, VimState } from "./vim-state.ts";

/** The clipboard; what is put there also goes to that of the system. */
const CLIPBOARD = "+";

/** What is put there is gone. */
const BLACK_HOLE = "_";

/** `"1` to `"9`: what was cut in whole lines or over lines, newest first. */
const CUT_LINES = 9;

type Write = { register: string | null; how: "cut" | "copied" };

/** Keeps a piece; a name that is no register counts as none. */
export function keepTaken({ editor, vim }: Scene, taken: Taken, { register, how }: Write): Scene {
  if (register === BLACK_HOLE) return { editor, vim };
  const name = register === "*" ? CLIPBOARD : (register ?? '"');
  const named = /^[a-zA-Z+]$/.test(name);
  const whole = /^[A-Z]$/.test(name) ? appended(vim.registers[name.toLowerCase()], taken) : taken;
  const registers = named
    ? { ...vim.registers, [name.toLowerCase()]: whole }
    : byHow(vim.registers, taken, how);
  return {
    editor: reduceEditor(editor, { type: "copy", piece: whole.piece }),
    vim: { ...vim, registers, newest: whole },
  };
}

/** `"0` has what was copied last, `"1` what was cut last, `"-` what was cut within a line. */
function byHow(registers: VimState["registers"], taken: Taken, how: Write["how"]): VimState["registers"] {
  if (how === "copied") return { ...registers, "0": taken };
  if (taken.kind === "text" && !taken.piece.text.includes("\n")) return { ...registers, "-": taken };
  const shifted: Record<string, Taken> = { ...registers, "1": taken };
  for (let number = CUT_LINES; number > 1; number--) {
    const before = registers[String(number - 1)];
    if (before) shifted[String(number)] = before;
  }
  return shifted;
}

/** Lines stay lines, and make lines of what is put to them. */
function appended(before: Taken | undefined, more: Taken): Taken {
  if (before === undefined) return more;
  const isLines = before.kind === "lines" || more.kind === "lines";
  const first = isLines ? joinFragments(before.piece, plainFragment("\n")) : before.piece;
  return { piece: joinFragments(first, more.piece), kind: isLines ? "lines" : before.kind };
}

/** Null when the register is empty. */
export function readRegister({ editor, vim }: Scene, register: string | null): Taken | null {
  if (register === null || register === '"') return unnamed(editor, vim);
  if (register === "*") return vim.registers[CLIPBOARD] ?? null;
  return vim.registers[register.toLowerCase()] ?? null;
}

function unnamed({ killed }: EditorState, { newest }: VimState): Taken | null {
  const [piece] = killed;
  if (piece === undefined) return null;
  return newest?.piece === piece ? newest : { piece, kind: "text" };
}

export function isClipboard(register: string | null): boolean {
  return register === "*" || register === CLIPBOARD;
}

/** What the system's clipboard has to hold now, lines with a break at their end; null: it was not written to. */
export function clipboardChange(before: VimState, after: VimState): string | null {
  const taken = after.registers[CLIPBOARD];
  return taken === undefined || taken.piece === before.registers[CLIPBOARD]?.piece
    ? null
    : clipboardText(taken);
}

function clipboardText({ piece, kind }: Taken): string {
  return `${expandFragment(piece)}${kind === "lines" ? "\n" : ""}`;
}

/**
 * What the system's clipboard holds. What vim itself put there is still what it was, lines or a block, with its tokens;
 * some clipboards drop the last line break. Of others' a text that ends in a line break is lines.
 */
export function withClipboard(vim: VimState, text: string): VimState {
  const own = vim.registers[CLIPBOARD];
  if (own && clipboardText(own).trimEnd() === text.trimEnd()) return vim;
  const isLines = text.endsWith("\n");
  const taken: Taken = {
    piece: plainFragment(isLines ? text.slice(0, -1) : text),
    kind: isLines ? "lines" : "text",
  };
  return { ...vim, registers: { ...vim.registers, [CLIPBOARD]: taken } };
}
