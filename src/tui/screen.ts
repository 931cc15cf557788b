// The screen: joins the transcript's store, the composer and whatever has the keys into one frame. Thin: what keys do
// is in screens/, what rows look like in components/.
import type { App } from "../app/app.ts";
import type { CommandResult } from "../app/commands/command.ts";
import { runningCount } from "../app/process-choice.ts";
import { submit } from "../app/submit.ts";
import type { TranscriptItem } from "../app/transcript-item.ts";
import { toFailure } from "../lib/app-error.ts";
import type { ImageContent } from "../protocol/content.ts";
import { Channel } from "./channel.ts";
import { COMPOSER_FOCUS, type Desk, type Focus, type Question, type Restart } from "./desk.ts";
import { drawFrame } from "./draw-frame.ts";
import { type Composer, type ComposerSubmission, createComposer } from "./editor/composer.ts";
import type { Frame } from "./frame.ts";
import type { InlineImages } from "./images/inline-images.ts";
import { keysSummary, moreHint } from "./keys/key-words.ts";
import type { Keybindings } from "./keys/keybindings.ts";
import type { Paint } from "./look-of.ts";
import { ScreenStore } from "./screen-store.ts";
import { applyUi } from "./screens/apply-ui.ts";
import { backgroundHint } from "./screens/background.ts";
import { idleHint } from "./screens/idle-hint.ts";
import { sentWords } from "./screens/sent-words.ts";
import { isForScreens } from "./screens/show-diff.ts";
import { enterOnEmpty } from "./screens/steer-now.ts";
import type { StatusLine } from "./status/status-line.ts";
import type { ItemView } from "./transcript/item-view.ts";

export type ScreenOptions = {
  app: App;
  bindings: Keybindings;
  commands: Parameters<typeof createComposer>[0]["commands"];
  refreshCommands?: () => Promise<void>;
  paint: Paint;
  /** Chooses another theme. Throws `theme.*`. */
  repaint: (theme: string) => Paint;
  size: () => { columns: number; rows: number };
  /** Default: the usual one. */
  statusLine?: StatusLine;
  now: () => number;
  /** Absent or null where images are only named. */
  images?: InlineImages | null;
  /** Puts a text into the terminal's clipboard. */
  copy: (text: string) => void;
  openTranscript: () => void;
  openEditor: () => void;
  /** A file in the person's editor; resolves when that has ended. */
  editFile: (file: string) => Promise<void>;
  /** Draws the live rows anew over whatever another program left there. */
  redraw: () => void;
  /** To the background of the shell, until it brings the program back. */
  suspend: () => void;
  leave: (code: number) => void;
  /** Ends this screen; the program goes on with another. */
  restart: (why: Restart) => void;
};

/** What a draft belongs to: the session in progress once it has begun. */
function savedSession({ conversation }: App): string | null {
  const { sessionId, file, readOnly } = conversation;
  return file === null || readOnly !== null || conversation.state().runs === 0 ? null : sessionId;
}

