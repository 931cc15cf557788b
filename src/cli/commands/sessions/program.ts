// `hearth sessions`: its subcommands and their flags. Each is loaded when it is called.
import { type Command, InvalidArgumentError } from "commander";
import { addExchange } from "./exchange-program.ts";

type Done = (code: number) => void;
type Json = { json?: boolean };

/** `done` is told the exit code. */
export function addSessions(program: Command, done: Done): void {
  const sessions = program
    .command("sessions")
    .description("saved sessions: list, show, search, rename, verify, repair, remove");
  addReaders(sessions, done);
  addSearch(sessions, done);
  addWriters(sessions, done);
  addChecks(sessions, done);
}

function addReaders(sessions: Command, done: Done): void {
  sessions
    .command("list", { isDefault: true })
    .description("sessions of this directory, newest first")
    .option("--all", "of every directory")
    .option("--json", "one JSON array")
    .action(async (options: Json & { all?: boolean }) => {
      const { listSessionsCommand } = await import("./list.ts");
      done(await listSessionsCommand(options));
    });
  sessions
    .command("show <session>")
    .description("the conversation as Markdown")
    .option("--json", "its entries, one JSON array")
    .action(async (session: string, options: Json) => {
      const { showSessionCommand } = await import("./show.ts");
      done(await showSessionCommand(session, options));
    });
  sessions
    .command("path <session>")
    .description("where its file is")
    .option("--json", "one JSON object")
    .action(async (session: string, options: Json) => {
      const { sessionPathCommand } = await import("./path.ts");
      done(await sessionPathCommand(session, options));
    });
}

function addSearch(sessions: Command, done: Done): void {
  sessions
    .command("search <words...>")
    .description('sessions in which all words were said, best first; "two words" in quotes stand together')
    .option("--all", "in every directory")
    .option("--limit <n>", "at most so many", positive)
    .option("--json", "one JSON array")
    .action(async (words: string[], options: Json & { all?: boolean; limit?: number }) => {
      const { searchSessionsCommand } = await import("./search.ts");
      done(await searchSessionsCommand(words, options));
    });
}

function addWriters(sessions: Command, done: Done): void {
  sessions
    .command("rename <session> <name...>")
    .description("give it a name")
    .option("--json", "one JSON object")
    .action(async (session: string, name: string[], options: Json) => {
      const { renameSessionCommand } = await import("./rename.ts");
      done(await renameSessionCommand(session, name, options));
    });
  sessions
    .command("rm <session...>")
    .description("remove it, and the sessions of its subagents")
    .option("--json", "one JSON object")
    .action(async (names: string[], options: Json) => {
      const { removeSessionsCommand } = await import("./remove.ts");
      done(await removeSessionsCommand(names, options));
    });
  addExchange(sessions, done);
}

function addChecks(sessions: Command, done: Done): void {
  sessions
    .command("verify <session...>")
    .description("look its file over: header, lines, links, calls and results")
    .option("--json", "one JSON array")
    .action(async (names: string[], options: Json) => {
      const { verifySessionsCommand } = await import("./verify.ts");
      done(await verifySessionsCommand(names, options));
    });
  sessions
    .command("repair <session>")
    .description("make a whole copy of a damaged session beside it; the damaged one stays as it is")
    .option("--json", "one JSON object")
    .action(async (session: string, options: Json) => {
      const { repairSessionCommand } = await import("./repair.ts");
      done(await repairSessionCommand(session, options));
    });
  sessions
    .command("schema")
    .description("the JSON Schema of a line of a session file")
    .option("--json", "the same")
    .action(async () => {
      const { sessionSchemaCommand } = await import("./schema.ts");
      done(await sessionSchemaCommand());
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It takes a whole number above 0.");
}
