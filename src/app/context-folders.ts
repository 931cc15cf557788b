// Where roles and prompt templates are kept: the user's folder, and the project's own where they trust it.
import { join } from "node:path";
import type { MarkdownFolder } from "../context/markdown-folder.ts";
import type { AppParts } from "./app-parts.ts";

/** The later one wins. */
export function contextFolders(
  { paths, cwd, trusted }: Pick<AppParts, "paths" | "cwd" | "trusted">,
  kind: "roles" | "prompts",
): MarkdownFolder[] {
  const own = { dir: join(paths.configDir, kind), source: "user" as const };
  const project = { dir: join(cwd, ".hearth", kind), source: "project" as const };
  return trusted ? [own, project] : [own];
}
