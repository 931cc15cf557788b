// Holds the one conversation in progress and replaces it: new, resumed, forked, rewound.
import { resolve } from "node:path";
import { VERSION } from "../config/version.ts";
import { AppError } from "../lib/app-error.ts";
import type { RouteReason } from "../protocol/audit.ts";
import type { StreamFn } from "../protocol/stream.ts";
import { loginAdvice } from "../runtimes/declared-agent.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { SessionBranch } from "../session/read.ts";
import { findSession } from "../session/session-list.ts";
import type { SessionNotice } from "../session/session-notice.ts";
import type { StoredState } from "../session/state-entry.ts";
import type { StoreContext } from "../session/store.ts";
import { collectTree, rewindTarget } from "../session/tree.ts";
import type { App, LeaveWish, SessionChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { createConversation, type LiveConversation } from "./conversation.ts";
import { formatTree } from "./format-tree.ts";
import { type ModelFinder, modelName } from "./model-finder.ts";
import { readOnlyNotice } from "./read-only.ts";
import { removeSessionAndTry } from "./remove-session.ts";
import { isEnabled } from "./runtime-status.ts";
import type { Exported, ExportRequest } from "./session-export.ts";
import { openLibrary, type SessionLibrary } from "./session-library.ts";
import { type SessionSettings, settingsInForce, stillPinned } from "./session-settings.ts";
import { type OpenedSession, openWish, type SessionWish } from "./session-wish.ts";

export type HolderOptions = {
  parts: AppParts;
  workbench: () => Workbench;
  runtime: (name: string) => Runtime;
  finder: ModelFinder;
  /** How a model is asked beside a run. */
  stream: () => StreamFn;
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
  /** Moves the branch of the current session; the next entry follows `target`, null: the branch begins anew. */
  moveTo: (target: string | null) => Promise<void>;
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
    if (name !== undefined && opened.store.refusal === null) await this.sessions.rename(name);
  };

  readonly sessions: SessionChoice = {
    list: (options) => this.#library().list(options),
    search: (query, options) => this.#library().search(query, options),
    startNew: () => this.#replace(this.#stored() ? { kind: "new" } : { kind: "none" }, "new"),
    open: (reference) => this.#openSaved(reference),
    fork: (reference) => this.#replace({ kind: "fork", reference: reference ?? this.#file() }, "fork"),
    clone: (reference) => this.#replace({ kind: "clone", reference: reference ?? this.#file() }, "clone"),
    rename: (name, reference) => this.#rename(name, reference),
    remove: (reference) => this.#remove(reference),
    peek: async (reference) => {
      const { peekSession } = await import("./session-peek.ts");
      return peekSession(await this.#find(reference));
    },
    rewind: async (run, wish) =>
      this.#goBack(rewindTarget(await collectTree(this.current().store.entries()), run), wish),
    runs: async () => {
      const { collectRuns } = await import("./run-tree.ts");
      return collectRuns(this.current().store.entries());
    },
    rewindTo: async (runId, wish) => this.#goBack(await this.#endOf(runId), wish),
    forkAt: async (runId) =>
      this.#replace({ kind: "fork", reference: this.#file(), at: await this.#endOf(runId) }, "fork"),
    label: (runId, label) => this.current().recorder.setLabel(runId, label),
    export: (wish) => this.#export(wish),
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
    const { parts } = this.#options;
    const { project, paths } = parts;
    const context = this.#context();
    const opened = await openWish(wish, {
      dir: paths.sessionsDir,
      cwd: project,
      context,
      views: parts.views,
    });
    return { ...opened, notices: [...(opened.branch?.notices ?? []), ...readOnlyNotice(opened.store)] };
  }

  #library(): SessionLibrary {
    const { paths, project, env } = this.#options.parts;
    return openLibrary({ dir: paths.sessionsDir, cwd: project, env });
  }

  #find(reference: string): Promise<string> {
    const { paths, project } = this.#options.parts;
    return findSession(paths.sessionsDir, { reference, cwd: project });
  }

  /** Without a summary of what is left. */
  readonly moveTo = (target: string | null): Promise<void> => this.#goBack(target, null);

  async #goBack(target: string | null, wish: LeaveWish | null = null): Promise<void> {
    const reference = this.#file();
    const conversation = this.current();
    if (wish === null) await conversation.recorder.moveLeaf(target);
    else await this.#leave(target, wish);
    await this.#replace({ kind: "resume", reference }, "rewind");
  }

  async #leave(target: string | null, wish: LeaveWish): Promise<void> {
    const { stream, parts, finder } = this.#options;
    const conversation = this.current();
    const { leaveBranch } = await import("./leave-branch.ts");
    // What an external agent calls its model may mean nothing here: then the summary is made without one.
    const found = await finder.find(conversation.state().model).catch(() => null);
    const model = found?.model ?? null;
    await leaveBranch({ conversation, target, model, stream: stream(), newId: parts.newId }, wish);
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
    const { file, store } = this.current();
    // Else it is open already, and its lock is ours.
    if (path !== file || store.refusal !== null)
      await this.#replace({ kind: "resume", reference: path }, "resume");
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
    const stored = branch && this.#withRuntime(await this.#withModel(branch.state, notices), notices);
    const settings = settingsInForce(stored, { pinned: this.#pinned, current });
    const conversation = createConversation({
      store,
      branch,
      cwd: parts.cwd,
      settings,
      keepsPause: parts.interactive,
      strict: (name) => parts.settings.runtimes?.[name]?.strict === true,
      routeReason: this.#routeReason(settings.runtime, branch),
      login: (name) => loginAdvice(name, parts.settings.runtimes),
      audit: workbench().audit,
      runtime,
      findModel: finder.find,
      gate: workbench().gate,
      runShell: workbench().runShell,
      checkpoints: workbench().checkpoints,
      now: parts.now,
      newId: parts.newId,
    });
    this.#conversation = conversation;
    if (store.refusal === null) await announce(conversation, branch);
    return conversation;
  }

  /** null: native, and nobody chose it. */
  #routeReason(runtime: string, branch: SessionBranch | null): RouteReason | null {
    const { preferred, settings } = this.#options.parts;
    const before = this.#conversation;
    if (this.#pinned.runtime === runtime) return "flag";
    if (before?.state().runtime === runtime) return before.routeReason();
    if (preferred.runtime === runtime) return "forced";
    if (settings.runtime === runtime) return "config";
    return branch?.state.runtime === runtime ? "session" : null;
  }

  /** A saved session is not lost with its model: another one answers, and the person is told. */
  async #withModel(state: StoredState, notices: SessionNotice[]): Promise<StoredState> {
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

  /** As for its model: an agent that the settings do not have any more leaves the turns to that of now. */
  #withRuntime(state: StoredState, notices: SessionNotice[]): StoredState {
    const { runtime } = state;
    if (runtime === null || this.#pinned.runtime !== undefined) return state;
    if (isEnabled(runtime, this.#options.parts.settings)) return state;
    const message = `The session's runtime ${runtime} is not enabled here; another one takes the turns.`;
    notices.push({ level: "warning", code: "runtime.unknown", message });
    return { ...state, runtime: null };
  }

  async #export({ path, format, redact }: ExportRequest): Promise<Exported> {
    const { exportToAgent, exportToFile, isAgentFormat } = await import("./session-export.ts");
    const { cwd, env } = this.#options.parts;
    if (path === undefined && isAgentFormat(format)) {
      return exportToAgent(this.#file(), { format, redact, env });
    }
    const target = resolve(cwd, path ?? `hearth-${this.current().sessionId}.${format}`);
    return exportToFile(this.#file(), { format, redact, env, target });
  }

  async #tree(): Promise<string> {
    return formatTree(await collectTree(this.current().store.entries()), this.#options.parts.now());
  }
}

/** Puts the settings in force into the file where it does not have them yet. */
async function announce(conversation: LiveConversation, branch: SessionBranch | null): Promise<void> {
  const { model, thinking, mode, runtime, role } = conversation.state();
  const known = branch?.state;
  if (model !== "" && (model !== known?.model || thinking !== known.thinking)) {
    await conversation.emit({ type: "model_changed", model, thinking });
  }
  if (mode !== known?.mode) await conversation.emit({ type: "mode_changed", mode });
  if (role !== (known?.role ?? "")) await conversation.emit({ type: "role_changed", role });
  if (runtime !== (known?.runtime ?? "native")) await conversation.emit({ type: "runtime_changed", runtime });
}
