// Raw mode between two Ink instances and before the first: keys that are pressed then wait, and are not echoed.

export function holdKeys(): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
}

/** For whoever has the terminal next. */
export function releaseKeys(): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
}
