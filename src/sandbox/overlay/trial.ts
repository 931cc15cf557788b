// Trial: a try that is going on. Lists what the session changed against the workspace, and settles it.
import { join, relative } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import type { ConflictSides, Settlement, TryChange, TryChoice } from "../../protocol/try-change.ts";
import { Base, stampsOf } from "./base.ts";
import { BaseTexts } from "./base-texts.ts";
import { workRoot } from "./begin.ts";
import { diffFiles, findChanges } from "./find-changes.ts";
import { groupChanges } from "./group.ts";
import { forgetWorktree } from "./make-copy.ts";
import { isMounted } from "./mounts.ts";
import { lookAt } from "./node.ts";
import { prepare } from "./place.ts";
import {
  copyFolder,
  forgetOverlay,
  removeTree,
  type TryPlaces,
  type TryRecord,
  type TryWay,
} from "./record.ts";
import { listedPaths } from "./run-git.ts";
import {
  applyChanges,
  applyHunk,
  conflictError,
  discardChanges,
  discardHunk,
  type SettleOptions,
} from "./settle.ts";
import { type Touched, type Trees, touchedInCopy, touchedInOverlay } from "./touched.ts";

export interface Trial {
  readonly id: string;
  readonly way: TryWay;
  /** What stood against better ways; "" for the best. */
  readonly why: string;
  /** Where the session works: absolute, also where git can see the files. */
  readonly root: string;
  /** The workspace as the person knows it. */
  readonly workspace: string;
  /** What differs from the workspace, sorted by path. */
  changes(): Promise<TryChange[]>;
  sides(change: TryChange): Promise<ConflictSides>;
  /** Conflicts are left alone and given. Throws `try.nothing`, `try.conflict`, `try.hunk`, `try.apply`. */
  apply(choice: TryChoice): Promise<Settlement>;
  /** The workspace's own is what counts, also in a conflict. Throws `try.nothing`, `try.hunk`, `try.discard`. */
  discard(choice: TryChoice): Promise<Settlement>;
  /** Of an overlay with nothing left to settle: all but its empty folders, which only another process can remove. */
  forget(): Promise<void>;
  /** Remembers the texts of what was changed newly, for a conflict to come. */
  note(): Promise<void>;
}

export type TrialOptions = { record: TryRecord; places: TryPlaces; env: Record<string, string> };

/** Throws `try.entered` where the overlay is not mounted in this process. */
export async function openTrial({ record, places, env }: TrialOptions): Promise<Trial> {
  const { way, covered, workspace, id, why } = record;
  if (way === "overlay" && !isMounted(places.real, covered)) {
    throw new AppError("try.entered", `The overlay of ${workspace} is not there.`);
  }
  const root = workRoot(record, places);
  const trial = new OpenTrial(record, places, env);
  await trial.tidy();
  return {
    id,
    way,
    why,
    root,
    workspace,
    changes: () => trial.changes(),
    sides: (change) => trial.sides(change),
    apply: (choice) => trial.apply(choice),
    discard: (choice) => trial.discard(choice),
    note: () => trial.note(),
    forget: () => forgetOverlay(places),
  };
}

/** Ends a try for good, with all that was not applied. Nobody may be in it. */
export async function removeTry({ record, places, env }: TrialOptions): Promise<void> {
  if (record.way === "worktree")
    await forgetWorktree(record.covered, copyFolder(places, record.covered), { env });
  await removeTree(places.folder);
}

class OpenTrial {
  readonly #record: TryRecord;
  readonly #places: TryPlaces;
  readonly #env: Record<string, string>;
  readonly #trees: Trees;
  readonly #texts: BaseTexts;
  /** Looking at every file of a large workspace takes seconds: it begins at once, and is waited for when needed. */
  readonly #base: Promise<Base>;

