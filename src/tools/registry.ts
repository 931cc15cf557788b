// The tools of a session: the built-in ones, joined with others, cut to the names that were asked for.
import { AppError } from "../lib/app-error.ts";
import { nearest } from "../lib/nearest.ts";
import type { Tool } from "../protocol/tool.ts";
import { bashTool } from "./bash.ts";
import { editTool } from "./edit.ts";
import { gitAddTool, gitCommitTool } from "./git-change.ts";
import { gitDiffTool, gitLogTool, gitShowTool, gitStatusTool } from "./git-read.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";
import { lsTool } from "./ls.ts";
import { readTool } from "./read.ts";
import { todoTool } from "./todo.ts";
import type { ToolContext } from "./tool-context.ts";
import { writeTool } from "./write.ts";

const BUILT_IN: readonly ((context: ToolContext) => Tool)[] = [
  readTool,
  writeTool,
  editTool,
  bashTool,
  grepTool,
  globTool,
  lsTool,
  gitStatusTool,
  gitDiffTool,
  gitLogTool,
  gitShowTool,
  gitAddTool,
  gitCommitTool,
  todoTool,
];

/** The built-in tools, always in the same order, bound to their workspace. */
export function createTools(context: ToolContext): Tool[] {
  return BUILT_IN.map((make) => make(context));
}

/** Tools and where they come from, in words for an error: "built-in", "the MCP server github". */
export type ToolSource = { source: string; tools: readonly Tool[] };

/** All tools in order; throws `tools.duplicate` naming both sources of a name that occurs twice. */
export function joinTools(sources: readonly ToolSource[]): Tool[] {
  const owners = new Map<string, string>();
  for (const { source, tools } of sources) {
    for (const { name } of tools) {
      const other = owners.get(name);
      if (other !== undefined) {
        const message = `Two tools are named ${name}: one of ${other}, one of ${source}.`;
        throw new AppError("tools.duplicate", message, { hint: "Rename or remove one of them." });
      }
      owners.set(name, source);
    }
  }
  return sources.flatMap(({ tools }) => tools);
}

/** How the names of servers' tools begin, which are known once their server answered. */
const FOREIGN = "mcp__";

/** The tools named, in their own order; throws `tools.unknown` for a name that none has. */
export function selectTools(tools: readonly Tool[], names: readonly string[]): Tool[] {
  const known = tools.map((tool) => tool.name);
  const unknown = names.find((name) => !known.includes(name) && !name.startsWith(FOREIGN));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    const hint = near ? `Did you mean ${near}?` : `There are: ${known.join(", ")}.`;
    throw new AppError("tools.unknown", `There is no tool named ${unknown}.`, { hint });
  }
  return tools.filter((tool) => names.includes(tool.name));
}
