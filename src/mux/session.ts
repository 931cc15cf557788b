// A program in a pseudo-terminal of ours with a screen behind it, in this process. What the host of `hearth mux` serves to
// others, and what a runtime for programs without a protocol works with.
import { type Activity, activityOf, type Reading } from "./activity/activity.ts";
import { keySequence } from "./keys.ts";
import { endSession, hangUpSession } from "./pty/end-session.ts";
import { openPty, type ProgramEnd, type Pty, type PtyOptions } from "./pty/open-pty.ts";
import { readingOf } from "./pty/reading.ts";
import { createScreen, type Screen } from "./screen/screen.ts";

export type { ProgramEnd } from "./pty/open-pty.ts";

export interface PtySession {
  readonly pid: number;
  /** To read, not to write to. */
  readonly screen: Screen;
  /** Told of output before the screen has drawn it. The function given back ends that. */
  onOutput(listener: (text: string) => void): () => void;
  /** Resolves when what the program wrote so far is on the screen. */
  drawn(): Promise<void>;
  /** Looked up at this moment; costs some milliseconds. */
  state(): Activity;
  /** The program in the foreground waits for input; `readsOnly`: for nothing else. Both false where it cannot be known. */
  reads(): boolean;
  readsOnly(): boolean;
  /** Milliseconds since the program wrote or was written to. */
  quietMs(): number;
  /** As a keyboard would send it. Nothing happens after the end. */
  write(text: string): void;
  /** Bytes that it was sent and has not read; not much below 4,096 of them are seen. */
  unread(): number;
  /** A text as one piece where the program knows of pastes, else as if it was typed: a line feed is Enter. */
  paste(text: string): void;
  /** Keys by name, see keys. Throws `mux.key`. */
  press(key: string): void;
  resize(columns: number, rows: number): void;
  /** Ends all that runs in the terminal: TERM, 2 s, KILL; with `force` KILL at once. */
  end(options?: { force?: boolean }): Promise<ProgramEnd>;
  /** Resolves after the last output is on the screen. Never rejects. */
  readonly exited: Promise<ProgramEnd>;
  ended(): ProgramEnd | null;
}

/** Undrawn characters at which reading stops and goes on again: parsing takes tens of milliseconds for them. */
const HOLD_ABOVE = 512 * 1024;
const RELEASE_BELOW = 128 * 1024;

/** Bytes of answers to a program that asks and asks and reads none. */
const MOST_REPLIES = 64 * 1024;

/** Throws what openPty throws. The caller ends it. */
export async function openPtySession(options: PtyOptions): Promise<PtySession> {
  const pty = await openPty(options);
  const screen = createScreen(options.columns, options.rows);
  const listeners = new Set<(text: string) => void>();
  let end: ProgramEnd | null = null;
  let ending = false;
  let lastChange = Date.now();
  const write = (text: string): void => {
    if (end !== null) return;
    lastChange = Date.now();
    pty.write(text);
  };
  takeOutput(pty, screen, (text) => {
    lastChange = Date.now();
    for (const listener of listeners) listener(text);
  });
  // Answers to the program's own questions are no typing.
  screen.onReply((text) => {
    if (pty.unread() < MOST_REPLIES) pty.write(text);
  });
  const drawn = (): Promise<void> => new Promise((resolve) => screen.afterwards(resolve));
  const exited = pty.exited.then(async (result) => {
    end = result;
    if (!ending) hangUpSession(pty.pid);
    await drawn();
    return result;
  });
  const quietMs = (): number => Date.now() - lastChange;
  const reading = (): Reading => (end === null ? readingOf(pty.pid) : "no");
  return {
    pid: pty.pid,
    screen,
    onOutput: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    drawn,
    state: () =>
      activityOf({
        exited: end !== null,
        quietMs: quietMs(),
        reading: reading(),
        beforeCursor: screen.beforeCursor(),
      }),
    reads: () => ["only", "also"].includes(reading()),
    readsOnly: () => reading() === "only",
    quietMs,
    write,
    unread: pty.unread,
    paste: (text) => write(pasted(text, screen.modes().bracketedPaste)),
    press: (key) => write(keySequence(key, screen.modes())),
    resize: (columns, rows) => {
      if (end !== null) return;
      screen.resize(columns, rows);
      pty.resize(columns, rows);
    },
    end: async ({ force = false } = {}) => {
      ending = true;
      if (end === null) await endSession(pty.pid, { force });
      return exited;
    },
    exited,
    ended: () => end,
  };
}

/** What the program writes goes to the screen; it is held where it writes faster than that can be drawn. */
function takeOutput(pty: Pty, screen: Screen, onText: (text: string) => void): void {
  let held = false;
  const releaseWhenDrawn = (): void => {
    if (screen.backlog() > RELEASE_BELOW) {
      screen.afterwards(releaseWhenDrawn);
      return;
    }
    held = false;
    pty.release();
  };
  pty.onOutput((text) => {
    screen.write(text);
    onText(text);
    if (held || screen.backlog() < HOLD_ABOVE) return;
    held = true;
    pty.hold();
    screen.afterwards(releaseWhenDrawn);
  });
}

/** A paste that ends itself in its midst could type commands: what ends one is taken out. */
function pasted(text: string, bracketed: boolean): string {
  const typed = text.replace(/\r\n|\n/g, "\r");
  return bracketed ? `\x1b[200~${typed.replaceAll(/\x1b\[20[01]~/g, "")}\x1b[201~` : typed;
}
