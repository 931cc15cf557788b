// git_add and git_commit: the two that change a repository. Hooks run as the user set them up.
import { AppError } from "../lib/app-error.ts";
import type { Tool } from "../protocol/tool.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { GIT_ADD_DESCRIPTION, GIT_COMMIT_DESCRIPTION } from "./git.prompt.ts";
import { gitOutput, pathArguments, runGit } from "./git-run.ts";
import { list, text } from "./parameters.ts";
import type { ToolContext } from "./tool-context.ts";

export function gitAddTool(context: ToolContext): Tool {
  return defineTool({
    name: "git_add",
    description: GIT_ADD_DESCRIPTION,
    kind: "execute",
    parameters: { paths: list(text(""), "") },
    execute: async ({ paths }, { signal }) => {
      if (paths.length === 0) throw new AppError("tool.arguments", "git_add: `paths` is empty.");
      await runGit(context, ["add", ...pathArguments(context, paths)], signal);
      const staged = await runGit(context, ["diff", "--cached", "--name-status", "--no-ext-diff"], signal);
      const count = staged.split("\n").filter(Boolean).length;
      return gitOutput(`Staged now:\n${staged}`, "", `${count} staged`);
    },
  });
}

export function gitCommitTool(context: ToolContext): Tool {
  return defineTool({
    name: "git_commit",
    description: GIT_COMMIT_DESCRIPTION,
    kind: "execute",
    parameters: { message: text("") },
    execute: async ({ message }, { signal }) => {
      if (message.trim() === "") throw new AppError("tool.arguments", "git_commit: `message` is empty.");
      const output = await runGit(context, ["commit", `--message=${message}`], signal);
      return textOutput(output.trim(), { summary: "committed" });
    },
  });
}