export class Screen implements Desk {
  readonly app: App;
  readonly bindings: Keybindings;
  readonly composer: Composer;
  readonly store: ScreenStore;
  readonly images: InlineImages | null;
  readonly frame = new Channel<Frame>({ rows: [], cursor: null });
  readonly #options: ScreenOptions;
  theme: string;
  #paint: Paint;
  /** A theme that is looked at and not in force. */
  #tried: Paint | null = null;
  #focus: Focus = COMPOSER_FOCUS;
  #hint = "";
  #branch = "";
  #nextItem = 0;
  /** What failed last, while nothing else was sent since. */
  #failed = "";

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#paint = options.paint;
    this.theme = options.app.theme;
    this.app = options.app;
    this.images = options.images ?? null;
    this.bindings = options.bindings;
    this.store = new ScreenStore({ now: options.now, view: () => this.view(), onChange: () => this.draw() });
    this.composer = this.#compose({
      commands: options.commands,
      ...(options.refreshCommands ? { refreshCommands: options.refreshCommands } : {}),
      historyFile: options.app.historyFile,
      onSubmit: (submission) => this.#submit(submission),
      say: (hint) => this.say(hint),
      session: () => savedSession(options.app),
      readImage: async () =>
        (await import("./editor/clipboard-image.ts")).readClipboardImage(options.app.env),
      clipboard: {
        read: async () =>
          (await import("./clipboard-text.ts")).readClipboardText(options.app.env, options.app.cwd),
        write: options.copy,
      },
    });
    this.composer.subscribe(() => this.draw());
    this.composer.setVim(options.app.settings.editor === "vim");
  }

  focus(): Focus {
    return this.#focus;
  }

  now(): number {
    return this.#options.now();
  }

  setFocus(focus: Focus): void {
    if (this.#focus.kind === "line") this.#focus.composer.close();
    this.#focus = focus;
    this.draw();
  }

  say(hint: string): void {
    this.#hint = hint;
    this.draw();
  }

  show(item: TranscriptItem): void {
    this.store.add(item);
  }

  /** How items look now. */
  view(): ItemView {
    const { columns } = this.#options.size();
    // One column is left free: a terminal wraps a row that is as wide as the window.
    return {
      ...this.#paint,
      width: Math.max(10, columns - 1),
      moreHint: moreHint(this.bindings),
      backgroundHint: backgroundHint(this.bindings, this.app.env.TMUX !== undefined),
      expanded: false,
      nowMs: this.#options.now(),
      ...(this.images ? { images: this.images } : {}),
    };
  }

  draw(): void {
    this.frame.set(
      drawFrame({
        view: { ...this.view(), ...this.#tried },
        rows: this.#options.size().rows,
        state: this.app.conversation.state(),
        tail: this.store.tail(),
        focus: this.#focus,
        composer: this.composer,
        bindings: this.bindings,
        hint: this.#hint,
        idleHint: idleHint(this.app),
        branch: this.#branch,
        statusRow: this.#options.statusLine?.row,
        contextWindow: this.app.models.current()?.contextWindow ?? 0,
        background: runningCount(this.app.processes()),
        readOnly: this.app.conversation.readOnly !== null,
      }),
    );
  }

  setBranch(branch: string): void {
    this.#branch = branch;
    this.draw();
  }

  ask({ title, initial = "", masked = false, submit: answer, cancel }: Question): void {
    const back = (): void => {
      this.setFocus(COMPOSER_FOCUS);
      cancel?.();
    };
    const composer = this.#compose({
      commands: [],
      historyFile: null,
      onSubmit: async ({ text }) => {
        this.setFocus(COMPOSER_FOCUS);
        answer(text);
      },
      onAction: (action) => {
        if (action === "interrupt" || action === "clear_or_leave" || action === "leave_if_empty") back();
      },
    });
    composer.subscribe(() => this.draw());
    if (initial !== "") composer.setText(initial);
    this.setFocus({ kind: "line", title, composer, masked });
  }

  attempt(task: () => Promise<void>): void {
    task().catch((error: unknown) => this.#showError(error));
  }

  command(line: string): void {
    this.attempt(() => this.#submit({ text: line, images: [], as: "enter" }));
  }

  /** Sends the prompt that the program was started with. */
  begin(text: string, images: ImageContent[]): void {
    this.attempt(() => this.#submit({ text, images, as: "enter" }));
  }

  apply({ text, say, prompt, ui }: CommandResult): void {
    // A text beside something to look at is for where there is no screen for it.
    if (text !== undefined && !isForScreens(ui)) {
      const keys = ui?.kind === "help" ? `\n\n${keysSummary(this.bindings)}` : "";
      this.show(this.#note(text + keys));
    }
    if (say !== undefined) this.say(say);
    if (prompt !== undefined) this.attempt(() => this.app.prompt(prompt));
    if (ui) applyUi(this, ui);
  }

  tryTheme(name: string | null): void {
    if (name !== null) this.#tried = this.#options.repaint(name);
    else if (this.#tried) {
      this.#tried = null;
      this.#repaintWithOwn();
    }
    this.draw();
  }

  /** Who paints may follow the theme that was asked for last; going back is asking for the one in force. */
  #repaintWithOwn(): void {
    try {
      this.#paint = this.#options.repaint(this.theme);
    } catch {
      // Its file is not there or not valid any more; it stays as it looks.
    }
  }

  /** A theme that cannot be had throws here and is not kept. */
  changeTheme(name: string, keep: (() => Promise<string>) | undefined): void {
    this.#tried = null;
    this.#paint = this.#options.repaint(name);
    this.theme = name;
    this.draw();
    if (keep) {
      this.attempt(async () => {
        const text = await keep();
        if (text !== "") this.show(this.#note(text));
      });
      return;
    }
    this.show(this.#note(`Theme: ${name}`));
    this.attempt(() => this.app.setTheme(name));
  }

  /** The theme in use looks different now. */
  setPaint(paint: Paint): void {
    this.#paint = paint;
    this.store.flush();
  }

  restart(why: Restart): void {
    this.#options.restart(why);
  }

  leave(code: number): void {
    this.#options.leave(code);
  }

  /** Puts a text into the clipboard. */
  copy(text: string): void {
    this.#options.copy(text);
  }

  openTranscript(): void {
    this.#options.openTranscript();
  }

  openEditor(): void {
    this.#options.openEditor();
  }

  editFile(file: string): Promise<void> {
    return this.#options.editFile(file);
  }

  redraw(): void {
    this.#options.redraw();
  }

  suspend(): void {
    this.#options.suspend();
  }

  close(): void {
    this.composer.close();
    this.store.close();
  }

  #compose(
    own: Pick<Parameters<typeof createComposer>[0], "commands" | "historyFile" | "onSubmit"> &
      Partial<
        Pick<
          Parameters<typeof createComposer>[0],
          "onAction" | "say" | "session" | "readImage" | "clipboard" | "refreshCommands"
        >
      >,
  ): Composer {
    const { app, bindings, now } = this.#options;
    return createComposer({
      bindings,
      listFiles: (options) => app.listFiles(options),
      cwd: app.cwd,
      home: app.paths.home,
      now,
      onError: (error) => this.#showError(error),
      onAction: (action) => this.onAction(action),
      ...own,
    });
  }

  /** Set by who dispatches keys. */
  onAction: Parameters<typeof createComposer>[0]["onAction"] = () => undefined;

  async #submit({ text, images, as }: ComposerSubmission): Promise<void> {
    this.#hint = "";
    const { conversation } = this.app;
    const before = conversation.state();
    if (text.trim() === "" && images.length === 0) {
      if (as !== "follow_up") this.say(await enterOnEmpty(this));
      return;
    }
    const late = (result: CommandResult | { error: unknown }): void => {
      if ("error" in result) this.#showError(result.error);
      else this.apply(result);
    };
    const result = await submit(this.app, { text, images, as }, late);
    const said = sentWords(before, conversation.state(), { nowMs: this.now(), as });
    this.apply({ ...(said === "" ? {} : { say: said }), ...result });
    this.#failed = "";
  }

  #note(text: string): TranscriptItem {
    return { kind: "assistant", id: `note-${this.#nextItem++}`, text, speaker: "" };
  }

  /** A slip, and a failure that repeats the last, is one line under the input; others stay in the transcript. */
  #showError(error: unknown): void {
    const failure = toFailure(error);
    const text = [failure.message, failure.hint ?? ""].join(" ").trim();
    if (failure.code === "command.unknown" || text === this.#failed) this.say(text);
    else this.show({ kind: "error", id: `error-${this.#nextItem++}`, failure });
    this.#failed = text;
  }
}
