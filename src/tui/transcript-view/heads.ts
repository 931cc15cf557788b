// From prompt to prompt: where the runs of a book begin. Pure.
import type { Book } from "./book.ts";
import type { Spot } from "./strip.ts";

/** The nearest first item of a run on that side of a place; null where there is none in the pages known so far. */
export function nextHead(book: Book, from: Spot, way: "before" | "after"): Spot | null {
  return way === "before" ? headBefore(book, from) : headAfter(book, from);
}

function headBefore(book: Book, from: Spot): Spot | null {
  let before = from.item;
  for (let page = from.page; page >= book.firstPage(); page--) {
    const item = book.items(page).slice(0, before).findLastIndex(isPrompt);
    if (item >= 0) return { page, item };
    before = Number.POSITIVE_INFINITY;
  }
  return null;
}

function headAfter(book: Book, from: Spot): Spot | null {
  let after = from.item + 1;
  for (let page = from.page; page <= 0; page++) {
    const item = book.items(page).findIndex((entry, index) => index >= after && isPrompt(entry));
    if (item >= 0) return { page, item };
    after = 0;
  }
  return null;
}

/** What stands before the first run is no prompt. */
function isPrompt({ head, item }: ReturnType<Book["items"]>[number]): boolean {
  return head && item.kind === "user";
}
