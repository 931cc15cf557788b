// What a change that Claude Code asks for would do to its file, as a diff for the person who is asked.
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fieldsIn, textIn } from "../../session/import/fields.ts";
import { fileDiff } from "../../tools/file-diff.ts";

/** Bytes of a file beyond which no diff is made of it. */
const LARGEST_FILE = 1024 * 1024;

type Arguments = Readonly<Record<string, unknown>>;

/** `args`: of our `edit` or `write`. Undefined where it cannot be told: the call itself will say why. */
export async function changePreview(args: Arguments, cwd: string): Promise<string | undefined> {
  const { path, content, edits } = args;
  if (typeof path !== "string") return undefined;
  const before = await textOf(resolve(cwd, path));
  if (before === undefined) return undefined;
  const after = typeof content === "string" ? content : edited(before ?? "", edits);
  return after === null ? undefined : (await fileDiff(path, before, after))?.patch;
}

/** Null: there is no such file. Undefined: it is too large, or no text can be read from it. */
async function textOf(file: string): Promise<string | null | undefined> {
  try {
    if ((await stat(file)).size > LARGEST_FILE) return undefined;
    return await readFile(file, "utf8");
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? null : undefined;
  }
}

/** Null where a text to be replaced is not there, as it will be for the agent. */
function edited(before: string, edits: unknown): string | null {
  if (!Array.isArray(edits)) return null;
  let text = before;
  for (const edit of fieldsIn(edits)) {
    const [from, to] = [textIn(edit, "old_text"), textIn(edit, "new_text")];
    if (from === "" && text !== "") return null;
    if (!text.includes(from)) return null;
    text = edit.replace_all === true ? text.replaceAll(from, () => to) : text.replace(from, () => to);
  }
  return text;
}
