// `hearth config show|schema`.
import { processEnvironment } from "../../config/env.ts";
import { loadSettings, settingOrigin } from "../../config/load-settings.ts";
import { hearthPaths } from "../../config/paths.ts";
import { trustFile, trustOf } from "../../config/trust.ts";
import { EXIT } from "../exit.ts";
import { workingDirectory } from "../open-app.ts";
import { type ChatOptions, settingsOfFlags } from "../options.ts";

/** `origin` adds the source of each value: default, user, project, env or flag. */
export async function configShowCommand(
  options: { origin?: boolean; json?: boolean },
  flags: ChatOptions,
): Promise<number> {
  const env = processEnvironment();
  const paths = hearthPaths(env);
  const cwd = await workingDirectory(flags.cwd);
  const trusted = trustOf((await trustFile(paths.trustFile).read()).value, cwd) === "trusted";
  const loaded = await loadSettings({
    paths,
    cwd,
    env,
    flags: settingsOfFlags(flags),
    trusted,
    ...(flags.config === undefined ? {} : { userFile: flags.config }),
  });
  const rows = Object.entries(loaded.settings).map(([key, value]) => ({
    key,
    value,
    origin: settingOrigin(loaded, key),
  }));
  if (options.json) {
    const table = Object.fromEntries(
      rows.map(({ key, value, origin }) => [key, options.origin ? { value, origin } : value]),
    );
    process.stdout.write(`${JSON.stringify(table, null, 2)}\n`);
    return EXIT.completed;
  }
  for (const { key, value, origin } of rows) {
    const source = options.origin ? `  (${origin})` : "";
    process.stdout.write(`${key} = ${JSON.stringify(value)}${source}\n`);
  }
  if (loaded.untrustedProject) {
    process.stderr.write("The project's settings are left out: this directory is not trusted.\n");
  }
  return EXIT.completed;
}

export async function configSchemaCommand(): Promise<number> {
  const { settingsJsonSchema } = await import("../../config/settings-schema.ts");
  process.stdout.write(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
  return EXIT.completed;
}
