// Begins a try: finds which way of having a second set of files works here, and makes it. The workspace is only read.
import { constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { isWithin } from "../../lib/paths.ts";
import { Base, stampsOf } from "./base.ts";
import { canReflink, copyPaths, copyProblem, makeWorktree } from "./make-copy.ts";
import { mountProblem } from "./mount.ts";
import {
  copyFolder,
  removeTree,
  type TryPlaces,
  type TryRecord,
  type TryWay,
  tryPlaces,
  writeRecord,
} from "./record.ts";
import { gitRoot, listedPaths, runGit } from "./run-git.ts";
import { foldersAbove, leavesOf } from "./walk.ts";

export type BeginOptions = {
  id: string;
  /** The folder of all tries. */
  dir: string;
  /** Absolute real path. */
  workspace: string;
  /** Folders of Hearth's own, which a try must not cover. */
  ownFolders: readonly string[];
  /** The environment of git, unshare and mount. */
  env: Record<string, string>;
  wished: TryWay | "auto";
  /** Whether this Node can become another program, which entering an overlay takes. */
  canEnter: boolean;
  now: () => number;
};

/** The way that works, with what stood against those before it. */
export type TryChoiceOfWay = { way: TryWay; why: string };

type Scene = BeginOptions & { covered: string; isRepository: boolean; places: TryPlaces };

/** Throws `try.covers` and `try.impossible`; nothing is left then. */
export async function beginTry(options: BeginOptions): Promise<TryRecord> {
  const scene = await lookAround(options);
  const { places, covered, workspace, id, now } = scene;
  try {
    const { way, why } = await chooseWay(scene);
    const createdMs = now();
    const copiedMs = await make(way, scene, createdMs);
    const record: TryRecord = { version: 1, id, way, why, workspace, covered, createdMs, copiedMs };
    await writeRecord(places.folder, record);
    return record;
  } catch (error) {
    await removeTree(places.folder);
    throw error;
  }
}

/** What `beginTry` would choose; leaves nothing. Throws like it. */
export async function chooseTryWay(options: BeginOptions): Promise<TryChoiceOfWay> {
  const scene = await lookAround(options);
  try {
    return await chooseWay(scene);
  } finally {
    await removeTree(scene.places.folder);
  }
}

async function lookAround(options: BeginOptions): Promise<Scene> {
  const { workspace, ownFolders, env, dir, id } = options;
  const root = await gitRoot({ cwd: workspace, env });
  const holdsOwn = (folder: string): boolean => ownFolders.some((own) => isWithin(folder, own));
  const isRepository = root !== null && isWithin(root, workspace) && !holdsOwn(root);
  const covered = isRepository && root !== null ? root : workspace;
  if (holdsOwn(covered)) {
    throw new AppError("try.covers", `${covered} holds Hearth's own data, so it cannot be tried on.`, {
      hint: "Start in the folder of a project, or set HEARTH_HOME to a folder elsewhere.",
    });
  }
  const places = tryPlaces(dir, id);
  await removeTree(places.folder); // What one that is over left, or one that was cut off while it began.
  await mkdir(places.folder, { recursive: true, mode: 0o700 });
  await Promise.all(
    [places.real, places.upper, places.work].map((folder) => mkdir(folder, { recursive: true })),
  );
  return { ...options, covered, isRepository, places };
}

async function chooseWay(scene: Scene): Promise<TryChoiceOfWay> {
  const { wished } = scene;
  const against: string[] = [];
  for (const { way, problem } of WAYS) {
    if (wished !== "auto" && wished !== way) continue;
    const found = await problem(scene);
    if (found === null) return { way, why: wished === "auto" ? against.join("; ") : "the settings say so" };
    against.push(`no ${way}: ${found}`);
  }
  throw new AppError("try.impossible", `Nothing can be tried here: ${against.join("; ")}.`, {
    hint: "Work on a copy or a branch of your own, without --try.",
  });
}

type Way = { way: TryWay; problem: (scene: Scene) => Promise<string | null> };

/** Best first: what sees and shares most at the least cost. */
const WAYS: readonly Way[] = [
  {
    way: "overlay",
    problem: ({ canEnter, places, covered, env }) =>
      canEnter ? mountProblem(places, { covered, env }) : Promise.resolve("it needs Linux and Node 22.15"),
  },
  {
    way: "reflink",
    problem: async ({ covered, places }) =>
      (await canReflink(covered, places.folder)) ? null : "the file system shares no blocks",
  },
  {
    way: "worktree",
    problem: async ({ isRepository, env, covered }) => {
      if (!isRepository) return "the folder is no git repository";
      return (await gitHasCommit(covered, env)) ? null : "the repository has no commit yet";
    },
  },
  { way: "copy", problem: ({ covered }) => copyProblem(covered) },
];

async function gitHasCommit(cwd: string, env: Record<string, string>): Promise<boolean> {
  return (await runGit(["rev-parse", "--verify", "-q", "HEAD"], { cwd, env })) !== null;
}

/** Gives when a copy was whole; null for an overlay, whose base is looked at while the session goes on. */
async function make(way: TryWay, scene: Scene, createdMs: number): Promise<number | null> {
  const { covered, places, env, now } = scene;
  const { folder } = places;
  const files = copyFolder(places, covered);
  if (way === "overlay") return null;
  const listed = way === "worktree" ? ((await listedPaths({ cwd: covered, env })) ?? []) : undefined;
  const paths = listed && [...new Set(listed.flatMap((path) => [...foldersAbove(path), path]))];
  const real = await stampsOf(covered, paths);
  if (way === "worktree") await makeWorktree(covered, files, { env });
  else {
    const all = leavesOf(covered, "", { folders: true });
    const mode = way === "reflink" ? constants.COPYFILE_FICLONE_FORCE : constants.COPYFILE_FICLONE;
    await copyPaths(all, { from: covered, to: files, mode });
  }
  const tried = await stampsOf(files, paths);
  await Base.write({ folder, createdMs }, { real, tried });
  return now();
}

/** Where the session works, given its record: the workspace itself under an overlay, else its twin in the copy. */
export function workRoot({ way, workspace, covered }: TryRecord, places: Pick<TryPlaces, "files">): string {
  return way === "overlay" ? workspace : join(copyFolder(places, covered), workspace.slice(covered.length));
}
