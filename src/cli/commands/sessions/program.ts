// `hearth sessions`: its subcommands and their flags. Each is loaded when it is called.
import type { Command } from "commander";
import { addExchange } from "./exchange-program.ts";

/** `done` is told the exit code. */
export function addSessions(program: Command, done: (code: number) => void): void {
  const sessions = program.command("sessions").description("list, show, locate and remove saved sessions");
  sessions
    .command("list", { isDefault: true })
    .description("sessions of this directory, newest first")
    .option("--all", "of every directory")
    .option("--json", "one JSON array")
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const { listSessionsCommand } = await import("./list.ts");
      done(await listSessionsCommand(options));
    });
  sessions
    .command("show <session>")
    .description("the conversation as Markdown")
    .option("--json", "its entries, one JSON array")
    .action(async (session: string, options: { json?: boolean }) => {
      const { showSessionCommand } = await import("./show.ts");
      done(await showSessionCommand(session, options));
    });
  sessions
    .command("path <session>")
    .description("where its file is")
    .option("--json", "one JSON object")
    .action(async (session: string, options: { json?: boolean }) => {
      const { sessionPathCommand } = await import("./path.ts");
      done(await sessionPathCommand(session, options));
    });
  sessions
    .command("rm <session...>")
    .description("remove it, and the sessions of its subagents")
    .option("--json", "one JSON object")
    .action(async (names: string[], options: { json?: boolean }) => {
      const { removeSessionsCommand } = await import("./remove.ts");
      done(await removeSessionsCommand(names, options));
    });
  addExchange(sessions, done);
}
