// What a person looks for in sessions: words and "phrases", as patterns for texts and for the lines that hold them. Pure.

/** Blanks in a phrase stand for any white space. */
export type SearchQuery = { words: readonly string[] };

/** More say nothing more, and each costs a look at every session. */
const MOST_WORDS = 8;

/** Words apart, `"words in quotes"` together; letter case does not count. */
export function parseQuery(text: string): SearchQuery {
  const found = Array.from(text.matchAll(/"([^"]*)"|(\S+)/g), ([, phrase, word]) => phrase ?? word ?? "");
  const words = found.map((word) => word.trim().toLowerCase()).filter((word) => word !== "");
  return { words: [...new Set(words)].slice(0, MOST_WORDS) };
}

/** The word that the fewest sessions are likely to hold. */
export function rarestWord({ words }: SearchQuery): string {
  return words.toSorted((a, b) => b.length - a.length)[0] ?? "";
}

/** ripgrep's pattern for a word as it stands in a JSON string. */
export function jsonPattern(word: string): string {
  return word
    .split(/\s+/)
    .map((part) => escapeRegex(JSON.stringify(part).slice(1, -1)))
    .join(String.raw`(?: |\\[nrt])+`);
}

/** Where the word stands in the text, as [start, end); null when it does not. */
export function findWord(text: string, word: string): [start: number, end: number] | null {
  const pattern = new RegExp(word.split(/\s+/).map(escapeRegex).join("\\s+"), "iu");
  const match = pattern.exec(text);
  return match ? [match.index, match.index + match[0].length] : null;
}

/** The characters that mean something to ripgrep and to JavaScript, in a form that both take. */
function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
