// `hearth mux`: its subcommands and their flags. Each is loaded when it is called.
import { type Command, InvalidArgumentError } from "commander";
import type { SnapshotFlags } from "./snapshot.ts";
import type { StartFlags } from "./start.ts";

type Done = (code: number) => void;
type SharedFlags = { cwd?: string; timeout?: number };

/** `done` is told the exit code. */
export function addMux(program: Command, done: Done): void {
  // These two are flags of the program as well, which takes them wherever they stand.
  const shared = (): SharedFlags => program.opts<SharedFlags>();
  const mux = program
    .command("mux")
    .description("any terminal program in the background, seen and typed to from several terminals");
  addStart(mux, shared, done);
  addEnd(mux, done);
  addViews(mux, done);
  addInput(mux, done);
  addControls(mux, shared, done);
}

function addStart(mux: Command, shared: () => SharedFlags, done: Done): void {
  mux
    .command("start <name> <command...>")
    .description("start a program: hearth mux start NAME -- COMMAND ARGS...")
    .option("--cols <n>", "columns of its terminal", positive, 80)
    .option("--rows <n>", "rows of its terminal", positive, 24)
    .option("-C, --cwd <dir>", "the folder it starts in")
    .option("--json", "one JSON object")
    .action(async (name: string, command: string[], flags: Omit<StartFlags, "cwd">) => {
      const { startCommand } = await import("./start.ts");
      done(await startCommand(name, command, { ...flags, cwd: shared().cwd }));
    });
  mux.command("host", { hidden: true }).action(async () => {
    const { hostCommand } = await import("./host.ts");
    done(await hostCommand());
  });
}

function addEnd(mux: Command, done: Done): void {
  mux
    .command("end <name>")
    .description("end the program and what it started")
    .option("--force", "at once, without asking it first")
    .action(async (name: string, flags: { force?: boolean }) => {
      const { endCommand } = await import("./end.ts");
      done(await endCommand(name, flags));
    });
  mux
    .command("rm <name>")
    .description("take one that has ended off the list")
    .action(async (name: string) => {
      const { removeCommand } = await import("./end.ts");
      done(await removeCommand(name));
    });
}

function addViews(mux: Command, done: Done): void {
  mux
    .command("list")
    .description("all of them: state, clients, size, command")
    .option("--json", "one JSON array")
    .action(async (flags: { json?: boolean }) => {
      const { listCommand } = await import("./list.ts");
      done(await listCommand(flags));
    });
  mux
    .command("attach <name>")
    .description("show it in this terminal and type to it")
    .option("--detach-key <key>", "the key that leaves it running", "ctrl+\\")
    .action(async (name: string, flags: { detachKey: string }) => {
      const { attachCommand } = await import("./attach.ts");
      done(await attachCommand(name, flags));
    });
  mux
    .command("detach <name> [client]")
    .description("take clients off it: one, or all")
    .action(async (name: string, client: string | undefined) => {
      const { detachCommand } = await import("./control.ts");
      done(await detachCommand(name, client));
    });
  mux
    .command("snapshot <name>")
    .description("print its screen")
    .option("--scrollback", "and the lines above it")
    .option("--ansi", "with colours and cursor")
    .option("--json", "one JSON object")
    .action(async (name: string, flags: SnapshotFlags) => {
      const { snapshotCommand } = await import("./snapshot.ts");
      done(await snapshotCommand(name, flags));
    });
}

function addInput(mux: Command, done: Done): void {
  mux
    .command("send <name> [text]")
    .description("type a text, then keys, then Enter")
    .option("--key <key>", "a key: ctrl+c, escape, up, f5; can be given again", collect, [])
    .option("--enter", "Enter at the end")
    .action(
      async (name: string, text: string | undefined, flags: { key: readonly string[]; enter?: boolean }) => {
        const { sendCommand } = await import("./control.ts");
        done(await sendCommand(name, text ?? "", flags));
      },
    );
  for (const what of ["pause", "resume"] as const) {
    mux
      .command(`${what} <name>`)
      .description(what === "pause" ? "refuse input; the program goes on" : "take input again")
      .action(async (name: string) => {
        const { pauseCommand } = await import("./control.ts");
        done(await pauseCommand(name, what));
      });
  }
}

function addControls(mux: Command, shared: () => SharedFlags, done: Done): void {
  mux
    .command("resize <name> <size>")
    .description("give its terminal another size, such as 120x40, until a client comes or changes its own")
    .action(async (name: string, size: string) => {
      const { resizeCommand } = await import("./control.ts");
      done(await resizeCommand(name, size));
    });
  mux
    .command("wait <name>")
    .description("wait until it is in a state")
    .option("--state <state>", "idle, waiting (for input) or exited", "exited")
    .option("--timeout <duration>", "fail after so long: 90, 30s, 5m, 1h")
    .action(async (name: string, { state }: { state: string }) => {
      const { waitCommand } = await import("./control.ts");
      done(await waitCommand(name, { state, timeoutMs: shared().timeout ?? null }));
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It takes a whole number above 0.");
}

function collect(key: string, before: readonly string[]): readonly string[] {
  return [...before, key];
}