  constructor(record: TryRecord, places: TryPlaces, env: Record<string, string>) {
    this.#record = record;
    this.#places = places;
    this.#env = env;
    const isOverlay = record.way === "overlay";
    this.#trees = {
      tried: isOverlay ? record.covered : copyFolder(places, record.covered),
      real: isOverlay ? places.real : record.covered,
    };
    this.#texts = new BaseTexts(places.folder);
    this.#base = this.#openBase();
    // Whoever needs it is told.
    this.#base.catch(() => undefined);
  }

  async #openBase(): Promise<Base> {
    const options = { folder: this.#places.folder, createdMs: this.#record.createdMs };
    const known = await Base.open(options);
    return known ?? Base.write(options, { real: await stampsOf(this.#trees.real) });
  }

  /** Lets the session see again what the person changed after it was settled. */
  async tidy(): Promise<void> {
    // Only where something was settled is there anything to see; the base is at hand then.
    if ((await Base.open({ folder: this.#places.folder, createdMs: this.#record.createdMs })) === null)
      return;
    await this.#find();
  }

  async changes(): Promise<TryChange[]> {
    return groupChanges(await this.#find(), { cwd: this.#trees.tried, env: this.#env });
  }

  async #find(): Promise<TryChange[]> {
    const base = await this.#base;
    const stale: string[] = [];
    const { trees, texts } = { trees: this.#trees, texts: this.#texts };
    const onStale = (path: string): void => void stale.push(path);
    const found = await findChanges(this.#touched(base), { trees, base, texts, onStale });
    for (const path of stale) await this.#refresh(path, base);
    return found;
  }

  async *#touched(base: Base): AsyncGenerator<Touched> {
    const { way, copiedMs } = this.#record;
    if (way === "overlay") {
      yield* touchedInOverlay({ ...this.#trees, upper: this.#places.upper }, base);
      return;
    }
    const listed = way === "worktree" ? await this.#listed() : undefined;
    const paths = listed === undefined ? {} : { paths: listed };
    yield* touchedInCopy(this.#trees, base, { copiedMs: copiedMs ?? 0, ...paths });
  }

  async #listed(): Promise<string[]> {
    const paths = await listedPaths({ cwd: this.#trees.tried, env: this.#env });
    if (paths !== null) return paths;
    throw new AppError("try.worktree", "git does not know the worktree of this try any more.", {
      hint: `Its files are in ${this.#trees.tried}.`,
    });
  }

  async #refresh(path: string, base: Base): Promise<void> {
    const { tried, real } = this.#trees;
    const placement = await prepare(path, { from: real, to: tried });
    try {
      await placement.commit();
    } finally {
      await placement.drop();
    }
    await base.settle(path, { real: lookAt(join(real, path)), tried: lookAt(join(tried, path)) });
    await this.#texts.renew(path, real);
  }

  async sides(change: TryChange): Promise<ConflictSides> {
    const { tried, real } = this.#trees;
    const [ours, theirs] = [join(tried, change.path), join(real, change.path)];
    const kept = this.#texts.fileOf(change.path);
    if (lookAt(kept).kind !== "file") {
      return { base: false, ours: await diffFiles(theirs, ours), theirs: null };
    }
    return { base: true, ours: await diffFiles(kept, ours), theirs: await diffFiles(kept, theirs) };
  }

  async note(): Promise<void> {
    const base = await this.#base;
    for await (const { path } of this.#touched(base))
      await this.#texts.keep(path, { real: this.#trees.real, base });
  }

  async apply(choice: TryChoice): Promise<Settlement> {
    const chosen = await this.#choose(choice);
    const options = await this.#settling();
    if (choice.what !== "hunk") {
      const settled = await applyChanges(chosen, options);
      const [only] = settled.conflicts;
      if (only && settled.done.length === 0 && chosen.length === 1) throw conflictError(only.path);
      return settled;
    }
    for (const change of chosen) await applyHunk(change, choice, options);
    return { done: chosen, conflicts: [] };
  }

  async discard(choice: TryChoice): Promise<Settlement> {
    const chosen = await this.#choose(choice);
    const options = await this.#settling();
    if (choice.what !== "hunk") return discardChanges(chosen, options);
    for (const change of chosen) await discardHunk(change, choice, options);
    return { done: chosen, conflicts: [] };
  }

  async #settling(): Promise<SettleOptions> {
    return { trees: this.#trees, base: await this.#base, texts: this.#texts };
  }

  /** A path as the person writes it: relative to where they work, or to what the try covers. */
  async #choose(choice: TryChoice): Promise<TryChange[]> {
    const all = await this.changes();
    if (all.length === 0) throw new AppError("try.nothing", "Nothing was changed in the try.");
    if (choice.what === "all") return all;
    const { workspace, covered } = this.#record;
    const wished = choice.path.replace(/\/+$/, "");
    const names = [wished, relative(covered, join(workspace, wished))];
    const chosen = all.filter(({ path, group }) =>
      names.some(
        (name) => path === name || path.startsWith(`${name}/`) || (group !== null && group === name),
      ),
    );
    if (chosen.length > 0 && (choice.what === "path" || chosen.length === 1)) return chosen;
    throw new AppError("try.nothing", `The try changed nothing at ${choice.path}.`, {
      hint: "`/changes` lists what it changed.",
    });
  }
}
