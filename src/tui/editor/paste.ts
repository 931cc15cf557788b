// What becomes of a paste: typed text, a token for a long one; of files that were dragged here, image tokens and mentions.
import { basename, isAbsolute, relative, resolve } from "node:path";
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

/**
 * What was copied. Most terminals send each line break as CR, in place of LF and CRLF; one that sends any LF sends the
 * text as it is, and then CRs are part of it.
 */
function asCopied(text: string): string {
  return text.includes("\n") ? text : text.replaceAll("\r", "\n");
}

/** The piece to insert, and the number of the next token. */
export function readPaste(pasted: string, options: PasteOptions): { piece: Fragment; number: number } {
  const text = asCopied(pasted);
  const dropped = droppedFiles(text, options);
  if (dropped) return dropped;
  const lines = countLines(text);
  if (lines <= MAX_LINES && text.length <= MAX_CHARACTERS) {
    return { piece: plainFragment(text), number: options.number };
  }
  const size = lines > MAX_LINES ? `${lines} lines` : `${text.length} characters`;
  const label = `[pasted ${size} #${options.number}]`;
  return { piece: tokenFragment(label, { kind: "paste", text }), number: options.number + 1 };
}

const IMAGE_NAME = /\.(?:png|jpe?g|gif|webp)$/i;

type Dropped = { path: string; written: string };

/**
 * Null when the text is anything but paths of files, as terminals paste what was dragged to them. Images become tokens,
 * files of the project mentions; others stay the paths that they are.
 */
function droppedFiles(text: string, options: PasteOptions): { piece: Fragment; number: number } | null {
  const files = pathsIn(text, options);
  let piece = plainFragment("");
  let { number } = options;
  let changed = false;
  for (const file of files) {
    const image = IMAGE_NAME.test(file.path) ? imageToken(file.path, number++) : null;
    const next = image ?? plainFragment(mentionOf(file, options) ?? file.written);
    changed ||= next.text !== file.written;
    piece = joinFragments(piece.text === "" ? piece : joinFragments(piece, plainFragment(" ")), next);
  }
  return changed ? { piece, number } : null;
}

function imageToken(path: string, number: number): Fragment {
  const name = cutLine(sanitizeText(basename(path)).replace(/\s+/g, " "), MAX_NAME);
  return tokenFragment(`[image #${number} ${name}]`, { kind: "image", path });
}

/** A name that was written without its folder may be meant as a word. */
function mentionOf({ path, written }: Dropped, { cwd }: PasteOptions): string | null {
  const name = relative(cwd, path);
  const isInside = name !== "" && !name.startsWith("..") && !isAbsolute(name);
  if (!isInside || !/^(?:[/~]|file:|[a-z]:[\\/])/i.test(written)) return null;
  const shown = name.replaceAll("\\", "/");
  return /[\s"'`<>|]/.test(shown) ? `@"${shown}"` : `@${shown}`;
}

/** All the files that the text names, a line or a word each; empty when it says anything else. */
function pathsIn(text: string, options: PasteOptions): Dropped[] {
  const whole = text.trim();
  if (whole === "" || whole.length > 4 * MAX_CHARACTERS) return [];
  const files: Dropped[] = [];
  for (const line of whole.split("\n")) {
    const words = fileAt(line.trim(), options) ? [line.trim()] : shellWords(line);
    for (const word of words) {
      const path = fileAt(word, options);
      if (path === null) return [];
      files.push({ path, written: word });
    }
  }
  return files;
}

/** Absolute; null when there is no such file. */
function fileAt(word: string, { cwd, home, isFile }: PasteOptions): string | null {
  const path = absolutePath(word, cwd, home);
  return path !== null && isFile(path) ? path : null;
}

function absolutePath(word: string, cwd: string, home: string): string | null {
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
