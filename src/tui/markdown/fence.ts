// Code fences: the one scanner for them, used for finished blocks and for one that is still being written.

/** `indent` blanks before the marker are taken off every line; `language` is the first word behind it. */
export type Fence = { marker: string; indent: number; language: string };

export function openFence(line: string): Fence | null {
  const match = /^( {0,3})(`{3,}(?!.*`)|~{3,})(.*)$/.exec(line);
  if (!match) return null;
  const [, indent = "", marker = "", info = ""] = match;
  return { marker, indent: indent.length, language: languageOf(info) };
}

/** As the lexer sees it: at least the opening marker again and nothing else. */
export function closesFence(line: string, fence: Fence): boolean {
  const text = withoutIndent(line, 3);
  return text.startsWith(fence.marker) && /^[`~]* *$/.test(text.slice(fence.marker.length));
}

/** True while the line may still become the closing one. */
export function mayCloseFence(line: string, fence: Fence): boolean {
  const text = withoutIndent(line, 3);
  return text === "" || fence.marker.startsWith(text) || closesFence(line, fence);
}

/** A line of code as it was meant, without the fence's own indent. */
export function fenceContent(line: string, fence: Fence): string {
  return withoutIndent(line, fence.indent);
}

/** The code of a whole block with its fence lines; null when the text does not open a fence. */
export function readFence(block: string): { fence: Fence; lines: string[] } | null {
  const [first = "", ...rest] = block.split("\n");
  const fence = openFence(first);
  if (!fence) return null;
  const end = rest.findIndex((line) => closesFence(line, fence));
  const lines = end === -1 ? rest : rest.slice(0, end);
  if (end === -1 && lines.at(-1) === "") lines.pop();
  return { fence, lines: lines.map((line) => fenceContent(line, fence)) };
}

function languageOf(info: string): string {
  const [word = ""] = info.trim().split(/[\s,{:]/);
  return word.toLowerCase();
}

function withoutIndent(line: string, most: number): string {
  let blanks = 0;
  while (blanks < most && line[blanks] === " ") blanks++;
  return line.slice(blanks);
}
