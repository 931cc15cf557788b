// Tells the terminal what goes on: title, progress, and a call when the window has no focus. One writer, between frames
// and never inside one; nothing is written while nothing changes; everything is taken back at the end.
import type { App } from "../../app/app.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import type { KeyboardInput } from "./keyboard-input.ts";
import {
  FOCUS_OFF,
  FOCUS_ON,
  KEEP_TITLE,
  notificationSequence,
  type Progress,
  progressSequence,
  RESTORE_TITLE,
  throughTmux,
  titleSequence,
} from "./sequences.ts";
import { callOf, progressOf, type SignalFacts, titleOf } from "./session-signals.ts";
import type { NotificationKind, TerminalKind } from "./terminal-kind.ts";

export type SignalOptions = {
  kind: TerminalKind;
  settings: Pick<App["settings"], "terminalTitle" | "terminalProgress" | "notify">;
  glyphs: Glyphs;
  input: Pick<KeyboardInput, "onReply" | "lastKeyMs">;
  facts: () => Omit<SignalFacts, "outcome">;
  /** Writes to the terminal at once. */
  write: (bytes: string) => void;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** What the terminal behind tmux can be told; null where tmux passes nothing on. */
  askTmux: () => Promise<NotificationKind | null>;
};

/** Ghostty takes a progress away that was not told again for 15 seconds. */
const AGAIN_MS = 10_000;

/** tmux tells of the focus only where its option focus-events is on: there who types nothing for so long is away. */
const AWAY_MS = 60_000;

export class TerminalSignals {
  readonly #options: SignalOptions;
  readonly #stopListening: () => void;
  #outcome: SignalFacts["outcome"] = null;
  /** Null while the terminal has not told. */
  #focused: boolean | null = null;
  #title = "";
  #progress: Progress = "none";
  #awake = false;
  #pending: NodeJS.Immediate | null = null;
  #waiting = "";
  #again: NodeJS.Timeout | null = null;
  #behindTmux: Promise<NotificationKind | null> | null = null;

  constructor(options: SignalOptions) {
    this.#options = options;
    this.#stopListening = options.input.onReply((reply) => {
      if (reply.kind === "focus") this.#focus(reply.focused);
    });
  }

  /** The terminal is ours, again or for the first time. */
  wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    const { kind } = this.#options;
    if (this.#hasTitle()) this.#say(KEEP_TITLE);
    if (kind.focus && this.#notify() !== "off") this.#say(FOCUS_ON);
    this.update();
  }

  /** Somebody else gets the terminal: it is as it was, at once. */
  rest(): void {
    if (!this.#awake) return;
    this.#awake = false;
    const { kind } = this.#options;
    if (this.#progress !== "none") this.#say(progressSequence("none"));
    if (kind.focus && this.#notify() !== "off") this.#say(FOCUS_OFF);
    if (this.#hasTitle()) this.#say(RESTORE_TITLE);
    this.#title = "";
    this.#keepProgress("none");
    this.#focused = null;
    this.#flush();
  }

  close(): void {
    this.rest();
    this.#stopListening();
  }

  take(event: AgentEvent): void {
    if (event.type === "run_start") this.#outcome = null;
    if (event.type === "run_end") this.#outcome = event.outcome;
    const call = this.#isAway() ? callOf(event, this.#facts()) : null;
    if (call) void this.#call(call);
    this.update();
  }

  /** The session may be another. */
  update(): void {
    if (!this.#awake) return;
    const facts = this.#facts();
    const title = this.#hasTitle() ? titleOf(facts, this.#options.glyphs) : "";
    if (title !== this.#title) {
      this.#title = title;
      this.#say(titleSequence(title));
    }
    const progress = this.#hasProgress() ? progressOf(facts) : "none";
    if (progress !== this.#progress) {
      this.#say(progressSequence(progress));
      this.#keepProgress(progress);
    }
  }

  #isAway(): boolean {
    const { kind, input, now } = this.#options;
    if (this.#focused !== null) return !this.#focused;
    return kind.tmux && now() - input.lastKeyMs() >= AWAY_MS;
  }

  #facts(): SignalFacts {
    return { ...this.#options.facts(), outcome: this.#outcome };
  }

  #hasTitle(): boolean {
    return this.#options.kind.title && this.#options.settings.terminalTitle !== false;
  }

  #hasProgress(): boolean {
    return this.#options.kind.progress && this.#options.settings.terminalProgress !== false;
  }

  #notify(): "off" | "bell" | "auto" {
    return this.#options.settings.notify ?? "auto";
  }

  /** Who looks has seen how the run ended. */
  #focus(focused: boolean): void {
    this.#focused = focused;
    if (!focused || this.#outcome === null) return;
    this.#outcome = null;
    this.update();
  }

  async #call(call: { title: string; text: string }): Promise<void> {
    const { kind, askTmux } = this.#options;
    const notify = this.#notify();
    if (notify === "off") return;
    if (notify === "bell" || !kind.tmux) {
      this.#say(notificationSequence(notify === "bell" ? "bell" : kind.notification, call));
      return;
    }
    this.#behindTmux ??= askTmux();
    const behind = await this.#behindTmux;
    if (!this.#awake) return;
    const bell = behind === null || behind === "bell";
    this.#say(bell ? "\x07" : throughTmux(notificationSequence(behind, call)));
  }

  #keepProgress(progress: Progress): void {
    this.#progress = progress;
    if (this.#again) clearInterval(this.#again);
    this.#again =
      progress === "busy" ? setInterval(() => this.#say(progressSequence("busy")), AGAIN_MS) : null;
    this.#again?.unref();
  }

  /** After whatever is being drawn now. */
  #say(bytes: string): void {
    this.#waiting += bytes;
    this.#pending ??= setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#pending) clearImmediate(this.#pending);
    this.#pending = null;
    const bytes = this.#waiting;
    this.#waiting = "";
    if (bytes !== "") this.#options.write(bytes);
  }
}
