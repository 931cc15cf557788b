// The shape of the terminal's cursor follows vim's mode. Writes only when it changes, and gives back the terminal's own.
import type { Composer } from "./editor/composer.ts";
import { cursorShape, DEFAULT_SHAPE } from "./editor/vim/vim-look.ts";

export type CursorShape = {
  /** The terminal is ours again. */
  apply: () => void;
  /** Somebody else has the terminal now. */
  reset: () => void;
};

/** `write` to the terminal; the sequence moves nothing, so it may come between two frames. */
export function followCursorShape(
  composer: Pick<Composer, "state" | "subscribe">,
  write: (sequence: string) => void,
): CursorShape {
  let shown = DEFAULT_SHAPE;
  let active = false;
  const show = (shape: string): void => {
    if (shape === shown) return;
    shown = shape;
    write(shape);
  };
  composer.subscribe(() => {
    if (active) show(cursorShape(composer.state()));
  });
  return {
    apply: () => {
      active = true;
      show(cursorShape(composer.state()));
    },
    reset: () => {
      active = false;
      show(DEFAULT_SHAPE);
    },
  };
}
