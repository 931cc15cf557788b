// What a tool call of an ACP agent is in our words: a name and arguments that our rules and screens know, its output,
// its diffs. Pure.

import { fieldOf, wordsOf } from "../../lib/field-of.ts";
import { insidePath } from "../../lib/inside-path.ts";
import { keepHead, keepTail, OUTPUT_LIMITS } from "../../lib/truncate.ts";
import type { TextDiff, ToolNaming } from "../external/connection.ts";
import { blockText, ToolPart, type ToolUpdate } from "./wire.ts";

/** What agents call the file they read or change. */
const PATH_FIELDS = [
  "path",
  "file_path",
  "filePath",
  "filepath",
  "absolute_path",
  "abs_path",
  "notebook_path",
];
/** Where agents put a result's text when its content does not have it. */
const OUTPUT_FIELDS = [
  "formatted_output",
  "aggregated_output",
  "output",
  "text",
  "error",
  "message",
  "stdout",
];
const EXIT_FIELDS = ["exitCode", "exit_code", "exit"];

/** `command`, `path` and the rest as the agent gave it; paths inside `cwd` are made relative to it. */
export function nameTool(tool: ToolUpdate, cwd: string): ToolNaming {
  const command = commandOf(tool);
  if (command !== null) return { name: "bash", arguments: { ...inputOf(tool), command } };
  const { input, path } = splitPath(tool, cwd);
  const args = path === null ? input : { path, ...input };
  switch (tool.kind) {
    case "edit":
      return { name: writesWhole(tool) ? "write" : "edit", arguments: args };
    case "read":
      return { name: "read", arguments: args };
    case "search":
      return { name: typeof input.pattern === "string" ? "grep" : "search", arguments: args };
    default: {
      const known = Object.keys(args).length > 0 || !tool.title;
      return { name: ownName(tool), arguments: known ? args : { title: tool.title } };
    }
  }
}

/**
 * The command line of an executing call. Gemini's agent gives no input at all: there the title is the whole command.
 * A title that was shortened is no command, since a rule must not decide on half of one.
 */
function commandOf({ kind, rawInput, title }: ToolUpdate): string | null {
  if (kind !== "execute") return null;
  const command = fieldOf(rawInput, "command");
  if (typeof command === "string") return command;
  if (Array.isArray(command)) return command.map((word) => quoteWord(wordsOf(word))).join(" ");
  return rawInput === undefined && title && !/(…|\.\.\.)\s*$/.test(title) ? title : null;
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function inputOf({ rawInput }: ToolUpdate): Record<string, unknown> {
  return typeof rawInput === "object" && rawInput !== null && !Array.isArray(rawInput)
    ? Object.fromEntries(Object.entries(rawInput))
    : {};
}

/** The file a call is about, apart from the rest of its input. */
function splitPath(tool: ToolUpdate, cwd: string): { input: Record<string, unknown>; path: string | null } {
  const input = inputOf(tool);
  const field = PATH_FIELDS.find((name) => typeof input[name] === "string");
  const named = field === undefined ? pathsOf(tool)[0] : input[field];
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => name !== field));
  return { input: rest, path: typeof named === "string" ? insidePath(named, cwd) : null };
}

/** Every file that its input names, by whatever field: our rules must not look at another than the tool takes. */
export function namedPaths(tool: ToolUpdate): string[] {
  const input = inputOf(tool);
  return PATH_FIELDS.map((name) => input[name]).filter((path): path is string => typeof path === "string");
}

/** Files named by diffs and locations, as the agent gave them. */
export function pathsOf(tool: ToolUpdate): string[] {
  const located = (tool.locations ?? []).map((location) => fieldOf(location, "path"));
  const paths = [...diffsOf(tool).map(({ path }) => path), ...located];
  return [...new Set(paths.filter((path): path is string => typeof path === "string" && path !== ""))];
}

function writesWhole(tool: ToolUpdate): boolean {
  const [diff] = diffsOf(tool);
  if (diff) return diff.before === null || diff.before === "";
  return /write|create/i.test(agentsName(tool) ?? tool.title ?? "");
}

function agentsName({ name, _meta }: ToolUpdate): string | undefined {
  const named = name ?? fieldOf(_meta, "toolName") ?? fieldOf(fieldOf(_meta, "claudeCode"), "toolName");
  return typeof named === "string" && named !== "" ? named : undefined;
}

/** As model services demand of a tool's name: letters, digits, `_` and `-`, at most 64. */
function ownName(tool: ToolUpdate): string {
  const kind = tool.kind === undefined || tool.kind === "other" ? undefined : tool.kind;
  const name = agentsName(tool) ?? kind ?? tool.title ?? "";
  const plain = name.replaceAll(/[^\w-]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return plain.slice(0, 64) || "tool";
}

function partsOf({ content = [] }: ToolUpdate): ToolPart[] {
  return content.flatMap((part) => ToolPart.safeParse(part).data ?? []);
}

/** `before` null: a new file. Some agents give whole files, some only the region that changed. */
export function diffsOf(tool: ToolUpdate): TextDiff[] {
  return partsOf(tool).flatMap(({ type, path, oldText, newText }) =>
    type === "diff" && path !== undefined ? [{ path, before: oldText ?? null, after: newText ?? "" }] : [],
  );
}

/** The output so far in one text. `terminal`: what came beside the content, as agents with terminals send it. */
export function outputOf(tool: ToolUpdate, terminal: string): string {
  const said = partsOf(tool)
    .flatMap(({ content }) => (content ? [unfenced(blockText(content))] : []))
    .filter((text) => text !== "")
    .join("\n");
  const text = said || terminal || rawText(tool.rawOutput);
  return (tool.kind === "execute" ? keepTail(text) : keepHead(text)).text;
}

/** Some agents send a result as a markdown code block, because editors show markdown. */
function unfenced(text: string): string {
  return /^```[\w-]*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}

function rawText(output: unknown): string {
  if (typeof output === "string") return output;
  for (const name of OUTPUT_FIELDS) {
    const value = fieldOf(output, name);
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

/** Absent where the agent does not say; null when a signal ended the command. */
export function exitCodeOf({ rawOutput, _meta }: ToolUpdate): number | null | undefined {
  const places = [fieldOf(_meta, "terminal_exit"), rawOutput, fieldOf(rawOutput, "metadata")];
  for (const place of places) {
    for (const name of EXIT_FIELDS) {
      const value = fieldOf(place, name);
      if (typeof value === "number" || value === null) return value;
    }
  }
  return undefined;
}

/** The new part of a terminal's text, in the two ways that agents send it. */
export function terminalText({ _meta }: ToolUpdate, before: string): string {
  const more = fieldOf(fieldOf(_meta, "terminal_output_delta"), "data");
  if (typeof more === "string") return newestOf(before + more);
  const data = fieldOf(fieldOf(_meta, "terminal_output"), "data");
  if (typeof data !== "string") return before;
  return newestOf(data.startsWith(before) ? data : before + data);
}

/** Cut seldom, since cutting takes longer than a piece may. */
function newestOf(text: string): string {
  const most = OUTPUT_LIMITS.maxBytes;
  return text.length > 4 * most ? text.slice(-2 * most) : text;
}

/** The call after an update: what the update names replaces what was there. */
export function mergeTool(before: ToolUpdate, update: ToolUpdate): ToolUpdate {
  const given = Object.entries(update).filter(([, value]) => value !== undefined && value !== null);
  return { ...before, ...Object.fromEntries(given), _meta: { ...before._meta, ...update._meta } };
}
