// Entry of the bundle: answers what needs nothing else at once, loads the program for the rest.
import { VERSION } from "../config/version.ts";

/** Runs the program for `argv` (without node and script) and ends the process with its exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  watchStandardOutput();
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  // Where stderr cannot be written, nobody can be told.
  process.stderr.on("error", () => undefined);
  const { runProgram } = await import("./program.ts");
  const code = await runProgram(argv);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // Idle connections that SDKs keep open would hold the process for seconds.
  process.exit(process.exitCode ?? code);
}

/** A reader that has seen enough, or a terminal that was closed, is no failure; a full disk under a redirection is. */
function watchStandardOutput(): void {
  let told = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || (error.code === "EIO" && process.stdout.isTTY)) return;
    process.exitCode = 1;
    if (told) return;
    told = true;
    process.stderr.write(`hearth: standard output cannot be written: ${error.message}\n`);
  });
}

/** Resolves when everything written so far is with the reader, or the reader has gone. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}
