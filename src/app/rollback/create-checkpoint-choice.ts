// Makes the CheckpointChoice: joins what the session's file says with what the shadow repository holds.
import { AppError } from "../../lib/app-error.ts";
import type { CheckpointUndo } from "../../protocol/checkpoint.ts";
import type { Workbench } from "../../runtimes/workbench.ts";
import type { LiveConversation } from "../conversation.ts";
import { isAtWork } from "../state.ts";
import type {
  CheckpointChoice,
  RollbackAction,
  RollbackPart,
  RollbackPreview,
  RollbackResult,
  Snapshot,
} from "./checkpoint-choice.ts";
import {
  branchRuns,
  type CheckpointLog,
  checkpointOf,
  filesAfter,
  filesAtStart,
  readCheckpointLog,
} from "./checkpoint-log.ts";
import { findRollback, type Rollback, safeties, snapshotCommit } from "./find-rollback.ts";
import { resultText } from "./result-text.ts";

export type CheckpointChoiceOptions = {
  checkpoints: Workbench["checkpoints"];
  conversation: () => LiveConversation;
  /** Moves the branch and opens the conversation anew; null: before the first entry. */
  moveTo: (entry: string | null) => Promise<void>;
  newId: () => string;
};

/** What a name may be: it must not look like what the list calls the others. */
const NAME = /^(?!(?:turn-|safety-|start$|\d+$|#))[^\s\p{Cc}][^\p{Cc}]{0,79}$/u;
const OFF = "checkpoints are off in the settings";
const NOT_STORED = "this session has no file";

export function createCheckpointChoice(options: CheckpointChoiceOptions): CheckpointChoice {
  return new Choice(options);
}

class Choice implements CheckpointChoice {
  readonly #options: CheckpointChoiceOptions;

  constructor(options: CheckpointChoiceOptions) {
    this.#options = options;
  }

  async list(): Promise<Snapshot[]> {
    const log = await this.#log();
    const named = (await this.#covered()?.named()) ?? [];
    return [
      ...runSnapshots(log),
      ...named.map(({ name, commit, timeMs }) => ({ id: name, timeMs, title: "named", files: null, commit })),
    ];
  }

  async name(name: string): Promise<void> {
    if (!NAME.test(name)) {
      throw new AppError("command.usage", `"${name}" cannot be the name of a snapshot.`, {
        hint: "Up to 80 characters, and not like turn-1, safety-1, start or a number.",
      });
    }
    const { commit, files } = await this.#needed().take("named", name);
    await this.#record({ kind: "named", commit, files, name });
  }

  async diff(since?: string): ReturnType<CheckpointChoice["diff"]> {
    const checkpoints = this.#needed();
    const log = await this.#log();
    if (since === undefined) {
      const first = log.all.find(({ kind }) => kind === "before");
      const where = "this session began";
      return { where, files: first ? await checkpoints.diff(first.commit) : [] };
    }
    const commit = snapshotCommit(log, since, await this.#names());
    if (commit === undefined) {
      throw new AppError("checkpoints.unknown", `There is no checkpoint of the files at ${since}.`, {
        hint: "`/snapshots` lists them.",
      });
    }
    return { where: since, files: await checkpoints.diff(commit) };
  }

  async preview(action: RollbackAction): Promise<RollbackPreview> {
    const rollback = await this.#find(action);
    const checkpoints = this.#covered();
    const { files, filesStay } = await this.#filesPreview(rollback);
    return {
      action,
      where: rollback.where,
      changes: files?.changes ?? [],
      foreign: files?.foreign ?? [],
      blocked: files?.blocked ?? [],
      filesStay,
      conversationStays: this.#conversationStays(rollback),
      uncovered: checkpoints?.uncovered() ?? [],
    };
  }

  /** Where the files cannot be brought back, the conversation still can. */
  async #filesPreview({ files, filesStay }: Rollback) {
    const checkpoints = this.#covered();
    if (!files || !checkpoints) return { files: null, filesStay };
    try {
      return { files: await checkpoints.preview(files), filesStay };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { files: null, filesStay: error.message };
    }
  }

  async apply(action: RollbackAction, part: RollbackPart): Promise<RollbackResult> {
    if (isAtWork(this.#options.conversation().state())) {
      throw new AppError("control.busy", "The agent is at work: nothing can be taken back now.", {
        hint: "`/stop` interrupts it.",
      });
    }
    const rollback = await this.#find(action);
    const stays = this.#conversationStays(rollback);
    if (part === "conversation" && stays !== "") {
      throw new AppError("rollback.conversation", `The conversation stays as it is: ${stays}.`);
    }
    const movesConversation = part !== "files" && stays === "";
    const changes = part === "conversation" ? null : await this.#restore(rollback, action, movesConversation);
    if (movesConversation) await this.#options.moveTo(rollback.leaf ?? null);
    const text = resultText({ action, rollback, changes, part, stays });
    const { draft } = rollback;
    if (!movesConversation) return { text };
    return { say: text.replaceAll("`", ""), ...(draft === undefined ? {} : { draft }) };
  }

  /** null: no file had to change. */
  async #restore(rollback: Rollback, { kind }: RollbackAction, conversation: boolean) {
    const { files } = rollback;
    const checkpoints = this.#covered();
    if (!files || !checkpoints) return null;
    const result = await checkpoints.restore(files, (safety) => {
      const [from, to] = files.between ?? [safety.commit, files.to];
      return this.#record({ kind: "safety", ...safety, undo: { action: kind, from, to, conversation } });
    });
    // What the files are known as from now on.
    await this.#record({ kind: "after", ...(await checkpoints.take("after")) });
    return result;
  }

  async #find(action: RollbackAction): Promise<Rollback> {
    const log = await this.#log();
    const isNamed = action.kind === "rewind" && "snapshot" in action.to;
    const rollback = findRollback(log, action, isNamed ? await this.#names() : new Map());
    const why = (this.#covered()?.refusal() ?? OFF).replace(/\.$/, "");
    return why === "" ? rollback : { ...rollback, files: null, filesStay: why };
  }

  #conversationStays({ leaf }: Rollback): string {
    if (leaf === undefined) return "it is only about files";
    return this.#options.conversation().file === null ? NOT_STORED : "";
  }

  async #names(): Promise<Map<string, string>> {
    const named = (await this.#covered()?.named()) ?? [];
    return new Map(named.map(({ name, commit }) => [name, commit]));
  }

  /** What the newest run changed is kept by then. */
  async #log(): Promise<CheckpointLog> {
    const conversation = this.#options.conversation();
    await conversation.checkpointsAtRest();
    return readCheckpointLog(conversation.store.entries());
  }

  async #record(
    facts: { kind: "safety" | "named" | "after"; commit: string; files: number } & {
      name?: string;
      undo?: CheckpointUndo;
    },
  ): Promise<void> {
    const { conversation, newId } = this.#options;
    await conversation().emit({ type: "checkpoint", checkpointId: newId(), ...facts });
  }

  #covered(): Workbench["checkpoints"] {
    return this.#options.checkpoints;
  }

  #needed(): NonNullable<Workbench["checkpoints"]> {
    const { checkpoints } = this.#options;
    if (checkpoints) return checkpoints;
    throw new AppError("checkpoints.unavailable", "No checkpoints are made: they are off in the settings.", {
      hint: "`/settings checkpoints on`",
    });
  }
}

/** Every run has its number, also one that changed nothing. */
function runSnapshots(log: CheckpointLog): Snapshot[] {
  const start = filesAtStart(log);
  const first: Snapshot = {
    id: "start",
    timeMs: start?.timeMs ?? null,
    title: "before the first change",
    files: null,
    commit: start?.commit ?? null,
  };
  const runs = branchRuns(log).map((run, index) => ({
    id: `turn-${String(index + 1).padStart(4, "0")}`,
    timeMs: checkpointOf(log, run, "after")?.timeMs ?? Date.parse(run.time),
    title: run.text,
    files: checkpointOf(log, run, "after")?.files ?? 0,
    commit: filesAfter(log, run)?.commit ?? null,
  }));
  const safe = safeties(log).map((checkpoint, index) => ({
    id: `safety-${index + 1}`,
    timeMs: checkpoint.timeMs,
    title: `before a ${checkpoint.undo?.action ?? "change"}`,
    files: null,
    commit: checkpoint.commit,
  }));
  return [first, ...runs, ...safe];
}
