// `hearth sessions import|export`: their flags. Each is loaded when it is called.
import type { Command } from "commander";
import type { ExportFlags } from "./export.ts";
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
  sessions
    .command("export <session>")
    .description("write a session for people, for another Hearth, or for Claude Code or Codex to go on with")
    .option("--format <format>", "md, html, jsonl, claude-code, codex or pi", "md")
    .option(
      "--out <file>",
      "where to; - is standard output (default: there, or among the agent's own sessions)",
    )
    .option("--no-redact", "leave secrets in")
    .option("--json", "where it was written, one JSON object")
    .action(async (session: string, flags: ExportFlags) => {
      const { exportSessionCommand } = await import("./export.ts");
      done(await exportSessionCommand(session, flags));
    });
}
