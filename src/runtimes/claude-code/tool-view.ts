// What a tool call of Claude Code is in our words, both ways: a name and arguments that our rules and screens know, and
// changed arguments in its own words again. Pure.
import { rowOf } from "../../lib/field-of.ts";
import { insidePath } from "../../lib/inside-path.ts";
import type { GateCall } from "../../protocol/approval.ts";
import type { PlanEntry } from "../../protocol/tool.ts";
import { type Fields, fieldsIn, objectsIn, textIn } from "../../session/import/fields.ts";
import type { ToolNaming } from "../external/connection.ts";

type Ours = "bash" | "read" | "edit" | "write" | "grep" | "glob" | "ls" | "todo";

/** Its tools that are ours, and Qwen Code's names for the same. */
const TOOLS: Readonly<Record<string, Ours>> = {
  Bash: "bash",
  run_shell_command: "bash",
  Read: "read",
  read_file: "read",
  Edit: "edit",
  MultiEdit: "edit",
  NotebookEdit: "edit",
  edit: "edit",
  replace: "edit",
  Write: "write",
  write_file: "write",
  Grep: "grep",
  grep_search: "grep",
  search_file_content: "grep",
  Glob: "glob",
  glob: "glob",
  LS: "ls",
  list_directory: "ls",
  TodoWrite: "todo",
  todo_write: "todo",
};

/** Tools that change nothing outside its own session; what a sub-agent does is asked for call by call. */
const HARMLESS = new Set(
  (
    "Agent Task AskUserQuestion EnterPlanMode ExitPlanMode ToolSearch ListAgents ReportFindings Skill " +
    "TodoWrite todo_write TaskCreate TaskGet TaskUpdate TaskList TaskOutput TaskStop BashOutput KillShell " +
    "ListMcpResourcesTool"
  ).split(" "),
);

const PATHS = ["file_path", "notebook_path", "absolute_path", "path", "directory"];
/** Its names of arguments, ours after them. */
const ARGUMENTS: Partial<Record<Ours, Readonly<Record<string, string>>>> = {
  bash: { run_in_background: "background" },
  grep: { "-i": "ignore_case", "-C": "context", head_limit: "limit" },
};

/** Whether a call of it should be asked for even where its own rules would let it run. */
export function isWorthAsking(name: string): boolean {
  return !HARMLESS.has(name);
}

/** Paths inside `cwd` are told relative to it. */
export function nameTool(name: string, input: Fields, cwd: string): ToolNaming {
  const ours = rowOf(TOOLS, name);
  if (ours === undefined) return { name: plainName(name), arguments: { ...input } };
  if (ours === "todo") return { name: ours, arguments: { items: todoItems(input) } };
  const field = pathField(input);
  const renamed = ARGUMENTS[ours] ?? {};
  const rest = Object.entries(input).flatMap(([key, value]) =>
    key === field ? [] : [[rowOf(renamed, key) ?? key, value] as const],
  );
  const path = field === undefined ? {} : { path: insidePath(textIn(input, field), cwd) };
  const args = { ...path, ...Object.fromEntries(rest), ...path };
  return { name: ours, arguments: ours === "edit" ? ourEdits(args) : args };
}

/**
 * Arguments that a person changed, in its words; `input` is what it asked with. Null where it has no words for them: its
 * `Edit` makes one replacement.
 */
export function theirInput(name: string, args: Fields, input: Fields): Record<string, unknown> | null {
  const ours = rowOf(TOOLS, name);
  if (ours === undefined) return { ...args };
  const many = Array.isArray(input.edits);
  if (ours === "edit" && !many && Array.isArray(args.edits) && args.edits.length !== 1) return null;
  const field = pathField(input) ?? "file_path";
  const back = Object.fromEntries(
    Object.entries(ARGUMENTS[ours] ?? {}).map(([theirs, our]) => [our, theirs]),
  );
  const given = ours === "edit" ? theirEdits(args, many) : args;
  const renamed = Object.entries(given).map(([key, value]) => [
    key === "path" ? field : (rowOf(back, key) ?? key),
    value,
  ]);
  return Object.fromEntries(renamed);
}

/** What our rules need to judge it; null where its name and words are all there is. */
export function gateTool(name: string): GateCall["tool"] {
  const ours = rowOf(TOOLS, name);
  const paths = (args: Record<string, unknown>): string[] =>
    typeof args.path === "string" && args.path !== "" ? [args.path] : ["."];
  switch (ours) {
    case "read":
    case "grep":
    case "glob":
    case "ls":
      return { readOnly: true, kind: "read", paths };
    case "edit":
    case "write":
      return { readOnly: false, kind: "edit", paths };
    case "todo":
      return { readOnly: true, kind: "read" };
    default:
      return HARMLESS.has(name) ? { readOnly: true, kind: "read" } : null;
  }
}

/** The list of a `TodoWrite`; null for any other tool. */
export function todoList(name: string, input: Fields): PlanEntry[] | null {
  return rowOf(TOOLS, name) === "todo" ? todoItems(input) : null;
}

function todoItems(input: Fields): PlanEntry[] {
  return objectsIn(input, "todos").map((todo) => ({
    text: textIn(todo, "content"),
    status: planStatus(textIn(todo, "status")),
  }));
}

export function planStatus(status: string): PlanEntry["status"] {
  return status === "completed" || status === "in_progress" ? status : "pending";
}

/** As model services demand of a tool's name: letters, digits, `_` and `-`, at most 64. */
function plainName(name: string): string {
  return name.replaceAll(/[^\w-]+/g, "_").slice(0, 64) || "tool";
}

function pathField(input: Fields): string | undefined {
  return PATHS.find((field) => textIn(input, field) !== "");
}

type Replaced = { old_text: string; new_text: string; replace_all?: true };

function ourEdits({ old_string: from, new_string: to, replace_all: all, edits, ...rest }: Fields) {
  const many = Array.isArray(edits) ? fieldsIn(edits) : null;
  const one = typeof from === "string" ? [{ old_string: from, new_string: to, replace_all: all }] : null;
  const found = many ?? one;
  return found === null ? rest : { ...rest, edits: found.map(ourEdit) };
}

function ourEdit(edit: Fields): Replaced {
  const replaced = { old_text: textIn(edit, "old_string"), new_text: textIn(edit, "new_string") };
  return edit.replace_all === true ? { ...replaced, replace_all: true } : replaced;
}

function theirEdits({ edits, ...rest }: Fields, many: boolean): Record<string, unknown> {
  if (!Array.isArray(edits)) return rest;
  const theirs = fieldsIn(edits).map((edit) => ({
    old_string: textIn(edit, "old_text"),
    new_string: textIn(edit, "new_text"),
    ...(edit.replace_all === true ? { replace_all: true } : {}),
  }));
  return many ? { ...rest, edits: theirs } : { ...rest, ...theirs[0] };
}
