// What becomes of a paste: typed text, a token for a long one, image tokens for paths of image files.
import { basename, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { sanitizeText } from "../../lib/ansi.ts";
import { expandHome } from "../../lib/paths.ts";
import { countLines, cutLine } from "../../lib/truncate.ts";
import { type Fragment, joinFragments, plainFragment, tokenFragment } from "./fragment.ts";

const MAX_LINES = 10;
const MAX_CHARACTERS = 1000;
const MAX_NAME = 40;

export type PasteOptions = {
  /** The number of the next token. */
  number: number;
  /** Where relative paths start, and what `~` means. */
  cwd: string;
  home: string;
  /** Tells whether an absolute path is a file. */
  isFile: (path: string) => boolean;
};

/** Terminals send a line break of a paste as CR, some as CRLF. */
export function normalizeNewlines(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** The piece to insert, and the number of the next token. */
export function readPaste(pasted: string, options: PasteOptions): { piece: Fragment; number: number } {
  const text = normalizeNewlines(pasted);
  const images = imagePaths(text, options);
  if (images.length > 0) return imageTokens(images, options.number);
  const lines = countLines(text);
  if (lines <= MAX_LINES && text.length <= MAX_CHARACTERS) {
    return { piece: plainFragment(text), number: options.number };
  }
  const size = lines > MAX_LINES ? `${lines} lines` : `${text.length} characters`;
  const label = `[pasted ${size} #${options.number}]`;
  return { piece: tokenFragment(label, { kind: "paste", text }), number: options.number + 1 };
}

function imageTokens(paths: readonly string[], first: number): { piece: Fragment; number: number } {
  let piece = plainFragment("");
  for (const [index, path] of paths.entries()) {
    const name = cutLine(sanitizeText(basename(path)).replace(/\s+/g, " "), MAX_NAME);
    const token = tokenFragment(`[image #${first + index} ${name}]`, { kind: "image", path });
    piece = joinFragments(index === 0 ? piece : joinFragments(piece, plainFragment(" ")), token);
  }
  return { piece, number: first + paths.length };
}

const IMAGE_NAME = /\.(?:png|jpe?g|gif|webp)$/i;

/** Absolute paths when the text is nothing but paths of image files, as terminals paste a dragged file; else none. */
function imagePaths(text: string, { cwd, home, isFile }: PasteOptions): string[] {
  const line = text.trim();
  if (line === "" || line.length > 4 * MAX_CHARACTERS || line.includes("\n")) return [];
  const whole = absolutePath(line, cwd, home);
  if (whole !== null && isFile(whole)) return [whole];
  const paths = shellWords(line).map((word) => absolutePath(word, cwd, home));
  return paths.every((path) => path !== null) && paths.every(isFile) ? paths : [];
}

function absolutePath(word: string, cwd: string, home: string): string | null {
  if (!IMAGE_NAME.test(word)) return null;
  if (!word.startsWith("file://")) {
    const path = expandHome(word, home);
    return isAbsolute(path) ? path : resolve(cwd, path);
  }
  try {
    return fileURLToPath(word);
  } catch {
    return null; // No URL of a file on this machine.
  }
}

/** Words as a shell reads them: quotes, and backslashes before blanks. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single, double, escaped) => single ?? double ?? escaped),
  );
}
