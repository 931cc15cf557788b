// The checkpoints that a session's runs make by themselves: before the first change of a run, and after it.
import { toFailure } from "../lib/app-error.ts";
import type { CheckpointKind } from "../protocol/checkpoint.ts";
import type { AgentEvent, EmitEvent } from "../protocol/event.ts";
import type { Checkpoints } from "../sandbox/checkpoints/checkpoints.ts";

export interface RunCheckpoints {
  /**
   * Awaited before anything of a run that may change files. The first call of a run makes its checkpoint, once that of
   * the run before is made. Never rejects: work goes on without one, and the person is told once.
   */
  beforeChange(): Promise<void>;
  /**
   * Told every event of the session. A promise at the end of a run that may have changed files: it resolves when they
   * are kept, or a moment later. Who goes on before it may change them first.
   */
  follow(event: AgentEvent): Promise<void> | null;
  /** Whether the files are as they were before this run's first change; null where that is not known. Never rejects. */
  isUnchanged(): Promise<boolean | null>;
  /** Resolves when nothing is under way. */
  rest(): Promise<void>;
  /** As `rest`, but only for a moment: the session is being left. */
  close(): Promise<void>;
}

export type RunCheckpointOptions = {
  /** null: there are none to be made. */
  checkpoints: Pick<Checkpoints, "take" | "diff"> | null;
  emit: EmitEvent;
  newId: () => string;
};

export function createRunCheckpoints(options: RunCheckpointOptions): RunCheckpoints {
  return options.checkpoints === null ? NONE : new SessionRuns(options, options.checkpoints);
}

/** A person begins to wonder. */
const SLOW_MS = 2_000;
const SLOW = {
  level: "info",
  code: "checkpoints.slow",
  message: "The files are kept before they are changed; the first time takes a while.",
} as const;

/** Nobody notices that a run settles so much later; a large workspace takes longer. */
const MOMENT_MS = 400;
/** Who leaves waits no longer for a checkpoint. */
const LEAVING_MS = 3_000;

const NONE: RunCheckpoints = {
  beforeChange: () => Promise.resolve(),
  follow: () => null,
  isUnchanged: () => Promise.resolve(null),
  rest: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

class SessionRuns implements RunCheckpoints {
  readonly #options: RunCheckpointOptions;
  readonly #checkpoints: Pick<Checkpoints, "take" | "diff">;
  #runId: string | null = null;
  /** Of the run that goes on. */
  #before: Promise<string | null> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  /** What the person was told already. */
  readonly #told = new Set<string>();

  constructor(options: RunCheckpointOptions, checkpoints: Pick<Checkpoints, "take" | "diff">) {
    this.#options = options;
    this.#checkpoints = checkpoints;
  }

  async beforeChange(): Promise<void> {
    this.#before ??= this.#takeBefore();
    await this.#before;
  }

  follow(event: AgentEvent): Promise<void> | null {
    if (event.type !== "run_start" && event.type !== "run_end") return null;
    const before = this.#before;
    this.#before = null;
    this.#runId = event.type === "run_start" ? event.runId : null;
    if (event.type === "run_start" || before === null) return null;
    // Without the first there is nothing to compare the second with.
    this.#last = before.then((taken) => taken && this.#record("after", event.runId));
    return within(MOMENT_MS, this.#last);
  }

  async rest(): Promise<void> {
    await this.#last;
  }

  close(): Promise<void> {
    return within(LEAVING_MS, this.#last);
  }

  async isUnchanged(): Promise<boolean | null> {
    const commit = await this.#before;
    if (!commit) return null;
    // Where they cannot be compared, nothing is known.
    return this.#checkpoints.diff(commit).then(
      (changes) => changes.length === 0,
      () => null,
    );
  }

  #takeBefore(): Promise<string | null> {
    const runId = this.#runId;
    const taken = this.#last.then(() => this.#record("before", runId));
    this.#last = taken;
    return taken;
  }

  /** Its commit; null when there is none. */
  async #record(kind: CheckpointKind, runId: string | null): Promise<string | null> {
    const { emit, newId } = this.#options;
    const slow = setTimeout(() => void this.#say(SLOW), SLOW_MS);
    try {
      const { commit, files } = await this.#checkpoints.take(kind);
      const run = runId === null ? {} : { runId };
      await emit({ type: "checkpoint", checkpointId: newId(), commit, kind, files, ...run });
      return commit;
    } catch (error) {
      await this.#tell(error);
      return null;
    } finally {
      clearTimeout(slow);
    }
  }

  #tell(error: unknown): Promise<void> {
    const { code, message, hint } = toFailure(error);
    const isExpected = code === "checkpoints.unavailable";
    return this.#say({
      level: isExpected ? "info" : "warning",
      code,
      message: isExpected ? message : `No checkpoint could be made: ${message}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Each sentence once. */
  async #say(notice: Omit<Extract<AgentEvent, { type: "notice" }>, "type">): Promise<void> {
    if (this.#told.has(notice.message)) return;
    this.#told.add(notice.message);
    // A session that was closed meanwhile has nobody to tell.
    await this.#options.emit({ type: "notice", ...notice }).catch(() => undefined);
  }
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, late]);
  clearTimeout(timer);
}
