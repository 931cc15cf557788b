// The draft in the person's own editor: a private file, their program, the text read back.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../lib/app-error.ts";

export type ExternalEditorOptions = {
  /** A program with arguments, as in $VISUAL and $EDITOR: `code --wait`. */
  editor: string;
  /** Runs it on the terminal, which the caller has handed over, and gives its exit code. */
  run: (file: string, args: readonly string[]) => Promise<number | null>;
};

/**
 * The edited text, without the newline that editors put at the end. Throws AppError `editor.failed` when the program
 * fails or its file cannot be read: the draft is then what it was.
 */
export async function editExternally(text: string, { editor, run }: ExternalEditorOptions): Promise<string> {
  const [program = "", ...args] = editor.trim().split(/\s+/);
  if (program === "") {
    throw new AppError("editor.missing", "No editor is set.", { hint: "Set $EDITOR, for example to nano." });
  }
  const folder = await mkdtemp(join(tmpdir(), "hearth-prompt-"));
  const file = join(folder, "prompt.md");
  try {
    await writeFile(file, text, { mode: 0o600 });
    const exitCode = await run(program, [...args, file]);
    if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode ?? "a signal"}`);
    const written = await readFile(file, "utf8");
    // An editor may change how lines end; a text that had such ends keeps them.
    const edited = text.includes("\r") ? written : written.replaceAll("\r\n", "\n");
    return edited.endsWith("\n") && !text.endsWith("\n") ? edited.slice(0, -1) : edited;
  } catch (cause) {
    throw new AppError("editor.failed", `The editor ${program} failed; the text is as it was.`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
