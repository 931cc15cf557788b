// The command that a person would have typed, out of the one that Codex runs: it wraps each in a login shell
// (`/bin/bash -lc 'touch a.txt'`), quoted as its shlex writes words. Pure.

const SHELLS = /(^|\/)(ba|z|da|k)?sh$/;
/** One word: bare, in single or double quotes, escaped, or a mix of them. */
const PIECE = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)/y;

/** The command itself where it is no such wrapping. */
export function typedCommand(command: string): string {
  const words = shellWords(command);
  const [shell = "", flag, script, ...rest] = words ?? [];
  const wraps = SHELLS.test(shell) && (flag === "-lc" || flag === "-c") && rest.length === 0;
  return wraps && script !== undefined ? script : command;
}

/** Null where a quote does not end. */
function shellWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text.charAt(at))) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    PIECE.lastIndex = at;
    const [whole, single, double, escaped, bare] = PIECE.exec(text) ?? [];
    if (whole === undefined) return null;
    word = (word ?? "") + (single ?? double?.replaceAll(/\\([$`"\\\n])/g, "$1") ?? escaped ?? bare ?? "");
    at += whole.length;
  }
  return word === null ? words : [...words, word];
}
