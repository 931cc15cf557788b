// git_status, git_diff, git_log, git_show: looking at a repository without changing even its index.
import { countLines } from "../lib/truncate.ts";
import type { Tool } from "../protocol/tool.ts";
import { defineTool } from "./define-tool.ts";
import {
  GIT_DIFF_DESCRIPTION,
  GIT_LIMIT,
  GIT_LOG_DESCRIPTION,
  GIT_PATHS,
  GIT_REF,
  GIT_SHOW_DESCRIPTION,
  GIT_STATUS_DESCRIPTION,
} from "./git.prompt.ts";
import { checkedRef, gitOutput, pathArguments, runGit } from "./git-run.ts";
import { flag, list, optional, text, whole } from "./parameters.ts";
import type { ToolContext } from "./tool-context.ts";

/** A repository's attributes may name programs that make diffs: not run. */
const PLAIN_DIFF = ["--no-ext-diff", "--no-textconv"];
const DEFAULT_COMMITS = 20;

const REF = optional(text(GIT_REF));
const PATHS = optional(list(text(""), GIT_PATHS));

export function gitStatusTool(context: ToolContext): Tool {
  return defineTool({
    name: "git_status",
    description: GIT_STATUS_DESCRIPTION,
    kind: "read",
    parameters: {},
    execute: async (_args, { signal }) => {
      const output = await runGit(context, ["status", "--short", "--branch"], signal);
      const changes = countLines(output) - 1;
      return gitOutput(
        changes === 0 ? `${output.trim()}\nnothing changed` : output,
        "",
        `${changes} changed`,
      );
    },
  });
}

export function gitDiffTool(context: ToolContext): Tool {
  return defineTool({
    name: "git_diff",
    description: GIT_DIFF_DESCRIPTION,
    kind: "read",
    parameters: { ref: REF, staged: optional(flag("")), paths: PATHS },
    paths: ({ paths }) => paths ?? [],
    execute: async ({ ref, staged, paths }, { signal }) => {
      const output = await runGit(
        context,
        [
          "diff",
          ...PLAIN_DIFF,
          ...(staged ? ["--cached"] : []),
          ...(ref === undefined ? [] : [checkedRef(ref)]),
          ...(paths ? pathArguments(context, paths) : ["--"]),
        ],
        signal,
      );
      return gitOutput(output, "no differences", `${countLines(output)} lines`);
    },
  });
}

export function gitLogTool(context: ToolContext): Tool {
  return defineTool({
    name: "git_log",
    description: GIT_LOG_DESCRIPTION,
    kind: "read",
    parameters: { ref: REF, paths: PATHS, limit: optional(whole(GIT_LIMIT, { min: 1, max: 1000 })) },
    paths: ({ paths }) => paths ?? [],
    execute: async ({ ref, paths, limit = DEFAULT_COMMITS }, { signal }) => {
      const output = await runGit(
        context,
        [
          "log",
          `--max-count=${limit}`,
          "--date=short",
          "--format=%h %ad %an%d %s",
          ...(ref === undefined ? [] : [checkedRef(ref)]),
          ...(paths ? pathArguments(context, paths) : ["--"]),
        ],
        signal,
      );
      return gitOutput(output, "no commits", `${countLines(output)} commits`);
    },
  });
}

export function gitShowTool(context: ToolContext): Tool {
  return defineTool({
    name: "git_show",
    description: GIT_SHOW_DESCRIPTION,
    kind: "read",
    parameters: { ref: REF, paths: PATHS },
    paths: ({ paths }) => paths ?? [],
    execute: async ({ ref = "HEAD", paths }, { signal }) => {
      const where = pathArguments(context, paths);
      const output = await runGit(context, ["show", ...PLAIN_DIFF, checkedRef(ref), ...where], signal);
      return gitOutput(output, "nothing to show", `${countLines(output)} lines`);
    },
  });
}
