// A workspace with checkpoints over real git, and words to look at its files.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Checkpoints } from "../../../src/sandbox/checkpoints/checkpoints.ts";
import {
  type CheckpointOptions,
  openCheckpoints,
} from "../../../src/sandbox/checkpoints/open-checkpoints.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export type TestWorkspace = Checkpoints & {
  folder: string;
  root: string;
  home: string;
  /** Where the shadow repositories are. */
  dir: string;
  damage: string[];
  write: (path: string, text: string | Buffer) => void;
  read: (path: string) => string;
};

/** In `sub` of a fresh folder when that is given; `root` of an earlier one to go on with it. */
export async function testWorkspace(
  options: Partial<CheckpointOptions> & { folder?: string } = {},
): Promise<TestWorkspace> {
  const folder = options.folder ?? (await temporaryFolder());
  const root = options.root ?? join(folder, "work");
  const home = join(folder, "home");
  const dir = join(folder, "data", "checkpoints");
  for (const each of [root, home]) mkdirSync(each, { recursive: true });
  const damage: string[] = [];
  const checkpoints = openCheckpoints({
    home,
    dir,
    env: { PATH: process.env.PATH ?? "", HOME: home },
    exclude: [join(folder, "data")],
    onDamage: (message) => damage.push(message),
    now: Date.now,
    ...options,
    root,
  });
  onTestFinished(() => checkpoints.close());
  return Object.assign(checkpoints, {
    folder,
    root,
    home,
    dir,
    damage,
    write: (path: string, text: string | Buffer) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    read: (path: string) => readFileSync(join(root, path), "utf8"),
  });
}

/** Git as a person runs it, with a configuration of its own. */
export function git(cwd: string, ...args: string[]): string {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@localhost", "-c", "protocol.file.allow=always"];
  const env = { PATH: process.env.PATH ?? "", HOME: cwd, GIT_CONFIG_GLOBAL: "/dev/null" };
  return execFileSync("git", [...identity, ...args], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Every file below `folder` with its bytes, permission bits and, where asked, times (of folders too). */
export function contents(folder: string, { times = false } = {}): Record<string, string> {
  const told = pathsIn(folder, "").map((path) => [path, describeFile(join(folder, path), times)] as const);
  return Object.fromEntries(told.filter(([, text]) => text !== ""));
}

/** Through no link. */
function pathsIn(folder: string, path: string): string[] {
  const entries = readdirSync(join(folder, path), { withFileTypes: true });
  const names = entries.flatMap((entry) => {
    const inside = join(path, entry.name);
    return entry.isDirectory() ? [inside, ...pathsIn(folder, inside)] : [inside];
  });
  return names.toSorted();
}

function describeFile(file: string, times: boolean): string {
  const stat = lstatSync(file);
  const time = times ? `${stat.mtimeMs} ` : "";
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isSymbolicLink()) return `${time}-> ${readlinkSync(file)}`;
  if (stat.isDirectory()) return times ? `${time}${mode}` : "";
  return `${time}${mode} ${readFileSync(file, "latin1")}`;
}

export const nothing = (): Promise<void> => Promise.resolve();
