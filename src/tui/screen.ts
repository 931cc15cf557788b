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
import { COMPOSER_FOCUS, type Desk, type Focus, type Question } from "./desk.ts";
import { drawFrame } from "./draw-frame.ts";
import { type Composer, type ComposerSubmission, createComposer } from "./editor/composer.ts";
import type { Frame } from "./frame.ts";
import type { Keybindings } from "./keys/keybindings.ts";
import type { Paint } from "./look-of.ts";
import { ScreenStore } from "./screen-store.ts";
import { backgroundHint } from "./screens/background.ts";
import { showPicker } from "./screens/pickers.ts";
import { openProcesses } from "./screens/processes.ts";
import { openQueue } from "./screens/queue.ts";
import { sentWords } from "./screens/sent-words.ts";
import { enterOnEmpty } from "./screens/steer-now.ts";
import type { ItemView } from "./transcript/item-view.ts";

export type ScreenOptions = {
  app: App;
  bindings: Keybindings;
  commands: Parameters<typeof createComposer>[0]["commands"];
  paint: Paint;
  /** Chooses another theme. Throws `theme.*`. */
  repaint: (theme: string) => Paint;
  size: () => { columns: number; rows: number };
  now: () => number;
  /** Puts a text into the terminal's clipboard. */
  copy: (text: string) => void;
  openTranscript: () => void;
  openEditor: () => void;
  /** Draws the live rows anew over whatever another program left there. */
  redraw: () => void;
  /** To the background of the shell, until it brings the program back. */
  suspend: () => void;
  leave: (code: number) => void;
};

export class Screen implements Desk {
  readonly app: App;
  readonly bindings: Keybindings;
  readonly composer: Composer;
  readonly store: ScreenStore;
  readonly frame = new Channel<Frame>({ rows: [], cursor: null });
  readonly #options: ScreenOptions;
  #paint: Paint;
  #focus: Focus = COMPOSER_FOCUS;
  #hint = "";
  #branch = "";
  #nextItem = 0;
  /** What failed last, while nothing else was sent since. */
  #failed = "";

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#paint = options.paint;
    this.app = options.app;
    this.bindings = options.bindings;
    this.store = new ScreenStore({ now: options.now, view: () => this.view(), onChange: () => this.draw() });
    this.composer = this.#compose({
      commands: options.commands,
      historyFile: options.app.historyFile,
      onSubmit: (submission) => this.#submit(submission),
    });
    this.composer.subscribe(() => this.draw());
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
      moreHint: "(Ctrl+O)",
      backgroundHint: backgroundHint(this.bindings, this.app.env.TMUX !== undefined),
      expanded: false,
      nowMs: this.#options.now(),
    };
  }

  draw(): void {
    this.frame.set(
      drawFrame({
        view: this.view(),
        rows: this.#options.size().rows,
        state: this.app.conversation.state(),
        tail: this.store.tail(),
        focus: this.#focus,
        composer: this.composer,
        bindings: this.bindings,
        hint: this.#hint,
        branch: this.#branch,
        contextWindow: this.app.models.current()?.contextWindow ?? 0,
        background: runningCount(this.app.processes()),
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
    if (text !== undefined) this.show(this.#note(text));
    if (say !== undefined) this.say(say);
    if (prompt !== undefined) this.attempt(() => this.app.prompt(prompt));
    switch (ui?.kind) {
      case undefined:
        break;
      case "picker":
        showPicker(this, ui.picker);
        break;
      case "queue":
        openQueue(this);
        break;
      case "processes":
        openProcesses(this, ui.id);
        break;
      case "copy":
        this.#options.copy(ui.text);
        break;
      case "theme":
        this.#changeTheme(ui.name);
        break;
      case "exit":
        this.leave(0);
        break;
    }
  }

  /** A theme that cannot be had throws here and is not kept. */
  #changeTheme(name: string): void {
    this.#paint = this.#options.repaint(name);
    this.show(this.#note(`Theme: ${name}`));
    this.attempt(() => this.app.setTheme(name));
  }

  leave(code: number): void {
    this.#options.leave(code);
  }

  openTranscript(): void {
    this.#options.openTranscript();
  }

  openEditor(): void {
    this.#options.openEditor();
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
      Partial<Pick<Parameters<typeof createComposer>[0], "onAction">>,
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
      if (as !== "follow_up") this.say(await enterOnEmpty(this.app));
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
