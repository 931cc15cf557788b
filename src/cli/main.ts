// Entry of the bundle: answers what needs nothing else at once, loads the program for the rest.
import { VERSION } from "../config/version.ts";

/** Runs the program for `argv` (without node and script) and ends the process with its exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const { runProgram } = await import("./program.ts");
  process.exitCode = await runProgram(argv);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // Idle connections that SDKs keep open would hold the process for seconds.
  process.exit();
}

/** Resolves when everything written so far is with the reader, or the reader has gone. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}
