// Roles: a named way to work, kept as a Markdown file: a text for the model, and what goes with it. Reads only.
import { AppError } from "../lib/app-error.ts";
import { listField, textField } from "../lib/front-matter.ts";
import { nearest } from "../lib/nearest.ts";
import { PermissionMode } from "../protocol/approval.ts";
import { ThinkingLevel } from "../protocol/model.ts";
import { type MarkdownFile, type MarkdownFolder, readMarkdownFolders } from "./markdown-folder.ts";

export type Role = {
  name: string;
  /** "" where the file has none. */
  description: string;
  /** What the system text is told. */
  text: string;
  /** Absolute path of its file. */
  path: string;
  source: MarkdownFolder["source"];
  /** VENDOR/ID or a short name of the settings, as in --model. */
  model?: string;
  thinking?: ThinkingLevel;
  /** Names of the tools that stay of those that are offered. */
  tools?: readonly string[];
  /** Taken where it is stricter than the mode in force. */
  mode?: PermissionMode;
};

const NO_ROLES =
  "There are none: a role is a file roles/NAME.md beside your settings, or .hearth/roles/NAME.md in a project you trust.";

/** `problems` say in a sentence each what could not be used. */
export async function readRoles(
  folders: readonly MarkdownFolder[],
): Promise<{ roles: Role[]; problems: string[] }> {
  const { files, problems } = await readMarkdownFolders(folders);
  const roles = files.flatMap((file) => {
    const problem = problemOf(file);
    if (problem !== null) problems.push(`The role ${file.path} is left out: ${problem}`);
    return problem === null ? [roleOf(file)] : [];
  });
  return { roles, problems };
}

/** Throws `role.unknown` with the names there are. */
export function findRole(
  { roles, problems }: { roles: readonly Role[]; problems: string[] },
  name: string,
): Role {
  const role = roles.find((one) => one.name === name);
  if (role) return role;
  const names = roles.map((one) => one.name);
  const near = nearest(name, names);
  const known = names.length === 0 ? NO_ROLES : `Known: ${names.join(", ")}.`;
  const why = problems.find((problem) => problem.includes(`${name}.md`));
  throw new AppError("role.unknown", `There is no role "${name}".${why === undefined ? "" : ` ${why}`}`, {
    hint: near === undefined ? known : `Did you mean ${near}? ${known}`,
  });
}

/** A role that says something we do not know is not half of itself: what it forbids might be the point of it. */
function problemOf({ fields, body }: MarkdownFile): string | null {
  const thinking = textField(fields, "thinking");
  const mode = textField(fields, "mode");
  if (thinking !== undefined && !ThinkingLevel.safeParse(thinking).success)
    return `thinking is one of ${ThinkingLevel.options.join(", ")}.`;
  if (mode !== undefined && !PermissionMode.safeParse(mode).success)
    return `mode is one of ${PermissionMode.options.join(", ")}.`;
  return body === "" && fields.size === 0 ? "it is empty." : null;
}

function roleOf({ name, path, source, fields, body }: MarkdownFile): Role {
  const model = textField(fields, "model");
  const thinking = ThinkingLevel.safeParse(textField(fields, "thinking")).data;
  const mode = PermissionMode.safeParse(textField(fields, "mode")).data;
  const tools = listField(fields, "tools");
  return {
    name,
    path,
    source,
    description: textField(fields, "description") ?? "",
    text: body,
    ...(model === undefined ? {} : { model }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(mode === undefined ? {} : { mode }),
    ...(tools === undefined ? {} : { tools }),
  };
}
