// Holds the one conversation in progress and replaces it: new, resumed, forked, rewound.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { VERSION } from "../config/version.ts";
import { AppError } from "../lib/app-error.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import { readBranch } from "../session/read.ts";
import { collectTree, listBranches, rewindTarget } from "../session/tree.ts";
import type { App, SessionChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { createConversation, type LiveConversation } from "./conversation.ts";
import { formatAge } from "./format.ts";
import { openLibrary } from "./session-library.ts";
import { type OpenedSession, openWish, type SessionWish } from "./session-wish.ts";
import type { SessionState } from "./state.ts";

export type HolderOptions = {
  parts: AppParts;
  workbench: () => Workbench;
  runtime: (name: string) => Runtime;
  defaults: Pick<SessionState, "model" | "thinking" | "mode" | "runtime">;
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

export function createConversationHolder(options: HolderOptions): ConversationHolder {
  return new Holder(options);
}

class Holder implements ConversationHolder {
  readonly #options: HolderOptions;
  readonly #listeners = new Set<(reason: string) => void>();
  #conversation: LiveConversation | null = null;
  #notices: string[] = [];

  constructor(options: HolderOptions) {
    this.#options = options;
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
    await this.#use(await this.#openWish(session));
    if (name !== undefined) await this.sessions.rename(name);
  };

  readonly sessions: SessionChoice = {
    list: (options) => {
      const { paths, cwd } = this.#options.parts;
      return openLibrary({ dir: paths.sessionsDir, cwd }).list(options);
    },
    startNew: () => this.#replace(this.#stored() ? { kind: "new" } : { kind: "none" }, "new"),
    open: (reference) => this.#replace({ kind: "resume", reference }, "resume"),
    fork: (reference) => this.#replace({ kind: "fork", reference: reference ?? this.#file() }, "fork"),
    rename: async (name) => {
      const conversation = this.current();
      await conversation.recorder.setName(name);
      conversation.setName(name);
    },
    rewind: async (run) => {
      const reference = this.#file();
      const { recorder, store } = this.current();
      await recorder.moveLeaf(rewindTarget(await collectTree(store.entries()), run));
      await this.#replace({ kind: "resume", reference }, "rewind");
    },
    exportMarkdown: (path) => this.#export(path),
    tree: () => this.#tree(),
  };

  #stored(): boolean {
    return this.#options.parts.session.kind !== "none";
  }

  /** The current session's file. Throws `session.not_stored`. */
  #file(): string {
    const file = this.current().file;
    if (file !== null && this.current().state().runs > 0) return file;
    throw new AppError("session.not_stored", "This session has no file yet.", {
      hint: "It gets one with the first prompt, unless --no-session is given.",
    });
  }

  #openWish(wish: SessionWish): Promise<OpenedSession> {
    const { cwd, paths, now, newId } = this.#options.parts;
    const context = { clock: now, newId, writer: `hearth ${VERSION}` };
    return openWish(wish, { dir: paths.sessionsDir, cwd, context });
  }

  /** The current one is closed first, so that its lock and its last bytes are out of the way. */
  async #replace(wish: SessionWish, reason: string): Promise<void> {
    const before = this.current();
    const same = wish.kind === "resume" && wish.reference === before.file;
    if (wish.kind === "fork" || same) await before.close();
    const opened = await this.#openWish(wish);
    await before.close();
    await this.#use(opened);
    for (const listener of this.#listeners) listener(reason);
  }

  async #use(opened: OpenedSession): Promise<void> {
    const { parts, workbench, runtime, defaults } = this.#options;
    const conversation = createConversation({
      ...opened,
      cwd: parts.cwd,
      defaults,
      pinned: pinnedState(parts),
      runtime,
      gate: workbench().gate,
      runShell: workbench().runShell,
      now: parts.now,
      newId: parts.newId,
    });
    this.#conversation = conversation;
    this.#notices = opened.branch?.notices.map((notice) => notice.message) ?? [];
    await announce(conversation, opened);
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
    const branches = listBranches(await collectTree(this.current().store.entries()));
    if (branches.length === 0) return "This session has no runs yet.";
    const now = this.#options.parts.now();
    const rows = branches.map((branch) => {
      const age = formatAge(now - Date.parse(branch.time));
      const prompt = branch.prompt.split("\n", 1)[0] ?? "";
      return `- ${branch.current ? "(here) " : ""}${prompt}  (${branch.runs} runs, ${age} ago)`;
    });
    return rows.join("\n");
  }
}

/** What flags fix whatever a resumed session says. */
function pinnedState({ flags, runtimeFlag }: AppParts): Partial<SessionState> {
  return {
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.thinking === undefined ? {} : { thinking: flags.thinking }),
    ...(flags.permissionMode === undefined ? {} : { mode: flags.permissionMode }),
    ...(runtimeFlag === undefined ? {} : { runtime: runtimeFlag }),
  };
}

/** Puts the settings in force into the file where it does not have them yet. */
async function announce(conversation: LiveConversation, { branch }: OpenedSession): Promise<void> {
  const { model, thinking, mode, runtime } = conversation.state();
  const known = branch?.state;
  if (model !== "" && (model !== known?.model || thinking !== known.thinking)) {
    await conversation.emit({ type: "model_changed", model, thinking });
  }
  if (mode !== known?.mode) await conversation.emit({ type: "mode_changed", mode });
  if (runtime !== (known?.runtime ?? "native")) await conversation.emit({ type: "runtime_changed", runtime });
}
