// Colours code line by line, so that a line is final as soon as it is complete. Changes no character of it.
import type { HLJSApi } from "highlight.js";
import { findLanguage, LANGUAGES } from "./languages.ts";

/** `scope` is highlight.js' class without its prefix ("keyword", "title function_"), null for plain code. */
export type Segment = { text: string; scope: string | null };

/**
 * Between two lines: the lines that opened what is still open (a comment, a string). They are read again before the
 * next line, so the cost of a line depends on the depth of nesting, not on how long the comment is. Beyond
 * MAX_OPEN characters colouring starts anew; a comment inside an embedded language ends with its line.
 */
export type HighlightState = { readonly language: string | null; readonly open: readonly OpenLine[] };
type OpenLine = { line: string; modes: readonly object[] };

const MAX_OPEN = 2_000;
/** Minified code: colours would cost more than they tell. */
const MAX_LINE = 2_000;

let core: HLJSApi | null = null;
const loading = new Map<string, Promise<void>>();

export function startHighlight(language: string): HighlightState {
  return { language: findLanguage(language), open: [] };
}

/** Starts loading a language unless it is known, loading or loaded. A failure leaves its code uncoloured. */
export function requestLanguage(name: string): void {
  const language = findLanguage(name);
  if (language === null || core?.getLanguage(language) || loading.has(language)) return;
  const done = register(language)
    .catch(() => undefined) // Colours are no reason to fail: the code is shown plain.
    .finally(() => loading.delete(language));
  loading.set(language, done);
}

/** Resolves when all languages asked for so far can be used. */
export async function languagesReady(): Promise<void> {
  await Promise.all(loading.values());
}

export function languagesLoading(): boolean {
  return loading.size > 0;
}

/** One line without its newline. The texts of the segments are the line, character for character. */
export function highlightLine(
  state: HighlightState,
  line: string,
): { segments: Segment[]; state: HighlightState } {
  const plain = { segments: [{ text: line, scope: null }], state };
  const { language } = state;
  if (language === null || !core?.getLanguage(language) || line.length > MAX_LINE) return plain;
  const before = state.open.map((open) => `${open.line}\n`).join("");
  const source = `${before}${line}\n`;
  const result = core.highlight(source, { language, ignoreIllegals: true });
  const segments = readSegments(result.value);
  if (segments.map((segment) => segment.text).join("") !== source) return plain;
  const open = nextOpen(state.open, line, modesOf(result._top));
  return {
    segments: cutSegments(segments, before.length, before.length + line.length),
    state: { language, open },
  };
}

async function register(language: string): Promise<void> {
  const library = core ?? (await import("highlight.js/lib/core")).default;
  core = library;
  for (const name of [language, ...(LANGUAGES[language]?.embeds ?? [])]) {
    const source = LANGUAGES[name];
    if (source && !library.getLanguage(name)) library.registerLanguage(name, (await source.load()).default);
  }
}

/** The nesting at the end of a text, outermost first; highlight.js keeps it as a chain of parents. */
function modesOf(top: unknown): object[] {
  const modes: object[] = [];
  let mode = top;
  while (typeof mode === "object" && mode !== null && "parent" in mode && mode.parent) {
    modes.unshift(Object.getPrototypeOf(mode));
    mode = mode.parent;
  }
  return modes;
}

function nextOpen(open: readonly OpenLine[], line: string, modes: readonly object[]): readonly OpenLine[] {
  if (modes.length === 0) return [];
  const same = open.findIndex((earlier) => sameModes(earlier.modes, modes));
  if (same !== -1) return open.slice(0, same + 1);
  const next = [...open, { line, modes }];
  const size = next.reduce((sum, entry) => sum + entry.line.length, 0);
  return size > MAX_OPEN ? [] : next;
}

function sameModes(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((mode, index) => mode === b[index]);
}

const MARKUP = /<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);|[^<&]+/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

/** highlight.js answers HTML: spans with classes, five entities, nothing else. */
function readSegments(html: string): Segment[] {
  const segments: Segment[] = [];
  const scopes: (string | null)[] = [];
  for (const match of html.matchAll(MARKUP)) {
    const [whole, scope, entity] = match;
    if (scope !== undefined) scopes.push(scope.replace(/^hljs-/, ""));
    else if (whole === "</span>") scopes.pop();
    else addText(segments, entity === undefined ? whole : (ENTITIES[entity] ?? whole), scopes.at(-1) ?? null);
  }
  return segments;
}

function addText(segments: Segment[], text: string, scope: string | null): void {
  const last = segments.at(-1);
  if (last && last.scope === scope) last.text += text;
  else segments.push({ text, scope });
}

function cutSegments(segments: readonly Segment[], start: number, end: number): Segment[] {
  const cut: Segment[] = [];
  let offset = 0;
  for (const { text, scope } of segments) {
    const part = text.slice(Math.max(0, start - offset), Math.max(0, end - offset));
    if (part !== "") cut.push({ text: part, scope });
    offset += text.length;
  }
  return cut;
}
