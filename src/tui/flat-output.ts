// A short way for Ink's renderer. Our frames are whole rows at column 0, wrapped and painted already; Ink would take
// each apart into cells, one object a column, and join them again. The build puts this before that (see scripts/build).

/** Ink's own list of what to draw. A transformer paints one line of a text, told its number. */
type Operation =
  | {
      type: "write";
      x: number;
      y: number;
      text: string;
      transformers: readonly ((line: string, index: number) => string)[];
    }
  | { type: "clip" }
  | { type: "unclip" };

/** The rows joined by newlines; null when there is anything but whole rows, one below the other. */
export function flatOutput(operations: readonly Operation[], height: number): string | null {
  const rows = Array.from({ length: height }, () => "");
  let next = 0;
  for (const operation of operations) {
    if (operation.type !== "write" || operation.x !== 0 || operation.y < next) return null;
    const lines = operation.text.split("\n");
    for (const [index, line] of lines.entries()) {
      const painted = operation.transformers.reduce((text, transform) => transform(text, index), line);
      if (operation.y + index < height) rows[operation.y + index] = painted.trimEnd();
    }
    next = operation.y + lines.length;
  }
  return rows.join("\n");
}
