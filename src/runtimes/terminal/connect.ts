// Speaks to a program by typing, and listens by looking at its screen.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, toFailure } from "../../lib/app-error.ts";
import { endMarked, markVariables, newMark } from "../../lib/process-mark.ts";
import { openPtySession, type PtySession } from "../../mux/session.ts";
import type {
  AgentConnection,
  Connect,
  ConnectOptions,
  PromptBlock,
  TurnAnswer,
  TurnListener,
} from "../external/connection.ts";
import type { AgentProgram } from "../external/start-agent.ts";
import type { RuntimeCapabilities } from "../runtime.ts";
import { isReady, POLL_MS } from "./readiness.ts";
import { startRecording } from "./recording.ts";
import { TerminalTurn } from "./turn.ts";
import { typedPrompt } from "./typed-prompt.ts";

/** Wide and high enough that programs seldom wrap or hide anything. */
const SIZE = { columns: 120, rows: 40 } as const;

/** Between a paste and Enter: some programs take an Enter that comes with a paste for a part of it. */
const PASTE_MS = 150;
/** Between Esc and Ctrl+C: the first is enough for some. */
const ESCAPE_MS = 200;

const LAST_LINES = 5;

export function terminalConnector({ command, args, env }: AgentProgram): Connect {
  return async (options) => {
    const { name, cwd } = options;
    const mark = newMark();
    const marked = { ...env, ...markVariables(mark) };
    let session: PtySession;
    try {
      session = await openPtySession({ file: command, args, cwd, env: marked, ...SIZE });
    } catch (cause) {
      throw new AppError("runtime.start", `${name} could not be started: ${toFailure(cause).message}`, {
        hint: `runtimes.${name}.command in the settings names the program.`,
        cause,
      });
    }
    const connection = new TerminalConnection(name, session, mark);
    try {
      await waitUntilReady(session, options);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
}

/** Throws `runtime.start`. */
async function waitUntilReady(
  session: PtySession,
  { name, timeoutMs, signal }: ConnectOptions,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isReady(session)) {
    signal.throwIfAborted();
    if (session.ended() !== null) {
      throw new AppError("runtime.start", `${name} ended at once.`, { hint: lastWords(session) });
    }
    if (Date.now() >= deadline) {
      throw new AppError(
        "runtime.start",
        `${name} did not come to wait for input within ${timeoutMs / 1_000} s.`,
        {
          hint: lastWords(session),
        },
      );
    }
    await sleep(POLL_MS);
  }
}

class TerminalConnection implements AgentConnection {
  /** It has none that we could know. */
  readonly sessionId = "";
  readonly resumed = false;
  readonly seeded = false;
  readonly capabilities: Partial<RuntimeCapabilities> = {};
  readonly model = null;
  readonly #name: string;
  readonly #session: PtySession;
  readonly #mark: string;
  #turn: TerminalTurn | null = null;
  #explained = false;

  constructor(name: string, session: PtySession, mark: string) {
    this.#name = name;
    this.#session = session;
    this.#mark = mark;
  }

  get alive(): boolean {
    return this.#session.ended() === null;
  }

  errorText(): string {
    return lastWords(this.#session);
  }

  choice(): null {
    return null;
  }

  async choose(): Promise<void> {
    throw new AppError("runtime.failed", "There is nothing that could be chosen from here.");
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer> {
    this.#explain(listener);
    const session = this.#session;
    const pastes = session.screen.modes().bracketedPaste;
    const typed = typedPrompt(blocks, pastes);
    if (typed === null) {
      throw new AppError("runtime.failed", "The message is longer than the one line that it takes.", {
        hint: "It does not say that it takes pasted text.",
      });
    }
    if (typed.leftOut) {
      const message = `${this.#name} takes one line at a time: it was not told of the conversation so far.`;
      listener.onUpdate({ type: "notice", level: "warning", code: "runtime.handover", message });
    }
    const recording = await startRecording(session);
    const turn = new TerminalTurn(session, recording, typed.text, listener);
    this.#turn = turn;
    try {
      if (!(await turn.untilReady())) return { reason: "cancelled", usage: null };
      session.paste(typed.text);
      await sleep(PASTE_MS);
      session.press("enter");
      return { reason: (await turn.untilOver()) ? "stop" : "cancelled", usage: null };
    } finally {
      this.#turn = null;
      recording.close();
    }
  }

  /** Whoever does not heed it is ended by the turn. */
  cancel(): void {
    const turn = this.#turn;
    if (turn === null || turn.cancelled) return;
    void turn.cancel().then(async () => {
      this.#session.press("escape");
      await sleep(ESCAPE_MS);
      this.#session.press("ctrl+c");
    });
  }

  async close(): Promise<void> {
    await this.#session.end();
    endMarked(this.#mark);
  }

  /** The person knows once what is not known of this program. */
  #explain(listener: TurnListener): void {
    if (this.#explained) return;
    this.#explained = true;
    const message = `Of ${this.#name} only the screen is seen: what it runs or changes is neither asked for nor shown, and its answer is the text that appeared.`;
    listener.onUpdate({ type: "notice", level: "info", code: "runtime.screen", message });
  }
}

function lastWords({ screen }: PtySession): string {
  const lines = screen.alternate() ? screen.visible() : screen.transcript();
  return lines
    .filter((line) => line.trim() !== "")
    .slice(-LAST_LINES)
    .join("\n");
}
