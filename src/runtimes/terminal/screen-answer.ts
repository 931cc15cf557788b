// What a program answered, found in what its screen showed before and after. Pure.

export type ScreenTalk = {
  /** Lines before the prompt was typed, and what they became with all that followed. Without colours and trailing blanks. */
  before: readonly string[];
  after: readonly string[];
  /** What was typed. */
  typed: string;
};

/** Characters before an echoed prompt: `user@host:~/some/folder$ `. */
const LONGEST_SIGN = 80;
/** Frames that programs draw around their input. */
const FRAME = /[\s\u2500-\u257f|]/gu;
const NEW_PROMPT = /[$#%>»›❯]$/u;

/** The lines that are new, without the echo of the prompt, the sign that asks for the next one, and what stood there before. */
export function screenAnswer({ before, after, typed }: ScreenTalk): string {
  const same = commonStart(before, after);
  const rest = after.slice(same);
  const below = commonStart(before.slice(same).toReversed(), rest.toReversed());
  const changed = rest.slice(0, rest.length - below);
  const said = changed.slice(echoedLines(changed, typed));
  const isAsked =
    below === 0 && NEW_PROMPT.test(said.at(-1) ?? "") && (said.at(-1) ?? "").length < LONGEST_SIGN;
  const lines = isAsked ? said.slice(0, -1) : said;
  return withoutBlankEnds(lines).join("\n");
}

/**
 * What to add so that a text that was told already tells this: screens are drawn over. Nothing where it is the beginning of
 * what was told; then that still stands as told.
 */
export function growth(told: string, now: string): { more: string; told: string } {
  if (now.startsWith(told)) return { more: now.slice(told.length), told: now };
  const [old, lines] = [told.split("\n"), now.split("\n")];
  const same = commonStart(old, lines);
  if (same === lines.length) return { more: "", told };
  return { more: `\n${lines.slice(same).join("\n")}`, told: now };
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) if (one[index] !== other[index]) return index;
  return length;
}

/** How many lines at the start are the prompt as it was echoed, wrapped and framed as the program likes; 0: it did not echo. */
function echoedLines(lines: readonly string[], typed: string): number {
  const wanted = squeezed(typed);
  if (wanted === "") return 0;
  let seen = "";
  for (const [index, line] of lines.entries()) {
    seen += squeezed(line);
    if (seen.length > wanted.length + LONGEST_SIGN) return 0;
    if (seen.endsWith(wanted)) return index + 1;
  }
  return 0;
}

function squeezed(text: string): string {
  return text.replaceAll(FRAME, "");
}

function withoutBlankEnds(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first < 0) return [];
  return lines.slice(first, lines.findLastIndex((line) => line.trim() !== "") + 1);
}
