// What an item of a Codex turn is as a tool call in our words: a name and arguments that our rules and screens know,
// its output, its diff. Pure.
import { fieldOf, wordsOf } from "../../lib/field-of.ts";
import { insidePath } from "../../lib/inside-path.ts";
import { keepHead, keepTail } from "../../lib/truncate.ts";
import type { CallUpdate, ToolNaming } from "../external/connection.ts";
import { patchOf } from "./patch.ts";
import { typedCommand } from "./shell-script.ts";
import { FileChange, type Item } from "./wire.ts";

/** Null for an item that is no call. */
export function callOf(item: Item, cwd: string): CallUpdate | null {
  const naming = namingOf(item, cwd);
  if (!naming) return null;
  return { id: item.id, naming, ...statusOf(item), ...outputOf(item, cwd), ...detailsOf(item, cwd) };
}

function namingOf(item: Item, cwd: string): ToolNaming | null {
  switch (item.type) {
    case "commandExecution":
      return {
        name: "bash",
        arguments: { command: typedCommand(item.command ?? ""), ...placeOf(item, cwd) },
      };
    case "fileChange":
      return changeNaming(changesOf(item), cwd);
    case "mcpToolCall":
      return { name: mcpName(item.server, item.tool), arguments: fieldsOf(item.arguments) };
    case "dynamicToolCall":
      return { name: plainName([item.namespace, item.tool]), arguments: fieldsOf(item.arguments) };
    case "collabAgentToolCall":
      return { name: plainName([item.tool]), arguments: given({ prompt: item.prompt }) };
    case "webSearch":
      return searchNaming(item);
    case "imageView":
      return { name: "read", arguments: given({ path: item.path && insidePath(item.path, cwd) }) };
    case "imageGeneration":
      return { name: "image_generation", arguments: given({ prompt: item.revisedPrompt }) };
    default:
      return null;
  }
}

/** Where the command runs, if that is not the working directory. */
function placeOf({ cwd: place }: Item, cwd: string): Record<string, unknown> {
  return place === undefined || place === "" || place === cwd ? {} : { cwd: place };
}

function changesOf({ changes = [] }: Item): FileChange[] {
  return changes.flatMap((change) => FileChange.safeParse(change).data ?? []);
}

/** Every file that a change touches, the new name of a moved one included. */
export function changedPaths(item: Item, cwd: string): string[] {
  const paths = changesOf(item).flatMap(({ path, kind }) => [
    path,
    ...(kind.move_path ? [kind.move_path] : []),
  ]);
  return [...new Set(paths.map((path) => insidePath(path, cwd)))];
}

function changeNaming(changes: readonly FileChange[], cwd: string): ToolNaming {
  const [first, ...rest] = changes;
  if (!first) return { name: "edit", arguments: {} };
  const path = insidePath(first.path, cwd);
  if (rest.length > 0) {
    return { name: "edit", arguments: { path, paths: changes.map((each) => insidePath(each.path, cwd)) } };
  }
  if (first.kind.type === "add") return { name: "write", arguments: { path, content: first.diff } };
  if (first.kind.type === "delete") return { name: "edit", arguments: { path, delete: true } };
  const to = first.kind.move_path;
  return { name: "edit", arguments: { path, ...(to ? { move_to: insidePath(to, cwd) } : {}) } };
}

/** As model services demand of a tool's name: letters, digits, `_` and `-`, at most 64. */
function plainName(parts: readonly (string | undefined)[]): string {
  const name = parts.filter((part) => part !== undefined && part !== "").join("_");
  return name.replaceAll(/[^\w-]+/g, "_").slice(0, 64) || "tool";
}

export function mcpName(server = "", tool = ""): string {
  return plainName([`mcp__${server}__${tool}`]);
}

function searchNaming({ query, action }: Item): ToolNaming {
  const [url, pattern] = [fieldOf(action, "url"), fieldOf(action, "pattern")];
  return { name: "web_search", arguments: given({ query: query || undefined, url, pattern }) };
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** Calls that wait for us are told as "inProgress" like those that run: only some say by their process that they do. */
const ASKED_FIRST: readonly string[] = ["commandExecution", "fileChange", "mcpToolCall"];

function statusOf(item: Item): Pick<CallUpdate, "status"> {
  switch (item.status) {
    case "completed":
      return { status: "completed" };
    case "failed":
    case "declined":
    case "interrupted":
      return { status: "failed" };
    default:
      return ASKED_FIRST.includes(item.type) ? {} : { status: "running" };
  }
}

function outputOf(item: Item, cwd: string): Pick<CallUpdate, "output"> {
  const output = outputText(item, cwd);
  if (output !== "") return { output };
  return item.status === "declined" ? { output: "declined" } : {};
}

function outputText(item: Item, cwd: string): string {
  switch (item.type) {
    case "commandExecution":
      return keepTail(item.aggregatedOutput ?? "").text;
    case "fileChange":
      return item.status === "completed"
        ? changesOf(item)
            .map((each) => changeLine(each, cwd))
            .join("\n")
        : "";
    case "mcpToolCall": {
      const error = fieldOf(item.error, "message");
      return keepHead(typeof error === "string" ? error : partTexts(fieldOf(item.result, "content"))).text;
    }
    case "dynamicToolCall":
      return keepHead(partTexts(item.contentItems)).text;
    case "imageGeneration":
      return item.savedPath ?? "";
    default:
      return "";
  }
}

function changeLine({ path, kind }: FileChange, cwd: string): string {
  const name = insidePath(path, cwd);
  if (kind.type === "add") return `added ${name}`;
  if (kind.type === "delete") return `deleted ${name}`;
  return kind.move_path ? `moved ${name} to ${insidePath(kind.move_path, cwd)}` : `changed ${name}`;
}

/** Of each part its text; of one that has none its type. */
function partTexts(parts: unknown): string {
  if (!Array.isArray(parts)) return "";
  const texts = parts.map((part) => {
    const text = fieldOf(part, "text");
    return typeof text === "string" ? text : `[${wordsOf(fieldOf(part, "type") ?? "part")}]`;
  });
  return texts.join("\n");
}

function detailsOf(item: Item, cwd: string): Pick<CallUpdate, "details"> {
  if (item.type === "fileChange") {
    const diff = patchOf(changesOf(item), cwd);
    return diff ? { details: { diff } } : {};
  }
  const { exitCode } = item;
  return exitCode === undefined || exitCode === null ? {} : { details: { exitCode } };
}
