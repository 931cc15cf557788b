// Random edits by a session in a try and by a person in the workspace, applied and compared with what must come of it.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Trial } from "../../src/sandbox/overlay/trial.ts";
import { type Random, seededRandom } from "./random.ts";

const NAMES = ["a", "b", "c", "d e", "ü"] as const;
const MODES = [0o644, 0o755, 0o600] as const;

/** Everything below a folder but folders, as comparable texts: mode and content of files, targets of links. */
function snapshot(root: string, under = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(root, under))) {
    const path = under === "" ? name : `${under}/${name}`;
    const full = join(root, path);
    const node = lookAtOnce(full);
    if (node === undefined || path === ".git") continue; // Git's own files are not compared here.
    if (node.isDirectory()) for (const [key, value] of snapshot(root, path)) found.set(key, value);
    else if (node.isSymbolicLink()) found.set(path, `link ${readlinkSync(full)}`);
    else found.set(path, `${(node.mode & 0o777).toString(8)} ${readFileSync(full, "latin1")}`);
  }
  return found;
}

/** An overlay may list for a while what the person took away below it. */
function lookAtOnce(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).errno === -116) return undefined;
    throw error;
  }
}

/** Makes a workspace with some files. */
export function plant(root: string, seed: number): void {
  const random = seededRandom(seed);
  mkdirSync(root, { recursive: true });
  for (let count = 0; count < 14; count++) edit(root, random, { mayRename: false });
}

/** One random edit; what cannot be done is left. */
function edit(root: string, random: Random, { mayRename = true } = {}): void {
  const path = join(root, ...somePath(random));
  try {
    act(root, path, random, mayRename);
  } catch (error) {
    // Links in a circle, folders in the way, a folder that an overlay does not rename: there are enough other edits.
    if (!(error instanceof Error)) throw error;
  }
}

function act(root: string, path: string, random: Random, mayRename: boolean): void {
  const what = random.between(0, mayRename ? 9 : 4);
  if (what <= 3) write(path, random);
  else if (what === 4) {
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(random.pick(["a", "../b", "nowhere", "/etc/hostname"]), path);
  } else if (what <= 6) rmSync(path, { recursive: true, force: true });
  else if (what === 7) renameSync(path, join(root, ...somePath(random)));
  else if (what === 8) chmodSync(lstatSync(path).isFile() ? path : join(path, "none"), random.pick(MODES));
  else {
    // As editors and tools write: beside it, then renamed.
    writeFileSync(`${path}.new`, text(random));
    renameSync(`${path}.new`, path);
  }
}

function write(path: string, random: Random): void {
  mkdirSync(dirname(path), { recursive: true });
  if (random.chance(0.1)) writeFileSync(path, Buffer.from([0, random.between(0, 255), 255]));
  else writeFileSync(path, text(random), { mode: random.pick(MODES) });
}

function text(random: Random): string {
  const lines = Array.from(
    { length: random.between(0, 30) },
    (_, index) => `line ${index} ${random.between(0, 3)}`,
  );
  return lines.join("\n") + (random.chance(0.8) ? "\n" : "");
}

function somePath(random: Random): string[] {
  return Array.from({ length: random.between(1, 3) }, () => random.pick(NAMES));
}

/** Edits on both sides, applies all, and gives what is not as it must be, in words. */
export async function playRound(
  trial: Trial,
  { tried, real, seed }: { tried: string; real: string; seed: number },
): Promise<string[]> {
  const random = seededRandom(seed);
  const [base, start] = [snapshot(real), snapshot(tried)];
  await trial.changes();
  for (let count = random.between(1, 16); count > 0; count--)
    edit(random.chance(0.65) ? tried : real, random);
  const [ours, theirs] = [snapshot(tried), snapshot(real)];
  await trial.apply({ what: "all" }).catch((error: unknown) => {
    if (!["try.nothing", "try.conflict"].includes((error as { code?: string }).code ?? "")) throw error;
  });
  const after = snapshot(real);
  const conflicts = (await trial.changes()).flatMap(({ path, state }) =>
    state === "conflict" ? [path] : [],
  );
  const wrong = judge({ base, start, ours, theirs, after, conflicts });
  const left = (await trial.changes()).filter(({ state }) => state !== "conflict");
  wrong.push(...left.map(({ path }) => `listed after applying: ${path}`));
  await trial.discard({ what: "all" }).catch((error: unknown) => {
    const { code, message } = error as { code?: string; message: string };
    if (code !== "try.nothing") wrong.push(`left after discarding all: ${message}`);
  });
  const rest = (await trial.changes()).map(({ path, kind, what, state }) =>
    [path, kind, what, state].join(" "),
  );
  wrong.push(...rest.map((change) => `left after discarding all: ${change}`));
  if (!same(snapshot(real), after)) wrong.push("discarding changed the workspace");
  return wrong;
}

type Sides = Record<"base" | "start" | "ours" | "theirs" | "after", Map<string, string>> & {
  conflicts: readonly string[];
};

function judge({ base, start, ours, theirs, after, conflicts }: Sides): string[] {
  const wrong: string[] = [];
  const paths = new Set([...base.keys(), ...ours.keys(), ...theirs.keys(), ...after.keys()]);
  const isTold = (path: string): boolean =>
    conflicts.some((other) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`));
  for (const path of paths) {
    const [b, o, t, a] = [base.get(path), ours.get(path), theirs.get(path), after.get(path)];
    const isOurs = o !== start.get(path);
    if (t !== b && a !== t) wrong.push(`${path}: the person's was overwritten`);
    if (t === b && isOurs && a !== o && !isTold(path)) wrong.push(`${path}: the session's was not applied`);
    if (t === b && !isOurs && a !== b) wrong.push(`${path}: changed though nobody did`);
  }
  return wrong;
}

function same(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, value]) => other.get(path) === value);
}

/** Commits all there is, in a repository of its own. */
export function commitAll(root: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: root,
      stdio: "pipe",
    });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "--allow-empty", "-m", "start");
}
