import { expect, test } from "vitest";
import { followCursorShape } from "../../src/tui/cursor-shape.ts";
import { type ComposerState, EMPTY_COMPOSER } from "../../src/tui/editor/composer-state.ts";
import { FIRST_VIM, type VimState } from "../../src/tui/editor/vim/vim-state.ts";

/** As much of a composer as the shape looks at. */
function stateStore(): {
  set: (vim: VimState | null) => void;
  composer: Parameters<typeof followCursorShape>[0];
} {
  let state: ComposerState = EMPTY_COMPOSER;
  let listener = (): void => undefined;
  return {
    set: (vim) => {
      state = { ...state, vim };
      listener();
    },
    composer: {
      state: () => state,
      subscribe: (told) => {
        listener = told;
        return () => undefined;
      },
    },
  };
}

test("the shape follows the mode, is written only when it changes, and is given back with the terminal", () => {
  const { set, composer } = stateStore();
  const written: string[] = [];
  const shape = followCursorShape(composer, (sequence) => written.push(sequence));
  shape.apply();
  set(null);
  expect(written).toEqual([]);
  set(FIRST_VIM);
  set({ ...FIRST_VIM, mode: "normal" });
  set({ ...FIRST_VIM, mode: "normal", pending: [] });
  set({ ...FIRST_VIM, mode: "normal", pending: ["d"] });
  shape.reset();
  set(FIRST_VIM);
  shape.apply();
  expect(written).toEqual(["6", "2", "4", "0", "6"].map((number) => `\x1b[${number} q`));
});
