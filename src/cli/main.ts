// Entry of the bundle: answers what needs nothing else at once, loads the program for the rest.
import { VERSION } from "../config/version.ts";

/** Runs the program for `argv` (without node and script). Sets process.exitCode; resolves when all is done. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const { runProgram } = await import("./program.ts");
  process.exitCode = await runProgram(argv);
}
