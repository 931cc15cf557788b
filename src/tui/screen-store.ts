// What the screen shows of the conversation: finished rows for the terminal's scrollback, and the live tail. Deltas are gathered and drawn at most 15 times a second.
import type { Conversation } from "../app/app.ts";
import { isAtWork } from "../app/state.ts";
import type { TranscriptItem } from "../app/transcript-item.ts";
import type { AgentEvent } from "../protocol/event.ts";
import { prepareTexts, TranscriptFeed } from "./transcript/feed.ts";
import type { ItemView } from "./transcript/item-view.ts";
import { TranscriptLog } from "./transcript/log.ts";

/** How long deltas are gathered. Below what an eye tells apart, above what a terminal needs to draw. */
const GATHER_MS = 66;

export type ScreenStoreOptions = {
  now: () => number;
  /** How items look now: width, theme, glyphs. */
  view: () => ItemView;
  /** The tail or the session's state is another now: the frame must be drawn. */
  onChange: () => void;
};

export class ScreenStore {
  readonly log: TranscriptLog;
  readonly #options: ScreenStoreOptions;
  readonly #feed: TranscriptFeed;
  /** Final, and not in the scrollback yet. */
  readonly #finished: string[] = [];
  #tail: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #ticker: NodeJS.Timeout | null = null;
  #loading = false;

  constructor(options: ScreenStoreOptions) {
    this.#options = options;
    this.#feed = new TranscriptFeed(options.now);
    this.log = new TranscriptLog(options.now);
  }

  tail(): readonly string[] {
    return this.#tail;
  }

  /** Shows the conversation as it goes on; gives the function that ends it. */
  attach(conversation: Pick<Conversation, "subscribe" | "onChange" | "state">): () => void {
    this.log.restart();
    const unsubscribe = conversation.subscribe(({ event }) => {
      this.#take(event);
      if (event.type === "message_update" || event.type === "tool_update") {
        this.#flushSoon();
        return;
      }
      this.#keepTime(isAtWork(conversation.state()));
      this.#flushNow();
    });
    const unwatch = conversation.onChange(() => {
      this.#keepTime(isAtWork(conversation.state()));
      this.#flushSoon();
    });
    return () => {
      unsubscribe();
      unwatch();
      this.#keepTime(false);
    };
  }

  /** Shows a saved branch: the same events, the same door, the same screen. */
  async replay(events: readonly AgentEvent[]): Promise<void> {
    await prepareTexts(events);
    for (const event of events) this.#take(event);
    this.flush();
  }

  add(item: TranscriptItem): void {
    this.#feed.add(item);
    this.log.add(item);
    this.#flushNow();
  }

  /** Draws what came in since the last time. Also called when width or theme change. */
  flush(): void {
    this.#flush(true);
    const loaded = this.#feed.loaded();
    if (!loaded || this.#loading) return;
    this.#loading = true;
    // What cannot be loaded is shown as it is: plain text, lines that changed as a whole.
    const done = (wait: boolean): void => {
      this.#loading = false;
      if (wait) this.flush();
      else this.finish();
    };
    void loaded.then(
      () => done(true),
      () => done(false),
    );
  }

  /** Draws all that came in, waiting for nothing: nobody will draw later. */
  finish(): void {
    this.#flush(false);
  }

  /** The next rows for the scrollback, `most` of them: each is given once, to whoever writes it there. */
  takeFinished(most: number): readonly string[] {
    return this.#finished.splice(0, most);
  }

  hasFinished(): boolean {
    return this.#finished.length > 0;
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#keepTime(false);
  }

  #flush(wait: boolean): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const view = this.#options.view();
    for (const row of this.#feed.commit(view, { wait })) this.#finished.push(row);
    this.#tail = this.#feed.tail(view);
    this.#options.onChange();
  }

  #take(event: AgentEvent): void {
    this.#feed.apply(event);
    this.log.apply(event);
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush();
    }, GATHER_MS);
  }

  /** Events of one moment are drawn together. */
  #flushNow(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.flush();
    }, 0);
  }

  /** Clocks on the screen move once a second while something is under way, and never otherwise. */
  #keepTime(active: boolean): void {
    if (active === (this.#ticker !== null)) return;
    if (this.#ticker) clearInterval(this.#ticker);
    this.#ticker = active ? setInterval(() => this.flush(), 1_000) : null;
  }
}
