// glob: files by name pattern, in the order of their paths. Ignored files and what links lead to stay out.
import { join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { displayPath } from "../lib/paths.ts";
import type { Tool } from "../protocol/tool.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { existingPath } from "./existing-file.ts";
import { GLOB_DESCRIPTION, GLOB_LIMIT, GLOB_PATH, GLOB_PATTERN } from "./glob.prompt.ts";
import { optional, text, whole } from "./parameters.ts";
import type { ToolContext } from "./tool-context.ts";

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 2000;

export function globTool({ workspace }: ToolContext): Tool {
  return defineTool({
    name: "glob",
    description: GLOB_DESCRIPTION,
    kind: "read",
    parameters: {
      pattern: text(GLOB_PATTERN),
      path: optional(text(GLOB_PATH)),
      limit: optional(whole(GLOB_LIMIT, { min: 1, max: MAX_LIMIT })),
    },
    paths: ({ path }) => (path === undefined ? [] : [path]),
    execute: async ({ pattern, path = ".", limit = DEFAULT_LIMIT }, { signal }) => {
      requireInside(pattern);
      const folder = await existingPath(workspace, path);
      if (folder.stat.kind !== "directory")
        throw new AppError("file.not_folder", `${folder.name} is no folder.`);
      const { globby } = await import("globby");
      signal.throwIfAborted();
      const found = await globby(pattern, {
        cwd: folder.path,
        gitignore: true,
        dot: true,
        ignore: ["**/.git/**"],
        expandDirectories: false,
        followSymbolicLinks: false,
        suppressErrors: true,
      });
      signal.throwIfAborted();
      const names = found.map((name) => displayPath(workspace.root, join(folder.path, name))).sort();
      if (names.length === 0) return textOutput("no files", { summary: "no files" });
      const shown = names.slice(0, limit);
      const notice = `[${shown.length} of ${names.length} files shown. Narrow the pattern or raise limit.]`;
      return textOutput([...shown, ...(names.length > limit ? [notice] : [])].join("\n"), {
        summary: `${names.length} ${names.length === 1 ? "file" : "files"}`,
      });
    },
  });
}

function requireInside(pattern: string): void {
  if (pattern.startsWith("/") || pattern.split(/[/{},]/).includes("..")) {
    throw new AppError("tool.arguments", "glob: `pattern` must be relative and without `..`.", {
      hint: "Name the folder in path.",
    });
  }
}
