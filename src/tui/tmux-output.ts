// tmux takes "erase below" from the first cell of the window for a clear screen and moves what stood there into its
// history, where it would stay as a ghost (screen_write_clearendofscreen in tmux). Ink erases so whenever the live
// region begins in the first row. Erasing from the second cell does the same for the eye.

const ERASE_BELOW = /(?:\x1b\[1?G|\r)\x1b\[0?J/g;
const ERASE_LINE_THEN_BELOW = "\r\x1b[K \x1b[J\r";

/** The same bytes for the eye, without an erase from the first column. */
export function avoidHistoryCopy(data: string): string {
  return data.includes("\x1b[J") ? data.replace(ERASE_BELOW, ERASE_LINE_THEN_BELOW) : data;
}

/** The stream for Ink: itself, with what is written to it rewritten on its way. */
export function outputFor(
  stream: NodeJS.WriteStream,
  rewrite: ((data: string) => string) | null,
): NodeJS.WriteStream {
  if (!rewrite) return stream;
  // Whatever comes behind the data (an encoding, a callback that Ink waits for) goes on as it is.
  const write = (data: unknown, ...rest: unknown[]): boolean =>
    Reflect.apply(stream.write, stream, [typeof data === "string" ? rewrite(data) : data, ...rest]);
  return new Proxy(stream, {
    get: (target, name) => {
      if (name === "write") return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
