// Completion of `/commands`, their arguments and `@files`: what is being completed, the list, and taking an item.
import type { Fragment, Range } from "./fragment.ts";
import { plainFragment } from "./fragment.ts";
import { rankFuzzily } from "./rank.ts";

/** A slash command as far as completion needs it; `complete` gives candidates for its argument. */
export type CommandEntry = {
  name: string;
  aliases?: readonly string[];
  usage?: string;
  summary: string;
  complete?: () => Promise<readonly ArgumentChoice[]>;
};

type ArgumentChoice = { value: string; detail: string };

/** What stands before the cursor: `query` is the part that an item replaces, at `range` with its sign. */
export type CompletionTarget = {
  kind: "command" | "argument" | "file";
  query: string;
  range: Range;
  /** The command whose argument it is. */
  command?: string;
};

export type CompletionItem = {
  label: string;
  detail: string;
  /** What replaces the target's range. */
  insert: string;
};

/** An open list. `moved`: the person chose an item with the arrow keys. */
export type Completion = {
  readonly target: CompletionTarget;
  readonly items: readonly CompletionItem[];
  readonly selected: number;
  readonly moved: boolean;
};

const MOST_ITEMS = 50;

/** What could be completed at the cursor; null where nothing is. */
export function completionTarget({ text, tokens }: Fragment, cursor: number): CompletionTarget | null {
  const before = text.slice(0, cursor);
  const command = /^\/([^\s/]*)$/.exec(before);
  if (command) return { kind: "command", query: command[1] ?? "", range: [0, cursor] };
  const file = /(?<=^|[\s([{"'])@(?:"([^"\n]*)|([^\s"'`<>|]*))$/.exec(before.slice(-500));
  if (file && !tokens.some((token) => token.end > cursor - file[0].length && token.start < cursor)) {
    return { kind: "file", query: file[1] ?? file[2] ?? "", range: [cursor - file[0].length, cursor] };
  }
  const argument = /^\/([^\s/]+) +([^\n]*)$/.exec(before);
  if (!argument) return null;
  const query = argument[2] ?? "";
  return { kind: "argument", command: argument[1] ?? "", query, range: [cursor - query.length, cursor] };
}

export function sameTarget(first: CompletionTarget | null, second: CompletionTarget | null): boolean {
  if (first === null || second === null) return first === second;
  return (
    first.kind === second.kind &&
    first.query === second.query &&
    first.command === second.command &&
    first.range[0] === second.range[0]
  );
}

/** Commands that begin with the query first, in the table's order; then fuzzy matches. */
export function commandItems(query: string, commands: readonly CommandEntry[]): CompletionItem[] {
  const wanted = query.toLowerCase();
  const names = (command: CommandEntry): string[] => [command.name, ...(command.aliases ?? [])];
  const begins = commands.filter((command) => names(command).some((name) => name.startsWith(wanted)));
  const others = commands.filter((command) => !begins.includes(command));
  const fuzzy =
    wanted === ""
      ? []
      : rankFuzzily(
          wanted,
          others.map((command) => command.name),
        );
  return [...begins, ...fuzzy.flatMap((index) => others[index] ?? [])].map((command) => ({
    label: `/${command.name}${command.usage === undefined ? "" : ` ${command.usage}`}`,
    detail: command.summary,
    insert: `/${command.name} `,
  }));
}

/** Candidates whose value matches, then those whose description does. */
export function argumentItems(query: string, choices: readonly ArgumentChoice[]): CompletionItem[] {
  const byValue = choices.map(({ value }) => value);
  const byDetail = choices.map(({ detail }) => detail);
  const found = [...new Set([...rankFuzzily(query, byValue), ...rankFuzzily(query, byDetail)])];
  const shown = query === "" ? choices : found.flatMap((index) => choices[index] ?? []);
  return shown.slice(0, MOST_ITEMS).map(({ value, detail }) => ({ label: value, detail, insert: value }));
}

/** `#10`, `#10-40`, `#L10-L40`, or the beginning of it. */
const LINE_RANGE = /#(?:L?(\d+)(?:-(?:L?(\d+))?)?|L)?$/;

/** What is looked for among the files, and the lines that the mention is to keep. */
export function splitFileQuery(query: string): { path: string; lines: string } {
  const match = LINE_RANGE.exec(query);
  return match ? { path: query.slice(0, match.index), lines: match[0] } : { path: query, lines: "" };
}

/** A folder stays open for more; a path with blanks gets quotes; `lines` stay behind the name of a file. */
export function fileItems(paths: readonly string[], lines = ""): CompletionItem[] {
  const files = lines === "" ? paths : paths.filter((path) => !path.endsWith("/"));
  const { kept, detail } = readLines(lines);
  return files.slice(0, MOST_ITEMS).map((path) => {
    const named = path + kept;
    const quoted = /[\s"'`<>|]/.test(path);
    const name = quoted ? `@"${named}` : `@${named}`;
    const closed = path.endsWith("/") ? name : `${name}${quoted ? '"' : ""} `;
    return { label: named, detail, insert: closed };
  });
}

/** Half a range counts as far as it says something. */
function readLines(lines: string): { kept: string; detail: string } {
  if (lines === "") return { kept: "", detail: "" };
  const [, first, last] = LINE_RANGE.exec(lines) ?? [];
  if (first === undefined) return { kept: "", detail: "#10 for a line, #10-40 for lines" };
  if (last === undefined) return { kept: `#${first}`, detail: `line ${first}` };
  return { kept: `#${first}-${last}`, detail: `lines ${first} to ${last}` };
}

export function moveInCompletion(completion: Completion, step: -1 | 1): Completion {
  const count = completion.items.length;
  return { ...completion, moved: true, selected: (completion.selected + step + count) % count };
}

/** The edit that takes the chosen item; null when it would change nothing. */
export function acceptedEdit(completion: Completion, text: string): { range: Range; piece: Fragment } | null {
  const item = completion.items[completion.selected];
  if (!item) return null;
  const [start, end] = completion.target.range;
  const follows = text.startsWith(" ", end) && item.insert.endsWith(" ");
  const piece = plainFragment(follows ? item.insert.slice(0, -1) : item.insert);
  return text.slice(start, end) === item.insert.trimEnd() ? null : { range: [start, end], piece };
}

/**
 * Whether taking the item makes the command line whole: a command that has no arguments, or the argument at the end
 * of the line. Enter then also sends it.
 */
export function completesLine(
  { target, items, selected }: Completion,
  { text, commands }: { text: string; commands: readonly CommandEntry[] },
): boolean {
  const item = items[selected];
  if (!item || target.kind === "file" || text.slice(target.range[1]).trim() !== "") return false;
  if (target.kind === "argument") return true;
  return commands.some(({ name, usage }) => usage === undefined && item.insert.trim() === `/${name}`);
}

/**
 * Whether Enter takes the item rather than sends the text: not when the text already says it in full, nor when
 * nothing of an argument was written and none was chosen.
 */
export function enterAccepts(
  { target, items, selected, moved }: Completion,
  commands: readonly CommandEntry[],
): boolean {
  if (moved) return true;
  const { kind, query } = target;
  const chosen = items[selected];
  if (!chosen || (kind === "argument" && query === "")) return false;
  if (kind !== "command") return query !== chosen.label;
  return !commands.some((command) => command.name === query || command.aliases?.includes(query) === true);
}
