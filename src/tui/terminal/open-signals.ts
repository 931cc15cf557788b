// The door to what the terminal is told: loaded once the first frame stands, connected to whichever conversation is open.
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../../app/app.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import { keyboardInput } from "./keyboard-input.ts";
import type { TerminalSignals } from "./signals.ts";
import { terminalKind } from "./terminal-kind.ts";

/** Ink waits 200 ms for the answer about the keyboard: nothing else is loaded meanwhile. */
const LATER_MS = 250;

export interface SignalDoor {
  /** Loads and begins. */
  open(glyphs: Glyphs): Promise<void>;
  /** While another program has the terminal. */
  rest(): void;
  wake(): void;
  close(): void;
}

export function createSignalDoor(app: App): SignalDoor {
  const kind = terminalKind(app.env);
  let signals: TerminalSignals | null = null;
  let closed = false;
  let detach: () => void = () => undefined;
  const restore = (): void => signals?.close();
  return {
    open: async (glyphs) => {
      await sleep(LATER_MS, undefined, { ref: false });
      const [{ TerminalSignals }, { askTmux }] = await Promise.all([
        import("./signals.ts"),
        import("./ask-tmux.ts"),
      ]);
      if (closed) return;
      const subject = followSubject(app, () => signals?.update());
      signals = new TerminalSignals({
        kind,
        settings: app.settings,
        glyphs,
        input: keyboardInput(),
        facts: () => ({ state: app.conversation.state(), subject: subject.text() }),
        write: (bytes) => void process.stdout.write(bytes),
        now: Date.now,
        askTmux: () => askTmux(app.env),
      });
      detach = follow(app, signals, subject);
      // Also when the program ends by an error.
      process.once("exit", restore);
      signals.wake();
    },
    rest: () => signals?.rest(),
    wake: () => signals?.wake(),
    close: () => {
      closed = true;
      detach();
      restore();
      process.off("exit", restore);
    },
  };
}

interface Subject {
  text(): string;
  /** The first prompt of the conversation as it goes on. */
  prompt(text: string): void;
  /** Another conversation is open. */
  reset(): void;
}

/** Runs of a saved session that are looked through for its first prompt. */
const KNOWN_RUNS = 20;

/** What a session is about: its name, else what was asked first, else where it is. */
function followSubject(app: App, onChange: () => void): Subject {
  let prompt = "";
  const recall = async (): Promise<void> => {
    const { conversation } = app;
    const { name, run, runs } = conversation.state();
    if (name !== "" || (runs === 0 && run === null)) return;
    const events = await conversation.replay({ lastRuns: KNOWN_RUNS });
    const first = events.find((event) => event.type === "run_start");
    if (!first || prompt !== "" || app.conversation !== conversation) return;
    prompt = first.prompt;
    onChange();
  };
  // A session that cannot be read is told elsewhere; the folder stands in the title then.
  const begin = (): void => void recall().catch(() => undefined);
  begin();
  return {
    text: () => app.conversation.state().name || prompt || basename(app.cwd),
    prompt: (text) => {
      if (prompt === "") prompt = text;
    },
    reset: () => {
      prompt = "";
      begin();
    },
  };
}

function follow(app: App, signals: TerminalSignals, subject: Subject): () => void {
  const begin = (): (() => void) => {
    const unsubscribe = app.conversation.subscribe(({ event }) => {
      if (event.type === "run_start") subject.prompt(event.prompt);
      if (event.type !== "message_update" && event.type !== "tool_update") signals.take(event);
    });
    const unwatch = app.conversation.onChange(() => signals.update());
    return () => {
      unsubscribe();
      unwatch();
    };
  };
  let end = begin();
  const stop = app.onConversation(() => {
    end();
    end = begin();
    subject.reset();
    signals.update();
  });
  return () => {
    end();
    stop();
  };
}
