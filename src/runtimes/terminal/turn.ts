// One turn: the screen is watched until the program waits again, and what appears is told as it settles.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../lib/app-error.ts";
import type { PtySession } from "../../mux/session.ts";
import type { TurnListener } from "../external/connection.ts";
import { hasHeeded, isReady, POLL_MS } from "./readiness.ts";
import type { Recording } from "./recording.ts";
import { growth, screenAnswer } from "./screen-answer.ts";

/** A screen that has not changed for so long shows no signs of work that are drawn over a moment later. */
const SETTLED_MS = 1_000;
/** How often lines that have scrolled by are told while output goes on. */
const SCROLLED_MS = 500;

const SINCE_LENGTH = 1_000;

export class TerminalTurn {
  readonly #session: PtySession;
  readonly #recording: Recording;
  readonly #typed: string;
  readonly #listener: TurnListener;
  #told = "";
  #cancelled = false;
  /** What was written after it was cancelled, bounded. */
  #since = "";

  constructor(session: PtySession, recording: Recording, typed: string, listener: TurnListener) {
    this.#session = session;
    this.#recording = recording;
    this.#typed = typed;
    this.#listener = listener;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** What stands there now is the answer; what the program says to the interrupt is not. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#session.onOutput((text) => {
      this.#since = (this.#since + text).slice(-SINCE_LENGTH);
    });
    await this.#tellAll();
  }

  /** False when it was cancelled before. Throws when the program ended. */
  async untilReady(): Promise<boolean> {
    while (!isReady(this.#session)) {
      if (this.#cancelled) return false;
      this.#assertAlive();
      await sleep(POLL_MS);
    }
    return !this.#cancelled;
  }

  /** False when it was cancelled and has heeded that. Throws when the program ended; all it said is told then. */
  async untilOver(): Promise<boolean> {
    let nextScrolled = Date.now() + SCROLLED_MS;
    for (;;) {
      await sleep(POLL_MS);
      if (this.#cancelled) {
        if (hasHeeded(this.#session, this.#since)) return false;
        this.#assertAlive();
        continue;
      }
      if (this.#session.ended() !== null) await this.#tellAll();
      this.#assertAlive();
      if (isReady(this.#session)) {
        await this.#tellAll();
        return true;
      }
      if (this.#session.quietMs() >= SETTLED_MS) await this.#tellAll();
      else if (Date.now() >= nextScrolled) {
        await this.#tellScrolled();
        nextScrolled = Date.now() + SCROLLED_MS;
      }
    }
  }

  #assertAlive(): void {
    const end = this.#session.ended();
    if (end !== null) throw new AppError("runtime.crashed", "Its program ended.");
  }

  async #tellAll(): Promise<void> {
    this.#tell(this.#answer(await this.#recording.lines()));
  }

  /** What has left the screen does not change any more. */
  async #tellScrolled(): Promise<void> {
    const { screen } = this.#session;
    if (screen.alternate()) return;
    const text = this.#answer((await this.#recording.lines()).slice(0, -screen.size().rows));
    if (text.startsWith(this.#told)) this.#tell(text);
  }

  #answer(after: readonly string[]): string {
    return screenAnswer({ before: this.#recording.before, after, typed: this.#typed });
  }

  #tell(text: string): void {
    const { more, told } = growth(this.#told, text);
    this.#told = told;
    if (more !== "") this.#listener.onUpdate({ type: "text", text: more });
  }
}
