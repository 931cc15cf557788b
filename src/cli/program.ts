// The command line: one table of commands, each loaded when it is called.
import { Command, CommanderError } from "commander";
import { VERSION } from "../config/version.ts";
import type { AcpFlags } from "./commands/acp.ts";
import type { AuditFlags, AuditRuntimesFlags } from "./commands/audit.ts";
import type { SettleFlags } from "./commands/changes.ts";
import { addMux } from "./commands/mux/program.ts";
import { addSessions } from "./commands/sessions/program.ts";
import type { StubFlags } from "./commands/stub.ts";
import { EXIT, reportError } from "./exit.ts";
import { addChatOptions, type ChatOptions, period, positiveInteger } from "./options.ts";

/** Parses `argv`, runs the command, reports what it throws; gives the exit code. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.completed;
  const done = (result: number): void => {
    code = result;
  };
  const program = buildProgram(done);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.completed : EXIT.usage;
    return reportError(error, argv.includes("--debug"));
  }
}

function buildProgram(done: (code: number) => void): Command {
  const program = new Command("hearth")
    .description("A terminal coding agent: one hearth for every agent.")
    .version(VERSION, "-V, --version", "print the version")
    .argument("[prompt]", "the first message")
    .helpCommand("help [command]", "help for a command")
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "hearth: ")) })
    .showHelpAfterError("hint: `hearth --help` lists the flags.");
  addChatOptions(program).action(async (prompt: string | undefined, options: ChatOptions) => {
    const { runChat } = await import("./commands/chat.ts");
    done(await runChat(prompt, options));
  });
  addSessions(program, done);
  addTries(program, done);
  addMux(program, done);
  addOthers(program, done);
  return program;
}

function addTries(program: Command, done: (code: number) => void): void {
  const settling = (name: string, words: string): Command =>
    program
      .command(`${name} [session]`)
      .description(words)
      .option("--file <path>", "this file or folder alone")
      .option("--hunk <n>", "of that file this hunk alone, counted from 1", Number);
  program
    .command("changes [session]")
    .description("what a try would change in your files")
    .option("--json", "one JSON array")
    .option("--diff", "with what differs")
    .action(async (session: string | undefined, flags: { json?: boolean; diff?: boolean }) => {
      const { changesCommand } = await import("./commands/changes.ts");
      done(await changesCommand(session, flags, program.opts<ChatOptions>()));
    });
  settling("apply", "take what a try changed over into your files").action(
    async (session: string | undefined, flags: SettleFlags) => {
      const { applyCommand } = await import("./commands/changes.ts");
      done(await applyCommand(session, flags, program.opts<ChatOptions>()));
    },
  );
  settling("discard", "drop what a try changed")
    .option("--yes", "without asking")
    .action(async (session: string | undefined, flags: SettleFlags) => {
      const { discardCommand } = await import("./commands/changes.ts");
      done(await discardCommand(session, flags, program.opts<ChatOptions>()));
    });
}

function addOthers(program: Command, done: (code: number) => void): void {
  program
    .command("models [filter]")
    .description("models that can be used, with limits and prices")
    .option("--json", "one JSON array")
    .action(async (filter: string | undefined, options: { json?: boolean }) => {
      const { modelsCommand } = await import("./commands/models.ts");
      done(await modelsCommand(filter, options));
    });
  program
    .command("runtime [words...]")
    .description("which agent takes the turns: status, activate NAME, deactivate [NAME], use config")
    .action(async (words: string[]) => {
      const { runtimeCliCommand } = await import("./commands/runtime.ts");
      done(await runtimeCliCommand(words, program.opts<ChatOptions>()));
    });
  addAudit(program, done);
  const config = program.command("config").description("settings and where they come from");
  config
    .command("show", { isDefault: true })
    .description("the settings in force")
    .option("--origin", "with the source of each value")
    .option("--json", "one JSON object")
    .action(async (options: { origin?: boolean; json?: boolean }) => {
      const { configShowCommand } = await import("./commands/config.ts");
      done(await configShowCommand(options, program.opts<ChatOptions>()));
    });
  config
    .command("schema")
    .description("the JSON Schema of the settings files")
    .action(async () => {
      const { configSchemaCommand } = await import("./commands/config.ts");
      done(await configSchemaCommand());
    });
  program
    .command("doctor")
    .description("check this installation")
    .action(async () => {
      const { doctorCommand } = await import("./commands/doctor.ts");
      done(await doctorCommand(program.opts<ChatOptions>()));
    });
  program
    .command("acp")
    .description("serve editors over the Agent Client Protocol on standard input and output")
    .option("--no-editor", "leave the editor's files and terminals alone")
    .action(async (flags: AcpFlags) => {
      const { acpCommand } = await import("./commands/acp.ts");
      done(await acpCommand(flags, program.opts<ChatOptions>()));
    });
  program
    .command("completion <shell>")
    .description("print a completion script: bash, zsh or fish")
    .action(async (shell: string) => {
      const { completionCommand } = await import("./commands/completion.ts");
      done(await completionCommand(shell, program));
    });
  program
    .command("stub")
    .description("a local server that answers like a model provider, for tests and offline work")
    .option("--port <n>", "port; 0 takes a free one", "0")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--script <file>", "replies, JSON or JSON lines")
    .option("--record <file>", "write every request here, one JSON object a line")
    .option("--recording <path...>", "replay recorded provider traffic: files or folders")
    .action(async (options: StubFlags) => {
      const { stubCommand } = await import("./commands/stub.ts");
      done(await stubCommand(options));
    });
}

function addAudit(program: Command, done: (code: number) => void): void {
  const audit = program.command("audit").description("what ran, what was refused, and who took the turns");
  audit
    .command("list", { isDefault: true })
    .description("the newest lines of the audit log, newest last")
    .option("--json", "as they are in the log, one JSON object a line")
    .option("--limit <n>", "so many (50)", positiveInteger)
    .action(async (flags: AuditFlags) => {
      const { auditCommand } = await import("./commands/audit.ts");
      done(await auditCommand(flags));
    });
  audit
    .command("runtimes")
    .description("turns, fallbacks, time, tokens and cost of each runtime")
    .option("--json", "one JSON array")
    .option("--since <duration>", "only the last 30m, 12h, 7d", period)
    .action(async (flags: AuditRuntimesFlags) => {
      const { auditRuntimesCommand } = await import("./commands/audit.ts");
      done(await auditRuntimesCommand(flags));
    });
}
