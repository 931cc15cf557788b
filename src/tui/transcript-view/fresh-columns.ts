// Columns that a window gains: xterm.js (VS Code) keeps what stood there when it was wide before, in the alternate
// screen, and Ink writes no row whose text is still the same.

/** Gives a function for every resize: empties what is new on the right, with the cursor where it was. */
export function createFreshColumns(
  stdout: Pick<NodeJS.WriteStream, "columns" | "rows" | "write">,
): () => void {
  let before = stdout.columns;
  return () => {
    const { columns, rows } = stdout;
    if (columns > before) stdout.write(`\x1b7${emptied(before, rows)}\x1b8`);
    before = columns;
  };
}

/** CUP to the first new column of each row, EL to its end (ECMA-48). */
function emptied(before: number, rows: number): string {
  return Array.from({ length: rows }, (_, row) => `\x1b[${row + 1};${before + 1}H\x1b[K`).join("");
}
