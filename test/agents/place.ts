// A place for one case: a home, a workspace with git, and the settings that declare an agent there.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Settings } from "../../src/config/settings.ts";
import { stubEnvironment } from "../../src/server/stub/run-stub.ts";

export type Place = {
  /** Holds everything of the case; processes are found by it. */
  root: string;
  /** HEARTH_HOME is in it. */
  home: string;
  cwd: string;
  /** The whole environment of Hearth. */
  env: Record<string, string>;
  stubUrl: string;
};

/** Not under /tmp, where Codex takes no home: beside the programs. */
export async function newPlace(folder: string, stubUrl: string): Promise<Place> {
  const root = await realpath(await mkdtemp(join(folder, ".place-")));
  const home = join(root, "home");
  const cwd = join(root, "work");
  await Promise.all([mkdir(join(home, "hearth"), { recursive: true }), mkdir(cwd)]);
  await execa("git", ["init", "--quiet", "--initial-branch=main"], { cwd });
  const env = {
    // Agents that are scripts need the node that runs this.
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
    HOME: home,
    LANG: "C.UTF-8",
    HEARTH_HOME: join(home, "hearth"),
    ...stubEnvironment(stubUrl),
  };
  return { root, home, cwd, env, stubUrl };
}

export async function writeSettings({ home }: Place, settings: Settings): Promise<void> {
  await writeFile(join(home, "hearth", "settings.json"), JSON.stringify(settings));
}

export async function removePlace({ root }: Place): Promise<void> {
  // What a case has set going may still write its last file.
  await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
