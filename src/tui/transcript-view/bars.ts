// The first and the last row of the view: what is seen and where, and what keys do. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import { type Keybindings, keyLabel } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import type { ItemView } from "../transcript/item-view.ts";
import { MARGIN, oneLine } from "../transcript/item-view.ts";

type Look = Pick<ItemView, "theme" | "glyphs" | "width">;

/** The title on the left gives way to what stands on the right, the facts to the alert before them ("": none). */
export function titleRow(
  { title, alert, facts }: { title: string; alert: string; facts: readonly string[] },
  { theme, glyphs, width }: Look,
): string {
  const right = fitParts([alert, ...facts], width - MARGIN - 8, "   ");
  const room = width - MARGIN - (right === "" ? 0 : textWidth(right) + 3);
  const left = truncateText(oneLine(title, glyphs), Math.max(4, room), glyphs.ellipsis);
  const gap =
    right === "" ? "" : " ".repeat(Math.max(1, width - MARGIN - textWidth(left) - textWidth(right)));
  return `${" ".repeat(MARGIN)}${theme.bold(left)}${gap}${theme.style.warning(right.slice(0, alert.length))}${theme.style.dim(right.slice(alert.length))}`;
}

/** What keys do, by the first key of each action. `least` first when there is no room. */
type KeyHint = { actions: readonly KeyAction[]; words: string; importance: number };

const VIEW_HINTS: readonly KeyHint[] = [
  { actions: ["transcript_search"], words: "search", importance: 8 },
  { actions: ["transcript_match_after", "transcript_match_before"], words: "match", importance: 0 },
  { actions: ["transcript_fold"], words: "fold", importance: 7 },
  { actions: ["transcript_fold_all"], words: "fold all", importance: 4 },
  { actions: ["transcript_prompt_before", "transcript_prompt_after"], words: "prompts", importance: 6 },
  { actions: ["transcript_copy"], words: "copy", importance: 5 },
  { actions: ["transcript_copy_code"], words: "code", importance: 2 },
  { actions: ["transcript_diff"], words: "diff", importance: 3 },
  { actions: ["transcript_rewind"], words: "rewind", importance: 1 },
  { actions: ["transcript_tree"], words: "tree", importance: 0 },
  { actions: ["transcript_close"], words: "back", importance: 10 },
];

const DIFF_HINTS: readonly KeyHint[] = [
  { actions: ["transcript_up", "transcript_down"], words: "scroll", importance: 1 },
  { actions: ["transcript_copy"], words: "copy", importance: 2 },
  { actions: ["transcript_close"], words: "back", importance: 10 },
];

/** What keys do in the view, with matches in it, and over a change. */
export type KeyHints = Readonly<Record<"view" | "matches" | "diff", readonly KeyHint[]>>;

export function keyHints(bindings: Keybindings): KeyHints {
  const view = withKeys(VIEW_HINTS, bindings);
  const matches = view.map((hint) =>
    hint.actions.includes("transcript_match_after") ? { ...hint, importance: 9 } : hint,
  );
  return { view, matches, diff: withKeys(DIFF_HINTS, bindings) };
}

/** An action without a key has nothing to show. */
function withKeys(hints: readonly KeyHint[], bindings: Keybindings): KeyHint[] {
  return hints.flatMap(({ actions, words, importance }) => {
    const keys = actions.map((action) => keyLabel(action, bindings)).filter((key) => key !== "");
    return keys.length === 0 ? [] : [{ actions, words: `${keys.join(" ")} ${words}`, importance }];
  });
}

/** What was just said or is found, then the keys that still have room, the least important left out first. */
export function keyRow(said: string, hints: readonly KeyHint[], { theme, glyphs, width }: Look): string {
  const room = width - MARGIN;
  const most = Math.max(0, ...hints.map(({ importance }) => importance));
  const kept = hints.find(({ importance }) => importance === most)?.words ?? "";
  const words = sanitizeText(said).replaceAll("\n", " ");
  const first = truncateText(words, room - (kept === "" ? 0 : textWidth(kept) + 3), glyphs.ellipsis);
  const left = room - (first === "" ? 0 : textWidth(first) + 3);
  const shown = [...hints];
  while (shown.length > 0 && textWidth(shown.map(({ words }) => words).join("   ")) > left) {
    const least = Math.min(...shown.map(({ importance }) => importance));
    shown.splice(
      shown.findLastIndex(({ importance }) => importance === least),
      1,
    );
  }
  const keys = theme.style.dim(shown.map(({ words }) => words).join("   "));
  const parts = [theme.style.accent(first), keys].filter((part) => part !== "");
  return `${" ".repeat(MARGIN)}${parts.join("   ")}`;
}

/** As many of the parts as fit, the first ones kept longest. */
function fitParts(parts: readonly string[], width: number, between: string): string {
  const shown = parts.filter((part) => part !== "");
  while (shown.length > 0 && textWidth(shown.join(between)) > width) shown.pop();
  return shown.join(between);
}
