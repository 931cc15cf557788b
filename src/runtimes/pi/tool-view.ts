// What a tool call of pi is in our words, and what our rules need to judge it. Pure.
import { fieldOf, rowOf } from "../../lib/field-of.ts";
import { insidePath } from "../../lib/inside-path.ts";
import { keepHead, keepTail } from "../../lib/truncate.ts";
import type { GateCall } from "../../protocol/approval.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import { diffDetails } from "../../session/import/foreign-parts.ts";
import type { TextDiff, ToolNaming } from "../external/connection.ts";
import { contentText } from "./wire.ts";

/** pi's names that are not ours; its arguments have our names already (read, bash, edit, write, grep, ls). */
const NAMES: Readonly<Record<string, string>> = { find: "glob" };
const READS = ["read", "grep", "glob", "ls"];
const EDITS = ["edit", "write"];

export function nameTool(name: string, args: Record<string, unknown>, cwd: string): ToolNaming {
  const { path } = args;
  const shown = typeof path === "string" ? { ...args, path: insidePath(path, cwd) } : args;
  return { name: rowOf(NAMES, name) ?? (name || "tool"), arguments: shown };
}

/** File tools are judged by their paths, as our own; the folder is meant where none is named. */
export function gateTool({ name }: ToolNaming): GateCall["tool"] {
  const edits = EDITS.includes(name);
  if (!edits && !READS.includes(name)) return null;
  const paths = ({ path }: Record<string, unknown>) =>
    typeof path === "string" ? [path] : edits ? [] : ["."];
  return { readOnly: !edits, kind: edits ? "edit" : "read", paths };
}

/** Regions as the call has them: what an edit replaces. */
export function editDiffs({ name, arguments: args }: ToolNaming): TextDiff[] {
  const { path, edits } = args;
  if (name !== "edit" || typeof path !== "string") return [];
  const given: unknown[] = Array.isArray(edits) ? edits : [args];
  return given.flatMap((edit) => {
    const [before, after] = [fieldOf(edit, "oldText"), fieldOf(edit, "newText")];
    return typeof before === "string" && typeof after === "string" ? [{ path, before, after }] : [];
  });
}

/** `status` of a command that failed stands in the last line of its text. */
export function outputOf({ name }: ToolNaming, result: unknown): string {
  const text = contentText(fieldOf(result, "content"));
  return (name === "bash" ? keepTail(text) : keepHead(text)).text;
}

export function detailsOf(
  { name, arguments: args }: ToolNaming,
  result: unknown,
  isError: boolean,
): ToolDetails {
  const patch = fieldOf(fieldOf(result, "details"), "patch");
  const { path } = args;
  if (typeof patch === "string" && patch !== "" && typeof path === "string") {
    return diffDetails(path, gitNamed(patch));
  }
  if (name !== "bash") return {};
  const code = /exited with code (\d+)\s*$/.exec(contentText(fieldOf(result, "content")))?.[1];
  if (code !== undefined) return { exitCode: Number(code) };
  return isError ? {} : { exitCode: 0 };
}

/** pi names the files without the a/ and b/ of git. */
function gitNamed(patch: string): string {
  return patch
    .replace(/^--- (?!a\/|\/dev\/null)/, "--- a/")
    .replace(/^\+\+\+ (?!b\/|\/dev\/null)/m, "+++ b/");
}
