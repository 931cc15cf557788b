// What commands print: results on standard output, words about them on standard error.

/** One line on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON value on standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Words for people, on standard error. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
