// ls: the names in one folder; folders end with a slash, symlinks with an at sign.
import { AppError } from "../lib/app-error.ts";
import type { Tool } from "../protocol/tool.ts";
import type { DirectoryEntry } from "../sandbox/workspace.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { existingPath } from "./existing-file.ts";
import { LS_DESCRIPTION, LS_PATH } from "./ls.prompt.ts";
import { optional, text } from "./parameters.ts";
import type { ToolContext } from "./tool-context.ts";

const LIMIT = 500;

const MARKS = { directory: "/", symlink: "@", file: "", other: "" } as const;

export function lsTool({ workspace }: ToolContext): Tool {
  return defineTool({
    name: "ls",
    description: LS_DESCRIPTION,
    kind: "read",
    parameters: { path: optional(text(LS_PATH)) },
    paths: ({ path }) => (path === undefined ? [] : [path]),
    execute: async ({ path = "." }) => {
      const folder = await existingPath(workspace, path);
      if (folder.stat.kind !== "directory") {
        throw new AppError("file.not_folder", `${folder.name} is a file of ${folder.stat.size} bytes.`, {
          hint: "Use read to see what is in it.",
        });
      }
      const names = (await workspace.list(folder.path)).map(markedName).sort();
      const summary = `${names.length} ${names.length === 1 ? "entry" : "entries"}`;
      if (names.length === 0) return textOutput("(empty folder)", { summary });
      const notice = `[${LIMIT} of ${names.length} entries shown. Use glob for the rest.]`;
      const lines = names.length > LIMIT ? [...names.slice(0, LIMIT), notice] : names;
      return textOutput(lines.join("\n"), { summary });
    },
  });
}

function markedName({ name, kind }: DirectoryEntry): string {
  return name + MARKS[kind];
}
