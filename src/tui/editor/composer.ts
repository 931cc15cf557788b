// The composer alive: keys and pastes in, submissions and actions out; finds files, keeps the history.
// A store outside React; editor-rows draws it.
import { statSync } from "node:fs";
import type { Key } from "ink";
import { toFailure } from "../../lib/app-error.ts";
import type { ImageContent } from "../../protocol/content.ts";
import type { Keybindings } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import { readKeys } from "../keys/read-keys.ts";
import {
  argumentItems,
  type CommandEntry,
  type CompletionItem,
  type CompletionTarget,
  fileItems,
  sameTarget,
  splitFileQuery,
} from "./completion.ts";
import type { ComposerContext } from "./composer-context.ts";
import {
  type ComposerState,
  EMPTY_COMPOSER,
  offerCommands,
  offerItems,
  openCompletion,
  restoreContent,
  setContent,
} from "./composer-state.ts";
import { createDraftFile, type DraftFile, isProcessAlive } from "./draft-file.ts";
import { createFileFinder, type ListFiles } from "./file-finder.ts";
import { attachTokens, expandFragment, type Fragment, plainFragment } from "./fragment.ts";
import { appendHistory, readHistory } from "./history-file.ts";
import type { Outcome, SubmitKind } from "./outcome.ts";
import { readPaste } from "./paste.ts";
import { insertPiece, pressKey } from "./press-key.ts";
import { restoredHint, waitingHint } from "./restored-hint.ts";
import { readSubmission } from "./submission.ts";
import { FIRST_VIM } from "./vim/vim-state.ts";

/** `text` is exact, pastes in full; empty when the key was pressed on an empty input. */
export type ComposerSubmission = { text: string; images: ImageContent[]; as: SubmitKind };

export type ComposerOptions = {
  bindings: Keybindings;
  commands: readonly CommandEntry[];
  /** Brings that list up to date; asked when a command begins to be written. */
  refreshCommands?: () => Promise<void>;
  listFiles: ListFiles;
  /** File of the prompts of this project; null keeps them in memory only. */
  historyFile: string | null;
  /** Where relative paths of pasted images start, and what `~` means. */
  cwd: string;
  home: string;
  /** A clock in milliseconds. */
  now: () => number;
  /** When it rejects, the text is put back before the draft and `onError` is told. */
  onSubmit: (submission: ComposerSubmission) => Promise<void>;
  /** A key that means nothing to the composer; on `clear_or_leave` the text was cleared. */
  onAction: (action: KeyAction) => void;
  onError: (error: unknown) => void;
  /** Says something in a line under the input. */
  say?: (hint: string) => void;
  /** The saved session that a draft belongs to; null, or absent: none. */
  session?: () => string | null;
  /** The image in the clipboard, as a path. */
  readImage?: () => Promise<string>;
  /** The clipboard of the system; absent: there is none. */
  clipboard?: { read: () => Promise<string>; write: (text: string) => void };
};

export interface Composer {
  state(): ComposerState;
  /** Called after each change. Gives the way out. */
  subscribe(listener: () => void): () => void;
  /** What Ink's useInput tells. */
  press(input: string, key: Key): void;
  /** A paste of any size: what Ink's usePaste tells. */
  paste(text: string): void;
  /** Columns of the text on the screen: see editorTextWidth. */
  setWidth(width: number): void;
  /** Puts texts before the draft: those of an interrupted queue, an item to edit. */
  restore(texts: readonly string[]): void;
  /** The draft with pastes in full, for an external editor. */
  text(): string;
  /** Replaces the draft; labels of images that are still in it stay attached. */
  setText(text: string): void;
  /** Another session was opened: what was written in it and not sent stands in an empty input again. */
  openDraft(): void;
  /** Vim's modes on or off; they take effect a moment later, when they are loaded. */
  setVim(on: boolean): void;
  /** Ends the search for completions. */
  close(): void;
}

export function createComposer(options: ComposerOptions): Composer {
  const store = createStore();
  const context: ComposerContext = { bindings: options.bindings, commands: options.commands, width: 80 };
  const complete = createCompleter(store, options);
  const change = (state: ComposerState): void => {
    store.set(state);
    complete.follow();
  };
  const send = createSender(options, (content) => change(restoreContent(store.get(), [content])));
  const carryOut = (outcome: Outcome): void => {
    if (outcome.type === "submit") send(outcome.content, outcome.as);
    else if (outcome.type === "copy") options.clipboard?.write(outcome.text);
    else if (outcome.type === "clipboard") pasteClipboard(outcome.put);
    else if (outcome.action === "paste_image") pasteImage();
    else options.onAction(outcome.action);
  };
  const paste = (text: string): void => {
    const { cwd, home } = options;
    const { piece, number } = readPaste(text, { number: store.get().nextToken, cwd, home, isFile });
    change({ ...insertPiece(store.get(), piece, context), nextToken: number });
  };
  const pasteImage = (): void => {
    options.readImage?.().then(paste, (error: unknown) => options.say?.(sentences(error)));
  };
  const pasteClipboard: PasteClipboard = (put) => {
    const give = (text: string | null): void => change(put(store.get(), text));
    if (!options.clipboard) return give(null);
    options.clipboard.read().then(give, (error: unknown) => {
      give(null);
      options.say?.(sentences(error));
    });
  };
  void loadHistory(store, options);
  const drafts = keepDrafts(store, options, (content) => change(restoreContent(store.get(), [content])));
  return {
    state: store.get,
    subscribe: store.subscribe,
    press(input, key) {
      const read = readKeys(input, key);
      if ("paste" in read) return paste(read.paste);
      for (const press of read.presses) {
        const { state, outcome } = pressKey(store.get(), press, context);
        change(state);
        if (outcome) carryOut(outcome);
      }
    },
    paste,
    setWidth(width) {
      context.width = width;
    },
    restore(texts) {
      change(restoreContent(store.get(), texts.map(plainFragment)));
    },
    text: () => expandFragment(store.get().editor),
    setText(text) {
      change(setContent(store.get(), attachTokens(text, imagesOnly(store.get().editor))));
    },
    openDraft: () => drafts?.recover(),
    setVim(on) {
      if (on === (store.get().vim !== null)) return;
      change({ ...store.get(), vim: on ? FIRST_VIM : null });
      if (on) void loadVim(context, options.onError);
    },
    close: () => {
      complete.stop();
      drafts?.file.close();
    },
  };
}

