// Is the terminal xterm.js? Those that are built on it (of editors and web pages) take a narrower window in a way of their own,
// and few say in the environment what they are. All answer the question for their version (DA2) with the same number.

export const ASK_VERSION = "\x1b[>c";

/** xterm.js: InputHandler.sendDeviceAttributesSecondary. The real xterm of that number is of 2012. */
const XTERM_JS = "\x1b[>0;276;0c";

/** Standard input for Ink, which passes such an answer on to nobody. `onXtermJs` is called when it comes. */
export function watchForXtermJs(stdin: NodeJS.ReadStream, onXtermJs: () => void): NodeJS.ReadStream {
  const read = (size?: number): unknown => {
    const chunk: unknown = stdin.read(size);
    if (chunk !== null && String(chunk).includes(XTERM_JS)) onXtermJs();
    return chunk;
  };
  return new Proxy(stdin, {
    get: (target, name) => {
      if (name === "read") return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
