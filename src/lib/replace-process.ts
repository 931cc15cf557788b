// Becoming another program: the same process goes on as it, with its terminal, its number and its standard streams.

/** Node 22.15 has it, on everything but Windows. */
export function canReplaceProcess(): boolean {
  return process.platform === "linux" && typeof process.execve === "function";
}

/** Never returns. `args` are without the program's own name; throws where `file` cannot be started. */
export function replaceProcess(file: string, args: readonly string[], env: Record<string, string>): never {
  if (typeof process.execve !== "function") throw new Error("This Node cannot become another program.");
  // Node says that this is experimental, a moment later: by then it is the other program's standard error.
  return process.execve(file, [file, ...args], env);
}

/** The command line of this process, to be started once more. */
export function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}
