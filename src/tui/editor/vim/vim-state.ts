// What vim mode remembers beside the text itself. Types and the beginning; no behaviour.
import type { KeyPress } from "../../keys/read-keys.ts";
import type { EditorState } from "../buffer.ts";
import type { Fragment } from "../fragment.ts";
import type { Command, FindKey } from "./grammar.ts";

export type VisualMode = "visual" | "visual_line" | "visual_block";

export type VimMode = "insert" | "normal" | VisualMode;

/** What was cut or copied. `block`: rows of a rectangle, with line breaks between them. */
export type Taken = { readonly piece: Fragment; readonly kind: "text" | "lines" | "block" };

/** How much was selected: `.` does the same to as much text. `characters` counts those of the last line. */
export type Shape = { readonly mode: VisualMode; readonly lines: number; readonly characters: number };

/** `text` is what the offsets were reckoned in; they follow the text when it is another. */
export type Marks = { readonly text: string; readonly places: Readonly<Record<string, number>> };

export type Macro = readonly KeyPress[];

export type VimState = {
  readonly mode: VimMode;
  /** The letters of a command that is not whole yet. */
  readonly pending: readonly string[];
  /** Where a visual selection began. */
  readonly anchor: number;
  /** A block that goes on to the end of each line (`$`). */
  readonly toLineEnds: boolean;
  /** What `gv` selects again, between the marks `<` and `>`. */
  readonly lastVisual: Pick<VimState, "toLineEnds"> & { readonly mode: VisualMode };
  /** What `;` and `,` repeat. */
  readonly lastFind: { key: FindKey; target: string } | null;
  /** What `n` and `N` look for, and which way `n` goes. */
  readonly lastSearch: { word: string; forward: boolean } | null;
  /**
   * What `.` repeats; `inserted` is what was written after it, of a change that goes on in insert mode; `shape` is of
   * a change in visual mode.
   */
  readonly lastChange: { command: Command; inserted: Fragment; shape: Shape | null } | null;
  /** The newest piece of the kill ring, where vim put it there: what kind of piece it is. */
  readonly newest: Taken | null;
  readonly registers: Readonly<Record<string, Taken>>;
  readonly marks: Marks;
  readonly macros: Readonly<Record<string, Macro>>;
  /** The macro being recorded. */
  readonly recording: { readonly name: string; readonly presses: Macro } | null;
  /** What `@@` does again. */
  readonly lastMacro: string | null;
  /** The last command could not be done: a macro ends there. */
  readonly failed: boolean;
  /**
   * The insert that is under way: the text before it, the command that began it, and where else, in `begun`, what is
   * written has to stand (a block).
   */
  readonly open: {
    before: EditorState;
    begun: EditorState;
    command: Command;
    also: readonly number[];
    shape: Shape | null;
  } | null;
};

/** The text together with what vim mode remembers. */
export type Scene = { readonly editor: EditorState; readonly vim: VimState };

/** As a shell with vi keys: a line begins in insert mode. */
export const FIRST_VIM: VimState = {
  mode: "insert",
  pending: [],
  anchor: 0,
  toLineEnds: false,
  lastVisual: { mode: "visual", toLineEnds: false },
  lastFind: null,
  lastSearch: null,
  lastChange: null,
  newest: null,
  registers: {},
  marks: { text: "", places: {} },
  macros: {},
  recording: null,
  lastMacro: null,
  failed: false,
  open: null,
};

/** The next line begins in insert mode too, without the marks of the last one. */
export function vimAfterSending(vim: VimState): VimState {
  return { ...vim, mode: "insert", pending: [], open: null, marks: FIRST_VIM.marks };
}
