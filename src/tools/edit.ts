// edit: replaces texts in a file. The matching is in edit-match; here are the file, its encoding and the rules.
import { AppError } from "../lib/app-error.ts";
import { encodeText } from "../lib/text-encoding.ts";
import type { Tool } from "../protocol/tool.ts";
import { withOurNames } from "./aliases.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import {
  EDIT_DESCRIPTION,
  EDIT_NEW_TEXT,
  EDIT_OLD_TEXT,
  EDIT_PATH,
  EDIT_REPLACE_ALL,
} from "./edit.prompt.ts";
import { applyEdits, type EditedText } from "./edit-match.ts";
import { changeableText, existingFile } from "./existing-file.ts";
import { fileDiff } from "./file-diff.ts";
import { flag, list, object, optional, text } from "./parameters.ts";
import type { Edit } from "./text-edit.ts";
import type { ToolContext } from "./tool-context.ts";

const EDIT = object({
  old_text: text(EDIT_OLD_TEXT),
  new_text: text(EDIT_NEW_TEXT),
  replace_all: optional(flag(EDIT_REPLACE_ALL)),
});

export function editTool({ workspace, state }: ToolContext): Tool {
  return defineTool({
    name: "edit",
    description: EDIT_DESCRIPTION,
    kind: "edit",
    parameters: { path: text(EDIT_PATH), edits: list(EDIT, "") },
    prepare: singleEditAsList,
    paths: ({ path }) => [path],
    change: async ({ path, edits }) => {
      const file = await existingFile(workspace, path);
      const { decoded } = await changeableText(workspace, file);
      return { name: file.name, before: decoded.text, after: applyEdits(decoded.text, edits.map(ours)).text };
    },
    execute: async ({ path: given, edits }, { signal }) => {
      const file = await existingFile(workspace, given);
      const { path, name, stat } = file;
      const { bytes, decoded } = await changeableText(workspace, file);
      if (state.readLog.state(path, bytes, stat) === "changed") {
        const message = `${name} changed since it was last read; nothing was changed.`;
        throw new AppError("file.changed", message, { hint: "Read it again." });
      }
      const edited = applyEdits(decoded.text, edits.map(ours));
      const result = encodeText(edited.text, decoded);
      signal.throwIfAborted();
      await workspace.writeFile(path, result);
      state.readLog.record(path, result);
      const diff = await fileDiff(name, decoded.text, edited.text);
      const counts = diff ? `+${diff.added} -${diff.removed}` : "changed";
      return textOutput(describe(name, edited, counts), { summary: counts, ...(diff ? { diff } : {}) });
    },
  });
}

/** `{path, old_text, new_text}`, the form of other programs, is an edit list of one. */
function singleEditAsList(args: Record<string, unknown>): Record<string, unknown> {
  const single = withOurNames(args, ["old_text", "new_text"]);
  const hasText = single.old_text !== undefined || single.new_text !== undefined;
  return hasText && withOurNames(args, ["edits"]).edits === undefined ? { ...args, edits: [args] } : args;
}

function ours(edit: { old_text: string; new_text: string; replace_all: boolean | undefined }): Edit {
  return { oldText: edit.old_text, newText: edit.new_text, replaceAll: edit.replace_all === true };
}

function describe(name: string, { edits }: EditedText, counts: string): string {
  const count = edits.reduce((sum, edit) => sum + edit.replacements.length, 0);
  const loose = edits.flatMap(({ tier }, index) => {
    if (tier === "exact" || tier === "line endings") return [];
    return [`edits[${index}] was found only by ignoring differences of ${tier}.`];
  });
  return [
    `Edited ${name}: ${count} ${count === 1 ? "replacement" : "replacements"} (${counts}).`,
    ...loose,
  ].join("\n");
}
