// What the settings say of tries: read before there is an App.
import type { Environment } from "../config/env.ts";
import { loadSettings } from "../config/load-settings.ts";
import { hearthPaths } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import type { TryMode } from "../runtimes/try-mode.ts";

/** `cwd`: absolute real path. */
export type TryPlace = { cwd: string; env: Environment; flags: Settings; settingsFile?: string };

/** Where and how, as the person's settings have it. */
export async function tryMode({ cwd, env, flags, settingsFile }: TryPlace): Promise<TryMode> {
  const paths = hearthPaths(env);
  const userFile = settingsFile === undefined ? {} : { userFile: settingsFile };
  const { settings } = await loadSettings({ paths, cwd, env, flags, trusted: false, ...userFile });
  return {
    dir: paths.triesDir,
    workspace: cwd,
    ownFolders: [paths.dataDir, paths.configDir],
    env,
    wished: settings.tryWith ?? "auto",
    now: Date.now,
  };
}
