// A list to choose from with a fuzzy filter: pure state, shared by every picker.

export type PickerItem<T> = {
  value: T;
  label: string;
  /** Shown dim behind the label. */
  detail: string;
  /** The one in force now. */
  current: boolean;
  /** Shown at the right end of the row, not searched: a key, a mark. */
  aside?: string;
};

export type PickerState<T> = {
  title: string;
  items: readonly PickerItem<T>[];
  query: string;
  /** Items that match, best first; all of them without a query. */
  matches: readonly PickerItem<T>[];
  /** Index in `matches`. */
  selected: number;
};

/** Ranks `items` for `query`: indices, best first. fuzzysort in the program. */
export type Rank = (query: string, labels: readonly string[]) => number[];

export function openPicker<T>(title: string, items: readonly PickerItem<T>[]): PickerState<T> {
  const current = items.findIndex((item) => item.current);
  return { title, items, query: "", matches: items, selected: Math.max(0, current) };
}

export function filterPicker<T>(state: PickerState<T>, query: string, rank: Rank): PickerState<T> {
  if (query === "") return { ...state, query, matches: state.items, selected: 0 };
  const order = rank(
    query,
    state.items.map((item) => `${item.label} ${item.detail}`),
  );
  const matches = order.flatMap((index) => state.items[index] ?? []);
  return { ...state, query, matches, selected: 0 };
}

/** Moves by `step`, stopping at both ends. */
export function moveInPicker<T>(state: PickerState<T>, step: number): PickerState<T> {
  const selected = Math.max(0, Math.min(state.matches.length - 1, state.selected + step));
  return { ...state, selected };
}

export function chosenItem<T>(state: PickerState<T>): PickerItem<T> | undefined {
  return state.matches[state.selected];
}

/** The same picker over other items: what was typed and the chosen item stay where they can. */
export function replaceItems<T>(state: PickerState<T>, items: readonly PickerItem<T>[]): PickerState<T> {
  const chosen = chosenItem(state)?.value;
  const matched = new Set(state.matches.map((item) => item.value));
  const matches = state.query === "" ? items : items.filter((item) => matched.has(item.value));
  const selected = matches.findIndex((item) => item.value === chosen);
  return { ...state, items, matches, selected: Math.max(0, selected) };
}