type PasteClipboard = (then: Extract<Outcome, { type: "clipboard" }>["put"]) => void;

type Store = {
  get: () => ComposerState;
  set: (state: ComposerState) => void;
  subscribe: Composer["subscribe"];
};

function createStore(): Store {
  const listeners = new Set<() => void>();
  let state = EMPTY_COMPOSER;
  return {
    get: () => state,
    set(next) {
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Finds what takes time, files and arguments, for the newest target only. */
function createCompleter(store: Store, options: ComposerOptions): { follow: () => void; stop: () => void } {
  const finder = createFileFinder(options.listFiles, options.now);
  const stopped = new AbortController();
  let asked: CompletionTarget | null = null;
  const find = async (target: CompletionTarget): Promise<CompletionItem[]> => {
    // The key is drawn first; of keys that come in a row only the last is searched for.
    await new Promise((resolve) => setImmediate(resolve));
    if (!sameTarget(store.get().target, target)) return [];
    if (target.kind === "file") {
      const { path, lines } = splitFileQuery(target.query);
      return fileItems(await finder.find(path, { signal: stopped.signal }), lines);
    }
    const command = options.commands.find(
      ({ name, aliases }) => name === target.command || aliases?.includes(target.command ?? "") === true,
    );
    return argumentItems(target.query, (await command?.complete?.()) ?? []);
  };
  const refresh = (target: CompletionTarget): void => {
    const isBegun = asked?.kind === "command";
    asked = target;
    if (isBegun) return;
    // What cannot be read is missing in the list; it is told where it is asked for.
    const done = options.refreshCommands?.() ?? Promise.resolve();
    done.then(() => store.set(offerCommands(store.get(), options.commands))).catch(() => undefined);
  };
  return {
    follow() {
      const { target } = store.get();
      if (target === null) asked = null;
      if (target?.kind === "command") return refresh(target);
      if (target === null || target === asked || openCompletion(store.get())) return;
      asked = target;
      find(target).then(
        (items) => store.set(offerItems(store.get(), target, items)),
        // A list that cannot be had is no list; the text can be written without it.
        () => store.set(offerItems(store.get(), target, [])),
      );
    },
    stop: () => stopped.abort(),
  };
}

/** Gives a function that sends. Images are read one submission after the other, so that the order stays. */
function createSender(
  { historyFile, onSubmit, onError }: ComposerOptions,
  takeBack: (content: Fragment) => void,
): (content: Fragment, as: SubmitKind) => void {
  let before: Promise<unknown> = Promise.resolve();
  return (content, as) => {
    const fail = (error: unknown): void => {
      takeBack(content);
      onError(error);
    };
    before = before.then(async () => {
      try {
        const submission = await readSubmission(content);
        onSubmit({ ...submission, as }).catch(fail);
        if (historyFile === null || content.text.trim() === "") return;
        await appendHistory(historyFile, submission.text).catch(onError);
      } catch (error) {
        fail(error);
      }
    });
  };
}

async function loadVim(context: ComposerContext, onError: (error: unknown) => void): Promise<void> {
  try {
    context.vim ??= (await import("./vim/press-vim.ts")).pressVim;
  } catch (error) {
    onError(error);
  }
}

/** Null where nothing is stored. What an earlier program left goes before what was typed meanwhile. */
function keepDrafts(
  store: Store,
  { historyFile, bindings, onError, say, session = () => null }: ComposerOptions,
  putBack: (content: Fragment) => void,
): { file: DraftFile; recover: () => void } | null {
  if (historyFile === null) return null;
  const drafts = createDraftFile({ historyFile, pid: process.pid, isAlive: isProcessAlive, onError });
  store.subscribe(() => {
    const { editor, nextToken } = store.get();
    const id = session();
    drafts.follow({ content: editor, nextToken, ...(id === null ? {} : { session: id }) });
  });
  const elsewhere = (id: string): void => say?.(waitingHint(id));
  const recover = (): void => {
    drafts.recover(session(), elsewhere).then((draft) => {
      if (draft === null) return;
      store.set({ ...store.get(), nextToken: Math.max(store.get().nextToken, draft.nextToken) });
      putBack(draft.content);
      say?.(restoredHint(bindings));
    }, onError);
  };
  recover();
  return {
    file: drafts,
    recover: () => {
      // What stands there goes along into the session that was opened.
      if (store.get().editor.text === "") recover();
    },
  };
}

async function loadHistory(store: Store, { historyFile, onError }: ComposerOptions): Promise<void> {
  if (historyFile === null) return;
  try {
    const saved = await readHistory(historyFile);
    const { history } = store.get();
    store.set({ ...store.get(), history: { ...history, prompts: [...saved, ...history.prompts] } });
  } catch (error) {
    onError(error);
  }
}

function sentences(error: unknown): string {
  const { message, hint = "" } = toFailure(error);
  return `${message} ${hint}`.trim();
}

function imagesOnly({ text, tokens }: Fragment): Fragment {
  return { text, tokens: tokens.filter(({ attachment }) => attachment.kind === "image") };
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false; // A name that is too long, a folder that may not be read: then it is text.
  }
}
