// Holds the one conversation in progress and replaces it: new, resumed, forked, rewound.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { VERSION } from "../config/version.ts";
import { AppError } from "../lib/app-error.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import { readBranch, type SessionBranch } from "../session/read.ts";
import { findSession } from "../session/session-list.ts";
import type { SessionNotice } from "../session/session-notice.ts";
import type { StoredState } from "../session/state-entry.ts";
import type { StoreContext } from "../session/store.ts";
import { collectTree, rewindTarget } from "../session/tree.ts";
import type { App, SessionChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { createConversation, type LiveConversation } from "./conversation.ts";
import { formatTree } from "./format-tree.ts";
import { type ModelFinder, modelName } from "./model-finder.ts";
import { removeSessionAndTry } from "./remove-session.ts";
import { openLibrary } from "./session-library.ts";
import { type SessionSettings, settingsInForce, stillPinned } from "./session-settings.ts";
import { type OpenedSession, openWish, type SessionWish } from "./session-wish.ts";

export type HolderOptions = {
  parts: AppParts;
  workbench: () => Workbench;
  runtime: (name: string) => Runtime;
  finder: ModelFinder;
  /** What the first session begins with, unless it is a saved one. */
  first: SessionSettings;
  /** What flags fix, whatever a saved session says, until the person chooses otherwise. */
  pinned: Partial<SessionSettings>;
};

export interface ConversationHolder {
  current: () => LiveConversation;
  /** Opens the session that the start asks for. */
  open: () => Promise<void>;
  /** What reading the session had to tell. */
  notices: () => string[];
  sessions: SessionChoice;
  onReplaced: App["onConversation"];
}

/** `notices`: what opening it had to tell. */
type Opened = OpenedSession & { notices: SessionNotice[] };

export function createConversationHolder(options: HolderOptions): ConversationHolder {
  return new Holder(options);
}

class Holder implements ConversationHolder {
  readonly #options: HolderOptions;
  readonly #listeners = new Set<(reason: string) => void>();
  #conversation: LiveConversation | null = null;
  #notices: string[] = [];
  #pinned: Partial<SessionSettings>;

  constructor(options: HolderOptions) {
    this.#options = options;
    this.#pinned = options.pinned;
  }

  readonly current = (): LiveConversation => {
    if (!this.#conversation) throw new Error("The session is not open yet.");
    return this.#conversation;
  };

  readonly notices = (): string[] => this.#notices;

  readonly onReplaced: App["onConversation"] = (listener) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly open = async (): Promise<void> => {
    const { session, name } = this.#options.parts;
    const opened = await this.#openWish(session);
    await this.#use(opened, this.#options.first);
    this.#notices = opened.notices.map(({ message }) => message);
    if (name !== undefined) await this.sessions.rename(name);
  };

  readonly sessions: SessionChoice = {
    list: (options) => {
      const { paths, project, env } = this.#options.parts;
      return openLibrary({ dir: paths.sessionsDir, cwd: project, env }).list(options);
    },
    startNew: () => this.#replace(this.#stored() ? { kind: "new" } : { kind: "none" }, "new"),
    open: (reference) => this.#openSaved(reference),
    fork: (reference) => this.#replace({ kind: "fork", reference: reference ?? this.#file() }, "fork"),
    rename: (name, reference) => this.#rename(name, reference),
    remove: (reference) => this.#remove(reference),
    peek: async (reference) => {
      const { peekSession } = await import("./session-peek.ts");
      return peekSession(await this.#find(reference));
    },
    rewind: async (run) => this.#moveTo(rewindTarget(await collectTree(this.current().store.entries()), run)),
    runs: async () => {
      const { collectRuns } = await import("./run-tree.ts");
      return collectRuns(this.current().store.entries());
    },
    rewindTo: async (runId) => this.#moveTo(await this.#endOf(runId)),
    forkAt: async (runId) =>
      this.#replace({ kind: "fork", reference: this.#file(), at: await this.#endOf(runId) }, "fork"),
    label: (runId, label) => this.current().recorder.setLabel(runId, label),
    exportMarkdown: (path) => this.#export(path),
    tree: () => this.#tree(),
  };

  #stored(): boolean {
    return this.#options.parts.session.kind !== "none";
  }

  /** The current session's file. Throws `session.not_stored`. */
  #file(): string {
    const conversation = this.current();
    const isBegun = conversation.history().length > 0 || conversation.state().runs > 0;
    if (conversation.file !== null && isBegun) return conversation.file;
    throw new AppError("session.not_stored", "This session has no file yet.", {
      hint: "It gets one with the first prompt, unless --no-session is given.",
    });
  }

  async #openWish(wish: SessionWish): Promise<Opened> {
    const { project, paths } = this.#options.parts;
    const opened = await openWish(wish, { dir: paths.sessionsDir, cwd: project, context: this.#context() });
    return { ...opened, notices: [...(opened.branch?.notices ?? [])] };
  }

  #find(reference: string): Promise<string> {
    const { paths, project } = this.#options.parts;
    return findSession(paths.sessionsDir, { reference, cwd: project });
  }

  async #moveTo(target: string | null): Promise<void> {
    const reference = this.#file();
    await this.current().recorder.moveLeaf(target);
    await this.#replace({ kind: "resume", reference }, "rewind");
  }

  async #endOf(runId: string): Promise<string> {
    const { runEnd } = await import("./run-tree.ts");
    const end = runEnd(await collectTree(this.current().store.entries()), runId);
    if (end) return end.id;
    throw new AppError("session.no_run", "This session has no such run.", {
      hint: "`/tree` shows the runs.",
    });
  }

  async #rename(name: string, reference: string | undefined): Promise<void> {
    const conversation = this.current();
    const path = reference === undefined ? conversation.file : await this.#find(reference);
    if (reference === undefined || path === conversation.file) {
      await conversation.recorder.setName(name);
      conversation.setName(name);
    } else if (path !== null) {
      const { renameSession } = await import("./rename-session.ts");
      await renameSession(path, name, this.#context());
    }
  }

  async #remove(reference: string): Promise<void> {
    const path = await this.#find(reference);
    if (path === this.current().file) {
      throw new AppError("session.locked", "This session is open here.", {
        hint: "`/new` begins another one; then this one can be deleted.",
      });
    }
    const { env, trial } = this.#options.parts;
    await removeSessionAndTry(path, { env, inUse: trial?.id ?? null });
  }

  #context(): StoreContext {
    const { now, newId, trial } = this.#options.parts;
    return { clock: now, newId, writer: `hearth ${VERSION}`, ...(trial === null ? {} : { try: trial.id }) };
  }

  async #openSaved(reference: string): Promise<void> {
    const path = await this.#find(reference);
    // It is open already, and its lock is ours.
    if (path !== this.current().file) await this.#replace({ kind: "resume", reference: path }, "resume");
  }

  /** The current one goes on when the other cannot be opened, unless it is its own file that is opened anew. */
  async #replace(wish: SessionWish, reason: string): Promise<void> {
    const before = this.current();
    const settings = before.state();
    if (reason === "rewind") await before.close();
    const opened = await this.#openWish(wish);
    await before.close();
    this.#pinned = stillPinned(this.#pinned, settings);
    const conversation = await this.#use(opened, settings);
    for (const listener of this.#listeners) listener(reason);
    for (const notice of opened.notices) conversation.tell(notice);
  }

  /** `current`: the settings of now, for what a session does not say itself. */
  async #use({ store, branch, notices }: Opened, current: SessionSettings): Promise<LiveConversation> {
    const { parts, workbench, runtime, finder } = this.#options;
    const stored = branch && (await this.#usableState(branch.state, notices));
    const conversation = createConversation({
      store,
      branch,
      cwd: parts.cwd,
      settings: settingsInForce(stored, { pinned: this.#pinned, current }),
      keepsPause: parts.interactive,
      strict: (name) => parts.settings.runtimes?.[name]?.strict === true,
      runtime,
      findModel: finder.find,
      gate: workbench().gate,
      runShell: workbench().runShell,
      now: parts.now,
      newId: parts.newId,
    });
    this.#conversation = conversation;
    await announce(conversation, branch);
    return conversation;
  }

  /** A saved session is not lost with its model: another one answers, and the person is told. */
  async #usableState(state: StoredState, notices: SessionNotice[]): Promise<StoredState> {
    if (!state.model || this.#pinned.model !== undefined) return state;
    try {
      const { model } = await this.#options.finder.find(state.model);
      return { ...state, model: modelName(model) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const message = `The session's model ${state.model} is not known here; another one answers.`;
      notices.push({ level: "warning", code: error.code, message });
      return { ...state, model: null };
    }
  }

  async #export(path: string | undefined): Promise<string> {
    const conversation = this.current();
    const { exportMarkdown } = await import("../session/export/markdown.ts");
    const branch = await readBranch(this.#file(), { whole: true });
    const target = resolve(this.#options.parts.cwd, path ?? `hearth-${conversation.sessionId}.md`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, exportMarkdown(branch));
    return target;
  }

  async #tree(): Promise<string> {
    return formatTree(await collectTree(this.current().store.entries()), this.#options.parts.now());
  }
}

/** Puts the settings in force into the file where it does not have them yet. */
async function announce(conversation: LiveConversation, branch: SessionBranch | null): Promise<void> {
  const { model, thinking, mode, runtime } = conversation.state();
  const known = branch?.state;
  if (model !== "" && (model !== known?.model || thinking !== known.thinking)) {
    await conversation.emit({ type: "model_changed", model, thinking });
  }
  if (mode !== known?.mode) await conversation.emit({ type: "mode_changed", mode });
  if (runtime !== (known?.runtime ?? "native")) await conversation.emit({ type: "runtime_changed", runtime });
}
