// A file of the person's in their own editor, on the terminal that the caller has let go of.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import type { ExternalEditorOptions } from "./external-editor.ts";

/** The file may be missing: the editor makes it. Resolves when the editor has ended. Throws AppError `editor.missing` and `editor.failed`. */
export async function openInEditor(file: string, { editor, run }: ExternalEditorOptions): Promise<void> {
  const [program = "", ...args] = editor.trim().split(/\s+/);
  if (program === "") {
    throw new AppError("editor.missing", "No editor is set.", { hint: "Set $EDITOR, for example to nano." });
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const exitCode = await run(program, [...args, file]).catch((cause: unknown) => {
    throw new AppError("editor.failed", `The editor ${program} cannot be started.`, { cause });
  });
  if (exitCode !== 0) throw new AppError("editor.failed", `${program} ended with ${exitCode ?? "a signal"}.`);
}
