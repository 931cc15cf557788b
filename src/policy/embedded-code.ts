// Finds shell commands in code that is handed to an interpreter (`python -c`, `awk`). A guess that serves
// warnings; it proves nothing.
import { programName, type RawCommand } from "./shell-line.ts";
import { decodeEscapes } from "./shell-words.ts";

const INTERPRETER = /^(?:python|pypy|node|deno|bun|ruby|perl|php|lua|[gmn]?awk)[0-9.]*$/;
const MAX_SCRIPTS = 20;

export function isInterpreter(name: string): boolean {
  return INTERPRETER.test(name);
}

/** Texts in the code that could be shell lines: its string literals, and the code itself. */
export function embeddedScripts(raw: RawCommand): string[] {
  if (!isInterpreter(programName(raw) ?? "")) return [];
  const words = raw.argv.slice(1).filter((word): word is string => word !== null);
  return [...words, ...(raw.input ? [raw.input] : [])]
    .map((word) => word.replace(/^--?\w+=/, "").replace(/^-[a-z]*[ce](?=\w+ )/i, ""))
    .filter((word) => /[\s"'(]/.test(word))
    .flatMap((code) => [code, ...stringLiterals(code)])
    .slice(0, MAX_SCRIPTS);
}

function stringLiterals(code: string): string[] {
  const literals = code.matchAll(/(["'`])((?:\\[\s\S]|(?!\1)[^\\])*)\1/g);
  return [...literals].map((match) => decodeEscapes(match[2] ?? "")).filter((text) => text.includes(" "));
}
