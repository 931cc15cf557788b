// A tool call as an editor shows it: kind, title, places, content. Pure.
import { isAbsolute, join } from "node:path";
import type { InputContent } from "../protocol/content.ts";
import type { ToolDetails } from "../protocol/tool.ts";
import { patchDiffs } from "./patch-diffs.ts";
import type { ToolCallContent, ToolCallLocation, ToolKind } from "./wire.ts";

const KINDS: Readonly<Record<string, ToolKind>> = {
  read: "read",
  ls: "read",
  git_status: "read",
  git_diff: "read",
  git_log: "read",
  git_show: "read",
  grep: "search",
  glob: "search",
  edit: "edit",
  write: "edit",
  bash: "execute",
  git_add: "execute",
  git_commit: "execute",
  todo: "think",
  fetch: "fetch",
  web_fetch: "fetch",
  web_search: "fetch",
};

export function toolKind(name: string): ToolKind {
  return KINDS[name] ?? "other";
}

type Args = Readonly<Record<string, unknown>>;

/** One line: the command itself, or what is done with what. */
export function toolTitle(name: string, args: Args): string {
  const title = titleWords(name, args).replace(/\s+/g, " ").trim();
  return title.length > 200 ? `${title.slice(0, 199)}…` : title;
}

function titleWords(name: string, args: Args): string {
  const path = wordOf(args, "path");
  switch (name) {
    case "bash":
      return wordOf(args, "command") || name;
    case "read":
      return `Read ${path}${readRange(args)}`;
    case "edit":
      return `Edit ${path}`;
    case "write":
      return `Write ${path}`;
    case "grep":
      return `Search ${wordOf(args, "pattern")}${path === "" ? "" : ` in ${path}`}`;
    case "glob":
      return `Find ${wordOf(args, "pattern")}${path === "" ? "" : ` in ${path}`}`;
    case "ls":
      return `List ${path || "."}`;
    case "todo":
      return "Update the plan";
  }
  const [, server, tool] = /^mcp__(.+?)__(.+)$/.exec(name) ?? [];
  const subject = Object.values(args).find((value) => typeof value === "string") ?? "";
  const shown = tool === undefined ? name.replaceAll("_", " ") : `${tool} (${server})`;
  return `${shown} ${subject}`;
}

function readRange({ offset, limit }: Args): string {
  if (typeof offset !== "number" && typeof limit !== "number") return "";
  const first = typeof offset === "number" ? offset : 1;
  return typeof limit === "number" ? `:${first}-${first + limit - 1}` : `:${first}`;
}

/** Files that the call is about, with the line where it is known. */
export function toolLocations(args: Args, cwd: string): ToolCallLocation[] {
  const path = wordOf(args, "path");
  if (path === "") return [];
  const line = typeof args.offset === "number" ? { line: Math.max(1, args.offset) } : {};
  return [{ path: isAbsolute(path) ? path : join(cwd, path), ...line }];
}

export type FinishedTool = {
  name: string;
  isError: boolean;
  content: readonly InputContent[];
  details: ToolDetails | undefined;
  /** The client's terminal that it ran in. */
  terminalId: string | undefined;
};

/** What came of a call: its changes, or its terminal, or what it said. */
export function resultContent(
  { name, isError, content, details, terminalId }: FinishedTool,
  cwd: string,
): { content: ToolCallContent[]; locations?: ToolCallLocation[] } {
  const images = content.filter(({ type }) => type === "image").map((image) => block(image));
  if (terminalId !== undefined) return { content: [{ type: "terminal", terminalId }, ...images] };
  const patch = details?.diff?.patch;
  if (patch !== undefined && !isError) {
    const diffs = patchDiffs(patch, cwd);
    if (diffs.content.length > 0) return diffs;
  }
  const text = resultText(content);
  if (text === "") return { content: images };
  const isWords = details?.denial !== undefined || (isError && toolKind(name) !== "execute");
  const shown = isWords ? text : fenced(text, languageOf(name));
  return { content: [block({ type: "text", text: shown }), ...images] };
}

/** What a command printed so far. */
export function liveContent(output: string): ToolCallContent[] {
  return output.trim() === "" ? [] : [block({ type: "text", text: fenced(output, "console") })];
}

export function resultText(content: readonly InputContent[]): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function languageOf(name: string): string {
  return toolKind(name) === "execute" ? "console" : "";
}

/** Editors show Markdown: in a fence longer than any inside it, text stays what it is. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${text.replace(/\n$/, "")}\n${ticks}`;
}

function block(part: InputContent): ToolCallContent {
  if (part.type === "image")
    return { type: "content", content: { type: "image", mimeType: part.mimeType, data: part.data } };
  return { type: "content", content: { type: "text", text: part.text } };
}

function wordOf(args: Args, name: string): string {
  const value = args[name];
  return typeof value === "string" ? value : "";
}
