// A list to choose from with a fuzzy filter: pure state, shared by every picker.
import { matchItems } from "./picker-match.ts";

/** How a row of a tree is joined to those above it, outermost first. */
export type Guide = "line" | "gap" | "fork" | "last";

export type PickerItem<T> = {
  value: T;
  label: string;
  /** Shown dim behind the label, and searched with it. */
  detail: string;
  /** So many units of the detail, a value, stand alone where there is no room for more; the label gives way to them. */
  lead?: number;
  /** The one in force now. */
  current: boolean;
  /** Shown at the right end of the row, not searched: a key, a mark. */
  aside?: string;
  /** Drawn before the label while nothing is filtered. */
  guides?: readonly Guide[];
  /** The label is a path: its end says more than its middle. */
  path?: boolean;
};

export type PickerState<T> = {
  title: string;
  items: readonly PickerItem<T>[];
  query: string;
  /** Items that match, best first; all of them without a query. Of a long list the best 200. */
  matches: readonly PickerItem<T>[];
  /** How many match in all. */
  total: number;
  /** Index in `matches`; 0 when nothing matches. */
  selected: number;
  /** Moves that were made before there were items: they are made when the items come. */
  held?: readonly number[];
  /** Absent: the items are filtered here. Else they are what was found for the query, or for the one before (false). */
  answered?: boolean;
};

export function openPicker<T>(title: string, items: readonly PickerItem<T>[]): PickerState<T> {
  const current = items.findIndex((item) => item.current);
  const selected = Math.max(0, current);
  return { title, items, query: "", matches: items, total: items.length, selected };
}

export function filterPicker<T>(state: PickerState<T>, query: string): PickerState<T> {
  const { held: _moves, ...rest } = state;
  if (rest.answered !== undefined) return { ...rest, query, answered: false, selected: 0 };
  return { ...rest, query, ...matchItems(query, state.items), selected: 0 };
}

/**
 * The same picker over other items: they arrived, or one of them was changed or removed. What was typed stays, and the
 * chosen item where it is still there; else the place in the list.
 */
export function replaceItems<T>(state: PickerState<T>, items: readonly PickerItem<T>[]): PickerState<T> {
  const chosen = chosenItem(state);
  const isAnswer = state.answered !== undefined;
  const found = isAnswer
    ? { matches: items, total: items.length, answered: true }
    : matchItems(state.query, items);
  if (chosen === undefined) {
    const first = state.query === "" ? found.matches.findIndex((item) => item.current) : 0;
    const { held = [], ...rest } = state;
    const arrived: PickerState<T> = { ...rest, items, ...found, selected: Math.max(0, first) };
    return items.length === 0 && !isAnswer ? state : held.reduce(moveInPicker, arrived);
  }
  const same = found.matches.findIndex((item) => item.value === chosen.value);
  const selected = same === -1 ? Math.min(state.selected, found.matches.length - 1) : same;
  return { ...state, items, ...found, selected: Math.max(0, selected) };
}

/** Moves by `step`, stopping at both ends; an infinite step goes to the end. Without items the move is held. */
export function moveInPicker<T>(state: PickerState<T>, step: number): PickerState<T> {
  if (state.items.length === 0) return { ...state, held: [...(state.held ?? []), step] };
  const selected = Math.max(0, Math.min(state.matches.length - 1, state.selected + step));
  return { ...state, selected };
}

export function chosenItem<T>(state: PickerState<T>): PickerItem<T> | undefined {
  return state.matches[state.selected];
}
