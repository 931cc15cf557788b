// Standard input as Ink gets it: without what the terminal answers or reports, which listeners are told instead.
import { createReplyFilter, type TerminalReply } from "./reply-filter.ts";

type Listener = (reply: TerminalReply) => void;

export interface KeyboardInput {
  /** The stream for Ink: standard input without replies. */
  readonly stream: NodeJS.ReadStream;
  /** Reads replies while no Ink instance does; gives the function that ends it. Keys wait for who reads next. */
  readAhead(): () => void;
  /** When the newest key came, milliseconds since the epoch; the start at first. */
  lastKeyMs(): number;
  /** Puts what was read ahead back, for who reads standard input itself. */
  giveBack(): void;
  /** Gives the function that ends it. */
  onReply(listener: Listener): () => void;
}

/** Rest of a reply that was cut in two comes at once, or it was no reply. */
const REST_MS = 50;

/** `now` in milliseconds since the epoch. */
export function createKeyboardInput(stdin: NodeJS.ReadStream, now: () => number): KeyboardInput {
  const filter = createReplyFilter();
  const listeners = new Set<Listener>();
  /** Keys for the next read. */
  let kept = "";
  let lastKeyMs = now();
  let timer: NodeJS.Timeout | null = null;
  const releaseLater = (): void => {
    timer = setTimeout(() => {
      kept += filter.release();
      stdin.emit("readable");
    }, REST_MS);
    timer.unref();
  };
  const take = (chunk: string): string => {
    if (timer) clearTimeout(timer);
    timer = null;
    const { keys, replies } = filter.push(chunk);
    for (const reply of replies) for (const listener of [...listeners]) listener(reply);
    if (filter.holding()) releaseLater();
    if (keys !== "") lastKeyMs = now();
    return keys;
  };
  /** Null when there is nothing; "" when there were replies alone. */
  const read = (): string | null => {
    const chunk: unknown = stdin.read();
    const before = kept;
    kept = "";
    if (chunk === null) return before === "" ? null : before;
    return before + take(String(chunk));
  };
  return {
    stream: streamOver(stdin, {
      read,
      // What was kept before anybody listened is news to who listens now.
      listen: () => void setImmediate(() => kept !== "" && stdin.emit("readable")),
    }),
    readAhead: () => {
      stdin.setEncoding("utf8");
      const onReadable = (): void => {
        let keys = "";
        for (let part = read(); part !== null; part = read()) keys += part;
        kept += keys;
      };
      stdin.on("readable", onReadable);
      return () => void stdin.off("readable", onReadable);
    },
    lastKeyMs: () => lastKeyMs,
    giveBack: () => {
      if (kept !== "") stdin.unshift(kept);
      kept = "";
    },
    onReply: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

type Reading = { read: () => string | null; listen: () => void };

function streamOver(stdin: NodeJS.ReadStream, { read, listen }: Reading): NodeJS.ReadStream {
  const addListener = (event: string, listener: () => void): NodeJS.ReadStream => {
    stdin.addListener(event, listener);
    if (event === "readable") listen();
    return stdin;
  };
  return new Proxy(stdin, {
    get: (target, name) => {
      if (name === "read") return read;
      if (name === "addListener") return addListener;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Of this process. Made when it is first asked for: plain mode and one-shot mode leave standard input alone. */
let own: KeyboardInput | null = null;

export function keyboardInput(): KeyboardInput {
  own ??= createKeyboardInput(process.stdin, Date.now);
  return own;
}
