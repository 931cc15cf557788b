// Makes the checkpoints of one workspace: finds out what they cover at first use, keeps the shadow repository whole.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { findProgram } from "../../lib/find-program.ts";
import { startProcess } from "../../lib/subprocess.ts";
import type { FileDiff } from "../../protocol/checkpoint.ts";
import type { Checkpoint, Checkpoints, RestorePreview, RestoreRequest } from "./checkpoints.ts";
import { type Coverage, coverageOf, refusal } from "./coverage.ts";
import { commitKept, keepTree, readCommit } from "./keep.ts";
import { type KeptState, readKeptState } from "./kept-state.ts";
import { clearLeftovers } from "./leftovers.ts";
import { listNames, setName } from "./names.ts";
import { applyPlan, describePlan, planRestore } from "./restore.ts";
import { LIMITS, type ScanLimits } from "./scan.ts";
import { type ShadowGit, shadowGit } from "./shadow-git.ts";
import { ensureRepository, isSound, setAside, shadowFolder, writeRules } from "./shadow-repository.ts";
import { rawChanges, treeDiff } from "./tree-diff.ts";
import { createTurns, type Turns } from "./turn.ts";

export type CheckpointOptions = {
  /** Absolute real path of the workspace. */
  root: string;
  home: string;
  /** Folder for the shadow repositories of this workspace; made at first use. */
  dir: string;
  /** Removes it at the end: nothing is to be stored. */
  temporary?: boolean;
  /** What programs of the workspace see: PATH, and where git finds the person's ignore rules. */
  env: Readonly<Record<string, string>>;
  /** Absolute folders that are never covered: where we keep our own files. */
  exclude: readonly string[];
  /** A sentence for the person: the shadow repository was damaged. */
  onDamage: (message: string) => void;
  /** Milliseconds since the epoch. */
  now: () => number;
  limits?: Partial<ScanLimits>;
};

/** Who leaves waits no longer for a checkpoint under way. */
const LEAVING_MS = 3_000;

/** Touches nothing before the first call. */
export function openCheckpoints(options: CheckpointOptions): Checkpoints {
  return new ShadowCheckpoints(options);
}

type Opened = { git: ShadowGit; coverage: Coverage; turns: Turns };

