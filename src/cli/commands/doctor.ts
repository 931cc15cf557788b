// `hearth doctor`: checks this installation; a line each, never a key's value.
import { access, constants, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Check, checkKeys, checkRuntimes } from "../../app/checks.ts";
import { processEnvironment } from "../../config/env.ts";
import { hearthPaths } from "../../config/paths.ts";
import { VERSION } from "../../config/version.ts";
import { toFailure } from "../../lib/app-error.ts";
import { EXIT } from "../exit.ts";
import { openApp, workingDirectory } from "../open-app.ts";
import type { ChatOptions } from "../options.ts";

/** Exit 1 when something that is needed is missing. */
export async function doctorCommand(flags: ChatOptions): Promise<number> {
  const env = processEnvironment();
  const paths = hearthPaths(env);
  const version = `hearth ${VERSION}, Node ${process.versions.node}, ${process.platform}`;
  const found = await Promise.all([
    [{ name: "version", ok: true, detail: version }],
    checkFolder("data folder", paths.dataDir),
    checkFolder("settings folder", paths.configDir),
    checkRipgrep(),
    checkTry(flags),
    checkApp(flags),
  ]);
  const checks: Check[] = found.flat();
  for (const { name, ok, detail } of checks) {
    process.stdout.write(`${ok ? "ok  " : "fail"}  ${name}: ${detail}\n`);
  }
  return checks.every((check) => check.ok) ? EXIT.completed : EXIT.failed;
}

async function checkApp(flags: ChatOptions): Promise<Check[]> {
  try {
    const app = await openApp({ ...flags, session: false }, { interactive: false });
    try {
      return [
        { name: "settings", ok: true, detail: app.paths.settingsFile },
        ...checkKeys(app),
        ...(await checkRuntimes(app)),
      ];
    } finally {
      await app.close();
    }
  } catch (error) {
    return [{ name: "settings", ok: false, detail: toFailure(error).message }];
  }
}

/** Permissions say little (root, full disks, read-only mounts): a file is really written. */
async function checkFolder(name: string, folder: string): Promise<Check> {
  const probe = join(folder, `.doctor-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, "ok");
    return { name, ok: true, detail: folder };
  } catch {
    // Whatever the reason: it cannot be used.
    return { name, ok: false, detail: `${folder} cannot be written; set HEARTH_HOME to another folder` };
  } finally {
    await rm(probe, { force: true }).catch(() => undefined); // Under what is no folder there is nothing to remove.
  }
}

/** Nothing is wrong where `--try` cannot work; it is only good to know before. */
async function checkTry(flags: ChatOptions): Promise<Check> {
  try {
    const { tryHere } = await import("../../app/saved-try.ts");
    const cwd = await workingDirectory(flags.cwd);
    return { name: "try", ok: true, detail: await tryHere({ cwd, env: processEnvironment(), flags: {} }) };
  } catch (error) {
    return { name: "try", ok: true, detail: toFailure(error).message };
  }
}

async function checkRipgrep(): Promise<Check> {
  try {
    const { rgPath } = await import("@vscode/ripgrep");
    await access(rgPath, constants.X_OK);
    return { name: "ripgrep", ok: true, detail: "found" };
  } catch {
    // Missing or not executable: grep cannot work either way.
    return { name: "ripgrep", ok: false, detail: "not found; install Hearth's packages again (npm ci)" };
  }
}
