// Names of keys and what a keyboard sends for them, as xterm does (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
import { AppError } from "../lib/app-error.ts";
import { nearest } from "../lib/nearest.ts";

const PLAIN: Readonly<Record<string, string>> = {
  enter: "\r",
  escape: "\x1b",
  esc: "\x1b",
  tab: "\t",
  "shift+tab": "\x1b[Z",
  backspace: "\x7f",
  space: " ",
  insert: "\x1b[2~",
  delete: "\x1b[3~",
  pageup: "\x1b[5~",
  pagedown: "\x1b[6~",
  f1: "\x1bOP",
  f2: "\x1bOQ",
  f3: "\x1bOR",
  f4: "\x1bOS",
  f5: "\x1b[15~",
  f6: "\x1b[17~",
  f7: "\x1b[18~",
  f8: "\x1b[19~",
  f9: "\x1b[20~",
  f10: "\x1b[21~",
  f11: "\x1b[23~",
  f12: "\x1b[24~",
};

/** They begin with SS3 in place of CSI while the program asked for application cursor keys (DECCKM). */
const CURSOR: Readonly<Record<string, string>> = {
  up: "A",
  down: "B",
  right: "C",
  left: "D",
  home: "H",
  end: "F",
};

/** Throws `mux.key` for a name that is none: `ctrl+c`, `alt+x`, `up`, `enter`, `f5`, one character. */
export function keySequence(name: string, { applicationCursor }: { applicationCursor: boolean }): string {
  const key = name.length === 1 ? name : name.toLowerCase();
  if (key.startsWith("alt+")) return `\x1b${keySequence(name.slice(4), { applicationCursor })}`;
  const control = /^ctrl\+(.+)$/.exec(key)?.[1];
  const sequence = control === undefined ? plainSequence(key, applicationCursor) : controlCharacter(control);
  if (sequence !== null) return sequence;
  const known = nearest(key, [...Object.keys(PLAIN), ...Object.keys(CURSOR)]);
  throw new AppError("mux.key", `"${name}" is no key.`, {
    hint: `${known === undefined ? "" : `Did you mean ${known}? `}Keys are ctrl+c, alt+x, enter, escape, tab, up, pagedown, f5 and the like.`,
  });
}

function plainSequence(key: string, applicationCursor: boolean): string | null {
  const final = CURSOR[key];
  if (final !== undefined) return `\x1b${applicationCursor ? "O" : "["}${final}`;
  return PLAIN[key] ?? ([...key].length === 1 ? key : null);
}

/** The character with its bits 6 and 7 off: Ctrl+C is 3, Ctrl+\ is 28. */
function controlCharacter(key: string): string | null {
  if (key === "space") return "\0";
  const code = key.toUpperCase().charCodeAt(0);
  if (key.length !== 1 || (code !== 63 && (code < 64 || code > 95))) return null;
  return key === "?" ? "\x7f" : String.fromCharCode(code & 31);
}
