// `*` and `#` look for the word under the cursor, `n` and `N` for it again. (`/` searches earlier prompts.) Pure.
import { nextBorder, snapToBorder } from "../borders.ts";
import type { EditorState } from "../buffer.ts";
import type { Motion } from "./grammar.ts";
import type { VimState } from "./vim-state.ts";
import { endOfRun, kindAt, startOfRun } from "./words.ts";

type Search = { word: string; forward: boolean };

/** Null when nothing else in the text is that word; goes on at the other end. */
export function searchWord(
  state: EditorState,
  key: string,
  { count, vim }: { count: number | null; vim: VimState },
): number | null {
  const search = searchOf(state, key, vim);
  if (search === null) return null;
  const forward = key === "N" ? !search.forward : search.forward;
  const places = placesOf(state, search.word);
  const at =
    kindAt(state, state.cursor, { big: false }) === "word"
      ? startOfRun(state, state.cursor, { big: false })
      : state.cursor;
  const ahead = forward
    ? [...places.filter((place) => place > at), ...places.filter((place) => place <= at)]
    : [
        ...places.filter((place) => place < at).toReversed(),
        ...places.filter((place) => place >= at).toReversed(),
      ];
  return ahead[((count ?? 1) - 1) % Math.max(1, ahead.length)] ?? null;
}

export function rememberSearch(vim: VimState, editor: EditorState, { key }: Motion): VimState {
  return key === "*" || key === "#" ? { ...vim, lastSearch: searchOf(editor, key, vim) } : vim;
}

function searchOf(state: EditorState, key: string, { lastSearch }: VimState): Search | null {
  if (key !== "*" && key !== "#") return lastSearch;
  const how = { big: false };
  if (kindAt(state, state.cursor, how) === "blank") return null;
  const start = startOfRun(state, state.cursor, how);
  return {
    word: state.text.slice(start, nextBorder(state, endOfRun(state, start, how))),
    forward: key === "*",
  };
}

/** Whole words only. */
function placesOf(state: EditorState, word: string): number[] {
  const places: number[] = [];
  const how = { big: false };
  for (let at = state.text.indexOf(word); at !== -1; at = state.text.indexOf(word, at + 1)) {
    const isWhole =
      snapToBorder(state, at) === at &&
      startOfRun(state, at, how) === at &&
      nextBorder(state, endOfRun(state, at, how)) === at + word.length;
    if (isWhole) places.push(at);
  }
  return places;
}
