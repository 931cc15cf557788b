// Notices that the terminal is gone where no signal says so: reads end, writes fail.

/** Calls `listener` at most once; gives the function that ends it. */
export function onTerminalGone(listener: () => void): () => void {
  const { stdin, stdout } = process;
  const gone = (): void => {
    stop();
    listener();
  };
  const stop = (): void => {
    for (const event of ["end", "close", "error"]) stdin.off(event, gone);
    for (const event of ["close", "error"]) stdout.off(event, gone);
  };
  for (const event of ["end", "close", "error"]) stdin.on(event, gone);
  for (const event of ["close", "error"]) stdout.on(event, gone);
  return stop;
}
