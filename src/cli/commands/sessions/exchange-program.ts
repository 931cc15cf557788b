// `hearth sessions import|export|verify`: their flags. Each is loaded when it is called.
import type { Command } from "commander";
import type { ImportFlags } from "./import.ts";

/** `done` is told the exit code. */
export function addExchange(sessions: Command, done: (code: number) => void): void {
  sessions
    .command("import [path]")
    .description(
      "take in sessions of another agent: a file, a folder, or without either its own of this project",
    )
    .requiredOption("--from <agent>", "claude-code, codex, gemini, opencode, pi or hearth")
    .option("--cwd <dir>", "the folder they are to belong to")
    .option("--again", "import once more what is there already")
    .option("--dry-run", "tell what would be imported, write nothing")
    .option("--json", "one JSON object")
    .action(async (path: string | undefined, flags: ImportFlags) => {
      const { importSessionsCommand } = await import("./import.ts");
      done(await importSessionsCommand(path, flags));
    });
}
