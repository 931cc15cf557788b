// The system text of this program's sessions: read and put together once, so that every request begins alike.
import { readProjectFiles } from "../context/project-files.ts";
import { assembleSystemPrompt } from "../context/system-prompt.ts";
import type { AppParts } from "./app-parts.ts";
import { gitBranch } from "./git-branch.ts";

/** Asked for as often as needed; the work is done with the first call. */
export function createSystemText(parts: AppParts): () => Promise<ReturnType<typeof assembleSystemPrompt>> {
  let text: Promise<ReturnType<typeof assembleSystemPrompt>> | null = null;
  return () => {
    text ??= assemble(parts);
    return text;
  };
}

async function assemble({ cwd, paths, settings, readsInstructions, now }: AppParts) {
  const [{ files }, branch] = await Promise.all([
    readProjectFiles({ configDir: paths.configDir, cwd, trusted: readsInstructions }),
    gitBranch(cwd),
  ]);
  return assembleSystemPrompt({
    cwd,
    platform: process.platform,
    nowMs: now(),
    files,
    ...(branch === "" ? {} : { gitBranch: branch }),
    ...(settings.systemPrompt === undefined ? {} : { replace: settings.systemPrompt }),
    ...(settings.appendSystemPrompt === undefined ? {} : { append: settings.appendSystemPrompt }),
  });
}
