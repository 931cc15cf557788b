// Walking through earlier prompts and searching them. Pure; the file is history-file's.
import { EMPTY_FRAGMENT, type Fragment, plainFragment } from "./fragment.ts";
import type { Rank } from "./rank.ts";

/** `at`: the prompt that is shown, null while the person's own draft is; `draft` is kept meanwhile. */
export type HistoryState = {
  /** Oldest first. */
  readonly prompts: readonly string[];
  readonly at: number | null;
  readonly draft: Fragment;
};

export const EMPTY_HISTORY: HistoryState = { prompts: [], at: null, draft: EMPTY_FRAGMENT };

/** The history with a prompt that was sent; one that repeats the last is not kept twice. */
export function rememberPrompt(history: HistoryState, prompt: string): HistoryState {
  const repeated = prompt.trim() === "" || history.prompts.at(-1) === prompt;
  const prompts = repeated ? history.prompts : [...history.prompts, prompt];
  return { prompts, at: null, draft: EMPTY_FRAGMENT };
}

/** One prompt back (-1) or forth (1) and what to show then; null at either end. */
export function walkHistory(
  history: HistoryState,
  step: -1 | 1,
  shown: Fragment,
): { history: HistoryState; shown: Fragment } | null {
  const { prompts, at } = history;
  if (at === null && step === 1) return null;
  const target = (at ?? prompts.length) + step;
  if (target < 0) return null;
  const draft = at === null ? shown : history.draft;
  if (target >= prompts.length)
    return { history: { ...history, at: null, draft: EMPTY_FRAGMENT }, shown: draft };
  return { history: { ...history, at: target, draft }, shown: plainFragment(prompts[target] ?? "") };
}

/** `matches` are prompts, best first. The text in the input stays as it is until one is taken. */
export type HistorySearch = {
  readonly query: string;
  readonly matches: readonly string[];
  readonly selected: number;
};

export function openSearch(prompts: readonly string[]): HistorySearch {
  return { query: "", matches: newestFirst(prompts), selected: 0 };
}

/** Prompts that hold the query as it is come first, the newest before the others; then those that hold its letters. */
export function searchHistory(query: string, prompts: readonly string[], rank: Rank): HistorySearch {
  const candidates = newestFirst(prompts);
  if (query === "") return { query, matches: candidates, selected: 0 };
  const wanted = query.toLowerCase();
  const exact = candidates.filter((prompt) => prompt.toLowerCase().includes(wanted));
  const others = candidates.filter((prompt) => !prompt.toLowerCase().includes(wanted));
  const fuzzy = rank(query, others).flatMap((index) => others[index] ?? []);
  return { query, matches: [...exact, ...fuzzy], selected: 0 };
}

export function moveInSearch(search: HistorySearch, step: -1 | 1): HistorySearch {
  const selected = Math.max(0, Math.min(search.matches.length - 1, search.selected + step));
  return { ...search, selected };
}

export function foundPrompt(search: HistorySearch): string | undefined {
  return search.matches[search.selected];
}

function newestFirst(prompts: readonly string[]): string[] {
  return [...new Set([...prompts].reverse())];
}
