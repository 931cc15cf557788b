// The result of a tool of Claude Code as output, diff and exit code. Pure.
import { insidePath } from "../../lib/inside-path.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import { claudeDetails, claudeInput } from "../../session/import/claude-content.ts";
import { type Fields, objectsIn, textIn } from "../../session/import/fields.ts";
import type { CallUpdate, TextDiff } from "../external/connection.ts";
import type { WireResult } from "./wire.ts";

/** Said where a command printed nothing. */
const SILENT = /^\(Bash completed with no output\)$/;

/** What a call update says of a call that ended. `name`: ours. Paths inside `cwd` are told relative to it. */
export function callEnd(
  name: string,
  { isError, content: block, structured }: WireResult,
  cwd: string,
): Pick<CallUpdate, "status" | "output" | "diffs" | "details"> {
  const { content } = claudeInput(block);
  const texts = content.map((part) => (part.type === "text" ? part.text : "[image]"));
  const said = texts.join("\n").replaceAll(/<\/?tool_use_error>/g, "");
  return {
    status: isError ? "failed" : "completed",
    output: SILENT.test(said) ? "" : said,
    diffs: structured ? newFile(structured, cwd) : [],
    details: {
      ...changeDetails(structured, content, cwd),
      ...(name === "bash" && !isError ? { exitCode: 0 } : {}),
    },
  };
}

function newFile(structured: Fields, cwd: string): TextDiff[] {
  const path = textIn(structured, "filePath");
  if (structured.type !== "create" || path === "") return [];
  return [{ path: insidePath(path, cwd), before: null, after: textIn(structured, "content") }];
}

/** The exact patch of a change; the exit code of a command that failed. */
function changeDetails(
  structured: Fields | null,
  content: Parameters<typeof claudeDetails>[1],
  cwd: string,
): ToolDetails {
  const changed = structured !== null && objectsIn(structured, "structuredPatch").length > 0;
  const line = changed ? { ...structured, filePath: insidePath(textIn(structured, "filePath"), cwd) } : {};
  return claudeDetails({ tool_use_result: line }, content) ?? {};
}
