// The system text of this program's sessions: what does not change is read once, so that every request begins alike;
// role and added text are those of the session as it stands.
import { type ProjectFile, readProjectFiles } from "../context/project-files.ts";
import type { Role } from "../context/roles.ts";
import { assembleSystemPrompt, type SystemPromptPart } from "../context/system-prompt.ts";
import { toFailure } from "../lib/app-error.ts";
import { once } from "../lib/once.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { AppParts } from "./app-parts.ts";
import { contextFolders } from "./context-folders.ts";
import type { LiveConversation } from "./conversation.ts";
import { gitBranch } from "./git-branch.ts";

export type SystemText = {
  text: string;
  parts: SystemPromptPart[];
  /** Names of the tools that the role leaves; null for all. */
  tools: readonly string[] | null;
};

/** What is wrong with the files is told to the session that is shown when it is found, once. */
export function createSystemText(
  parts: AppParts,
  conversation: () => LiveConversation,
  workbench: Pick<Workbench, "openTools">,
): () => Promise<SystemText> {
  const base = once(() => readBase(parts));
  const told = new Set<string>();
  const tell = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    conversation().tell({ level: "warning", code: "context.file", message });
  };
  return async () => {
    const { notices, ...input } = await base();
    for (const notice of notices) tell(notice);
    const { role: name, systemText } = conversation().state();
    const role = name === "" ? null : await roleInForce(parts, name, tell);
    for (const problem of unknownTools(role, workbench)) tell(problem);
    const { settings } = parts;
    const assembled = assembleSystemPrompt({
      ...input,
      ...(settings.systemPrompt === undefined ? {} : { replace: settings.systemPrompt }),
      ...(settings.appendSystemPrompt === undefined ? {} : { append: settings.appendSystemPrompt }),
      ...(role === null ? {} : { role }),
      ...(systemText === "" ? {} : { added: systemText }),
    });
    return { ...assembled, tools: role?.tools ?? null };
  };
}

type Base = {
  cwd: string;
  platform: string;
  nowMs: number;
  gitBranch?: string;
  files: ProjectFile[];
  notices: string[];
};

async function readBase({ cwd, paths, readsInstructions, now }: AppParts): Promise<Base> {
  const [{ files, notices }, branch] = await Promise.all([
    readProjectFiles({ configDir: paths.configDir, home: paths.home, cwd, trusted: readsInstructions }),
    gitBranch(cwd),
  ]);
  const known = { cwd, platform: process.platform, nowMs: now(), files, notices };
  return branch === "" ? known : { ...known, gitBranch: branch };
}

/** A session keeps the name of its role: the file may have gone since, or its folder's trust. */
async function roleInForce(
  parts: AppParts,
  name: string,
  tell: (message: string) => void,
): Promise<Role | null> {
  try {
    const { findRole, readRoles } = await import("../context/roles.ts");
    return findRole(await readRoles(contextFolders(parts, "roles")), name);
  } catch (error) {
    tell(`${toFailure(error).message} The session goes on without it.`);
    return null;
  }
}

function unknownTools(role: Role | null, { openTools }: Pick<Workbench, "openTools">): string[] {
  const { offered, withheld } = openTools()("full");
  const known = new Set([...offered, ...withheld].map(({ name }) => name.toLowerCase()));
  const unknown = role?.tools?.filter((name) => !known.has(name.toLowerCase())) ?? [];
  return unknown.length === 0
    ? []
    : [`The role ${role?.name} names tools that there are not: ${unknown.join(", ")}.`];
}
