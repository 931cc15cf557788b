// An open picker alive: brings its items, follows the cursor with previews, does what its keys mean. Nothing here waits
// for anything while a key is pressed.
import { toFailure } from "../../lib/app-error.ts";
import { prepareMatching } from "../components/picker-match.ts";
import { type PreviewLine, previewLine } from "../components/picker-preview.ts";
import { chosenItem, openPicker, type PickerItem, replaceItems } from "../components/picker-state.ts";
import { COMPOSER_FOCUS, type Desk, type PickerFocus } from "../desk.ts";
import type { PickerControl, PickerSource, Preview } from "./source.ts";

/** Who walks through the list passes an item sooner than this. */
const REST_MS = 40;
/** Who types the next letter sooner than this means another query. */
const QUERY_MS = 80;
/** The preview of another item stands no longer than this. */
const STALE_MS = 250;

/** What a picker needs of the screen. */
export type PickerDesk = Pick<Desk, "focus" | "setFocus" | "attempt" | "say" | "ask">;

/** Opens the picker, also before its source is loaded and its items are there. */
export function runPicker(
  desk: PickerDesk,
  title: string,
  load: () => Promise<PickerSource>,
  query = "",
): void {
  new PickerRun(desk).open(title, load, query);
}

class PickerRun implements PickerControl {
  readonly #desk: PickerDesk;
  readonly #closed = new AbortController();
  readonly #previews = new Map<string, readonly PreviewLine[]>();
  #source: PickerSource | null = null;
  #all = false;
  /** Of the item that was followed last; undefined: the items are others now. */
  #followed: string | null | undefined;
  /** The query that the items answer, or will. */
  #asked = "";
  /** What ends the search for the query before. */
  #stopAsking: () => void = () => undefined;
  /** What stops the preview that is on its way. */
  #stopLoading: () => void = () => undefined;

  constructor(desk: PickerDesk) {
    this.#desk = desk;
  }

  get all(): boolean {
    return this.#all;
  }

  open(title: string, load: () => Promise<PickerSource>, query: string): void {
    this.#desk.setFocus({
      kind: "picker",
      picker: { ...openPicker(title, []), query },
      choose: (value) => {
        this.#leave();
        this.#source?.choose(value);
      },
      cancel: () => this.#cancel(),
      follow: this.#follow,
    });
    this.#desk.attempt(async () => {
      try {
        this.#source = await load();
        await this.#fill();
      } catch (error) {
        if (this.#focus()) this.close();
        throw error;
      }
    });
  }

  toggleAll(): void {
    this.#all = !this.#all;
    this.reload();
  }

  reload(): void {
    this.#previews.clear();
    this.#desk.attempt(() => this.#fill());
  }

  confirm(text: string, yes: () => void): void {
    this.#update({ question: { text, yes } });
  }

  ask({ submit, ...question }: Parameters<PickerControl["ask"]>[0]): void {
    const focus = this.#focus();
    if (!focus) return;
    const back = (): void => this.#desk.setFocus(focus);
    this.#desk.ask({
      ...question,
      submit: (text) => {
        back();
        submit(text);
      },
      cancel: back,
    });
  }

  close(): void {
    this.#desk.setFocus(COMPOSER_FOCUS);
    this.#cancel();
  }

  #cancel(): void {
    this.#leave();
    this.#source?.follow?.(null);
  }

  #leave(): void {
    this.#closed.abort();
    this.#stopLoading();
    this.#stopAsking();
  }

  /** While this picker, and not another one or a question, has the keys. */
  #focus(): PickerFocus | null {
    const focus = this.#desk.focus();
    return focus.kind === "picker" && focus.follow === this.#follow ? focus : null;
  }

  #update(change: Partial<PickerFocus>): void {
    const focus = this.#focus();
    if (focus) this.#desk.setFocus({ ...focus, ...change });
  }

  async #fill(): Promise<void> {
    const source = this.#source;
    if (!source) return;
    const found = await this.#find(source);
    const focus = this.#focus();
    if (!focus || found === null) return;
    if (found.length === 0 && (!source.answers || focus.picker.query === "")) {
      this.close();
      this.#desk.say(source.nothing ?? `There is nothing to choose: ${focus.picker.title}.`);
      return;
    }
    this.#desk.setFocus({ ...withItems(focus, source, found), keys: source.keys?.(this) ?? [] });
    // What is said of an item may depend on what was asked for.
    if (source.answers) this.#previews.clear();
    this.#followed = undefined;
    this.#follow();
    if (!source.answers) void prepareMatching(found, this.#closed.signal);
  }

  /** null when another query was asked for meanwhile, or nobody waits any more. */
  async #find(source: PickerSource): Promise<PickerItem<string>[] | null> {
    const query = this.#focus()?.picker.query ?? "";
    this.#stopAsking();
    const stop = new AbortController();
    this.#stopAsking = () => stop.abort();
    this.#asked = query;
    const signal = AbortSignal.any([stop.signal, this.#closed.signal]);
    try {
      const found = await source.items({ all: this.#all, query, signal });
      return signal.aborted ? null : found;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /** Once the person rests. */
  #askLater(query: string): void {
    this.#stopAsking();
    this.#asked = query;
    const timer = setTimeout(() => this.#desk.attempt(() => this.#fill()), QUERY_MS);
    this.#stopAsking = () => clearTimeout(timer);
  }

  readonly #follow = (): void => {
    const focus = this.#focus();
    if (!focus || !this.#source) return;
    if (this.#source.answers && focus.picker.query !== this.#asked) this.#askLater(focus.picker.query);
    const value = chosenItem(focus.picker)?.value ?? null;
    if (value === this.#followed) return;
    this.#followed = value;
    this.#stopLoading();
    if (value === null) {
      if (this.#source.preview) this.#update({ preview: [] });
      return;
    }
    this.#source.follow?.(value);
    this.#show(value, this.#previews.get(value) ?? this.#source.preview?.(value));
  };

  #show(value: string, preview: Preview | undefined): void {
    if (typeof preview === "function") this.#load(value, preview);
    else if (preview) this.#update({ preview });
  }

  #load(value: string, preview: Extract<Preview, (...args: never[]) => unknown>): void {
    const stop = new AbortController();
    const { signal } = stop;
    const stale = setTimeout(() => this.#update({ preview: null }), STALE_MS);
    const start = setTimeout(() => {
      preview({ signal })
        .catch((error: unknown) => [previewLine(toFailure(error).message, "error")])
        .then((lines) => {
          if (signal.aborted) return;
          clearTimeout(stale);
          this.#previews.set(value, lines);
          this.#update({ preview: lines });
        });
    }, REST_MS);
    this.#stopLoading = () => {
      clearTimeout(stale);
      clearTimeout(start);
      stop.abort();
    };
  }
}

/** The picker with what was found, and with what its source says of it. */
function withItems(focus: PickerFocus, source: PickerSource, found: PickerItem<string>[]): PickerFocus {
  const { verb, closes, previewHeight, preview, answers } = source;
  const isNew = focus.preview === undefined || found.length === 0;
  return {
    ...focus,
    picker: replaceItems(answers ? { ...focus.picker, answered: true } : focus.picker, found),
    ...(verb === undefined ? {} : { verb }),
    ...(closes === undefined ? {} : { closes }),
    ...(previewHeight === undefined ? {} : { previewHeight }),
    ...(preview && isNew ? { preview: found.length === 0 ? [] : null } : {}),
  };
}
