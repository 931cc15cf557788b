// Parses a shell line into every command it would run. Never throws: what cannot be read is said to be unclear.
import { type BashParser, loadBashParser } from "./bash-grammar.ts";
import { embeddedScripts } from "./embedded-code.ts";
import { readPlainLine } from "./plain-line.ts";
import {
  type RawCommand,
  type Redirect,
  type ShellLine,
  type SimpleCommand,
  unclearLine,
  unknownCommand,
} from "./shell-line.ts";
import { readTree } from "./shell-tree.ts";
import { type Inner, unwrap } from "./shell-wrappers.ts";

/** Nested shells deeper than this are not followed. */
const MAX_DEPTH = 8;
/** Characters; longer lines are not read. */
const MAX_LENGTH = 65_536;

type ReadScript = (script: string, depth: number) => ShellLine;

/** What `line` would run. A line of plain words needs no grammar; the first other one loads it (about 25 ms). */
export async function parseShellLine(line: string): Promise<ShellLine> {
  return readPlain(line) ?? readWithGrammar(line);
}

/** Null when the line, or a script inside it, is not made of plain words only. */
function readPlain(line: string): ShellLine | null {
  let plain = true;
  const read: ReadScript = (script, depth) => {
    const command = depth > MAX_DEPTH ? null : readPlainLine(script);
    if (command)
      return assemble({ commands: [command], redirects: [], unclear: [], plain: true }, read, depth);
    plain = false;
    return unclearLine(script, "not plain");
  };
  const result = read(line, 0);
  return plain ? result : null;
}

async function readWithGrammar(line: string): Promise<ShellLine> {
  try {
    return readScript(await loadBashParser())(line, 0);
  } catch (error) {
    return unclearLine(line, `the line could not be read: ${error instanceof Error ? error.message : error}`);
  }
}

function readScript(parser: BashParser): ReadScript {
  const read: ReadScript = (script, depth) => {
    if (depth > MAX_DEPTH) return unclearLine(script, "shells are nested too deeply");
    if (script.length > MAX_LENGTH) return unclearLine(script, "the line is too long");
    const tree = parser(script);
    if (!tree) return unclearLine(script, "the line cannot be parsed");
    try {
      const { commands, redirects, unclear, plain } = readTree(tree.rootNode);
      if (hasOddBlanks(script)) unclear.add("the line holds control characters");
      return assemble({ commands, redirects, unclear: [...unclear], plain }, read, depth);
    } finally {
      tree.delete();
    }
  };
  return read;
}

/** Characters that the grammar takes for blanks and bash for letters, or that end a line early. */
function hasOddBlanks(script: string): boolean {
  return /[\0-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]/.test(script);
}

type Parts = { commands: RawCommand[]; redirects: Redirect[]; unclear: string[]; plain: boolean };

/** Opens wrappers and interpreters, and joins what is inside. */
function assemble(parts: Parts, read: ReadScript, depth: number): ShellLine {
  const commands: SimpleCommand[] = [];
  const embedded: SimpleCommand[] = [];
  const { redirects, unclear, plain } = parts;
  const line = { commands, redirects: [...redirects], unclear: [...unclear], plain, embedded };
  const addLine = (inner: ShellLine) => {
    line.commands.push(...inner.commands);
    line.redirects.push(...inner.redirects);
    line.unclear.push(...inner.unclear);
    line.embedded.push(...inner.embedded);
    line.plain &&= inner.plain;
  };
  const addInner = (inner: Inner, text: string, level: number): void => {
    if (inner.kind === "command") add(inner.command, level);
    else if (inner.script !== null) addLine(read(inner.script, level));
    else addLine(unclearLine(text, `the script in "${shorten(text)}" is not known`));
  };
  const add = (raw: RawCommand, level: number): void => {
    if (level > MAX_DEPTH) {
      addLine(unclearLine(raw.text, "commands are nested too deeply"));
      return;
    }
    const { inner, transparent } = unwrap(raw);
    const { argv, assignments, text } = raw;
    line.commands.push({ argv, assignments, transparent, text });
    if (argv[0] === null) line.unclear.push(`the program of "${shorten(text)}" is not known`);
    for (const each of inner) addInner(each, text, level + 1);
    if (inner.length > 0 && !transparent) line.plain = false;
    for (const script of level < 2 ? embeddedScripts(raw) : []) {
      line.embedded.push(...read(script, level + 2).commands);
    }
  };
  for (const raw of parts.commands) add(raw, depth);
  if (line.unclear.length > 0 && !line.commands.some((command) => command.argv[0] === null)) {
    line.commands.push(unknownCommand(line.unclear[0] ?? ""));
  }
  return line;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
