// Ink reads the keyboard of the main screen, and draws nothing there: the live region has a writer of its own. What Ink
// says to the terminal about its keyboard goes through, frames do not.

/** Bracketed paste, and the question, the beginning and the end of the kitty keyboard protocol. */
const KEYBOARD_MODE = /^\x1b\[(?:\?2004[hl]|\?u|>\d+u|<\d*u)$/;

export function keyboardOnly(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  // Whatever comes behind the data (an encoding, a callback that Ink waits for) goes on as it is.
  const write = (data: unknown, ...rest: unknown[]): boolean =>
    Reflect.apply(stream.write, stream, [
      typeof data === "string" && KEYBOARD_MODE.test(data) ? data : "",
      ...rest,
    ]);
  return new Proxy(stream, {
    get: (target, name) => {
      if (name === "write") return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