class ShadowCheckpoints implements Checkpoints {
  readonly #options: CheckpointOptions;
  readonly #limits: ScanLimits;
  #opened: Promise<Opened> | null = null;
  /** Why this workspace is not covered; it stays so. */
  #refused: AppError | null = null;
  readonly #stop = new AbortController();
  #uncovered: readonly string[] = [];
  #prefix = "";

  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  take: Checkpoints["take"] = (kind, name) =>
    this.#turn(async (opened) => {
      const kept = await this.#keep(opened);
      const taken = await this.#commit(opened.git, kept);
      if (kind === "named" && name !== undefined) await setName(opened.git, name, taken.commit);
      return taken;
    });

  diff: Checkpoints["diff"] = (from, to) =>
    this.#turn(async (opened) => {
      const { git } = opened;
      const start = await commitOf(git, from);
      const end = to === undefined ? await this.#keep(opened) : await commitOf(git, to);
      return this.#own(await treeDiff(git, { from: start.tree, to: end.tree }));
    });

  preview: Checkpoints["preview"] = (request) =>
    this.#turn(async (opened) => this.#preview(opened, await this.#keep(opened), request));

  restore: Checkpoints["restore"] = (request, onSafety) =>
    this.#turn(async (opened) => {
      const { git } = opened;
      const kept = await this.#keep(opened);
      const plan = await this.#plan(opened, kept, request);
      if (plan.blocked.length > 0) throw blocked(plan.blocked.map(({ path }) => this.#ownPath(path)));
      const changes = this.#own(await describePlan(git, kept, plan));
      const safety = await this.#commit(git, kept);
      await onSafety(safety);
      const now = await readKeptState(git.gitDir);
      if (changes.length === 0) return { changes, left: [] };
      const left = await applyPlan(git, now, plan).catch(async (cause: unknown) => {
        throw await this.#failure(opened, { before: now, cause });
      });
      return { changes, left: left.map((path) => this.#ownPath(path)) };
    });

  named: Checkpoints["named"] = () => this.#turn(({ git }) => listNames(git));

  uncovered(): readonly string[] {
    return this.#uncovered;
  }

  refusal(): string {
    return this.#refused?.message ?? "";
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    if (!opened) return;
    const impatient = setTimeout(() => this.#stop.abort(), LEAVING_MS);
    await opened.turns.rest();
    clearTimeout(impatient);
    if (this.#options.temporary) await rm(this.#options.dir, { recursive: true, force: true });
    else await tidy(opened.git, this.#options.env);
  }

  /** One after another, also over processes. What fails is tried once more on a repository that was looked after. */
  async #turn<Result>(work: (opened: Opened) => Promise<Result>): Promise<Result> {
    if (this.#refused) throw this.#refused;
    this.#opened ??= this.#open();
    const opened = await this.#opened.catch((error: unknown) => {
      this.#opened = null;
      throw this.#remember(error);
    });
    return opened.turns.take(async () => {
      const place = this.#place(opened.coverage);
      await ensureRepository(opened.git, place);
      try {
        return await work(opened);
      } catch (error) {
        const isGits = error instanceof AppError && error.code === "checkpoints.git";
        if (!isGits || this.#stop.signal.aborted) throw this.#remember(error);
        await this.#mend(opened.git);
        await ensureRepository(opened.git, place);
        return await work(opened);
      }
    });
  }

  async #open(): Promise<Opened> {
    const { root, home, dir, env } = this.#options;
    const refused = refusal(root, home);
    if (refused !== null) throw new AppError("checkpoints.unavailable", refused);
    const git = findProgram("git", env.PATH ?? "");
    if (git === null) {
      throw new AppError("checkpoints.unavailable", "No checkpoints are made: git was not found.", {
        hint: "They work once git is installed; everything else works without.",
      });
    }
    const coverage = await coverageOf({ root, home, git, env });
    this.#prefix = coverage.prefix;
    const turns = createTurns(join(dir, "lock"));
    const shadow = shadowGit({ ...this.#place(coverage), program: git });
    await turns.take(() => clearLeftovers(shadow.gitDir));
    return { git: shadow, coverage, turns };
  }

  #place(coverage: Coverage) {
    const { dir, env } = this.#options;
    const path = env.PATH ?? "";
    const program = findProgram("git", path) ?? "git";
    const { worktree } = coverage;
    return { program, path, gitDir: shadowFolder(dir, coverage), worktree, stop: this.#stop.signal };
  }

  /** After a command failed: what a killed process left is cleared away, and a damaged repository set aside. */
  async #mend(git: ShadowGit): Promise<void> {
    await clearLeftovers(git.gitDir);
    await rm(join(git.gitDir, "index"), { force: true });
    if (await isSound(git)) return;
    const aside = await setAside(git.gitDir, this.#options.now());
    const message = `The checkpoints of this workspace were damaged; they are set aside in ${aside} and begin anew.`;
    this.#options.onDamage(message);
  }

  #remember(error: unknown): unknown {
    if (error instanceof AppError && error.code === "checkpoints.unavailable") this.#refused = error;
    return error;
  }

  async #keep({ git, coverage }: Opened): Promise<KeptState> {
    await writeRules(git, coverage, this.#options.exclude);
    const kept = await keepTree(git, coverage.prefix, this.#limits);
    this.#uncovered = kept.uncovered.map((path) => this.#ownPath(path));
    return kept;
  }

  async #commit(git: ShadowGit, kept: KeptState): Promise<Checkpoint> {
    const { commit, before } = await commitKept(git, kept, this.#options.now());
    const isSame = before === null || before.tree === kept.tree;
    return { commit, files: isSame ? 0 : (await rawChanges(git, before.tree, kept.tree)).length };
  }

  async #plan({ git, coverage }: Opened, now: KeptState, request: RestoreRequest) {
    const [one, other] = request.between ?? [];
    const between =
      one === undefined || other === undefined
        ? null
        : ([await commitOf(git, one), await commitOf(git, other)] as const);
    return planRestore(git, coverage.prefix, { now, between, to: await commitOf(git, request.to) });
  }

  async #preview(opened: Opened, now: KeptState, request: RestoreRequest): Promise<RestorePreview> {
    const { git } = opened;
    const plan = await this.#plan(opened, now, request);
    const changes = await describePlan(git, now, plan);
    const affected = new Set(changes.map(({ path }) => path));
    const known = request.known === undefined ? null : await readCommit(git, request.known);
    const since = known === null ? [] : await rawChanges(git, known.tree, now.tree);
    const foreign = since.map(({ path }) => path).filter((path) => affected.has(path));
    return {
      changes: this.#own(changes),
      foreign: foreign.map((path) => this.#ownPath(path)),
      blocked: plan.blocked.map(({ path, why }) => ({ path: this.#ownPath(path), why })),
    };
  }

  /** What came of a restoring that git gave up: nothing as a rule, since it looks at everything first. */
  async #failure(
    opened: Opened,
    { before, cause }: { before: KeptState; cause: unknown },
  ): Promise<AppError> {
    const after = await this.#keep(opened);
    const changed = (await rawChanges(opened.git, before.tree, after.tree)).map(({ path }) => path);
    const said = cause instanceof Error ? cause.message : String(cause);
    if (changed.length === 0) {
      const message = `The files could not be restored, and none was changed: ${said}`;
      return new AppError("checkpoints.failed", message, { cause });
    }
    const names = listed(changed.map((path) => this.#ownPath(path)));
    return new AppError("checkpoints.failed", `Only some files were restored (${names}): ${said}`, {
      hint: "`/redo` brings back what was there before.",
      cause,
    });
  }

  #own(changes: readonly FileDiff[]): FileDiff[] {
    return changes.map((change) => ({ ...change, path: this.#ownPath(change.path) }));
  }

  #ownPath(path: string): string {
    return path.startsWith(this.#prefix) ? path.slice(this.#prefix.length) : path;
  }
}

async function commitOf(git: ShadowGit, commit: string) {
  const found = await readCommit(git, commit);
  if (found) return found;
  throw new AppError("checkpoints.unknown", "That checkpoint is not kept any more.", {
    hint: "The newest 50 are kept, and all that have a name; `/snapshots` lists them.",
  });
}

function blocked(paths: readonly string[]): AppError {
  const what = paths.length === 1 ? "a file stands" : `${paths.length} files stand`;
  const message = `Nothing was restored: ${what} in the way (${listed(paths)}).`;
  return new AppError("checkpoints.blocked", message, {
    hint: "No checkpoint covers what is there now, or the folder is not ours to write; move it away first.",
  });
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}

/** Loose objects in one of 256 folders that are worth packing: the 5,000 that `gc --auto` is told, as git counts them. */
const LOOSE_IN_ONE = Math.ceil(5_000 / 256);

/** Packs in the background what has gathered. Nobody waits for it, and it may run beside the next checkpoint. */
async function tidy({ gitDir, worktree }: ShadowGit, env: Readonly<Record<string, string>>): Promise<void> {
  const loose = await readdir(join(gitDir, "objects", "17")).catch(() => []);
  if (loose.length < LOOSE_IN_ONE) return;
  const git = findProgram("git", env.PATH ?? "");
  if (git === null) return;
  const place = { PATH: env.PATH ?? "", HOME: gitDir, GIT_DIR: gitDir, GIT_CONFIG_NOSYSTEM: "1" };
  const options = { cwd: worktree, env: { ...place, GIT_CONFIG_GLOBAL: "/dev/null" }, outlives: true };
  // Where it cannot be started the objects stay loose.
  await startProcess(git, ["gc", "--auto", "--quiet"], options).catch(() => undefined);
}
