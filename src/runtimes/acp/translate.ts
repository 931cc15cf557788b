// One turn of an ACP agent in the words all agents share: its partial updates of calls are put together. Pure.
import { insidePath } from "../../lib/inside-path.ts";
import type { AgentUpdate, CallUpdate, PermissionRequest } from "../external/connection.ts";
import {
  diffsOf,
  exitCodeOf,
  mergeTool,
  namedPaths,
  nameTool,
  outputOf,
  pathsOf,
  terminalText,
} from "./tool-view.ts";
import type { AcpUpdate, ToolUpdate } from "./wire.ts";

/** Gemini CLI 0.61 tells no agent of ours what a command printed, whatever it was. */
const UNTOLD = "(the agent did not tell the output)";

type Known = { tool: ToolUpdate; terminal: string };

export class AcpTurn {
  readonly #cwd: string;
  readonly #known = new Map<string, Known>();

  /** `cwd`: paths inside it are told relative to it. */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** Null for what concerns the session, not the turn. */
  take(update: AcpUpdate): AgentUpdate | null {
    switch (update.type) {
      case "tool":
        return {
          type: "call",
          call: this.#view(this.#merge(update.tool), update.tool),
          begins: update.begins,
        };
      case "usage":
        // Comes when a response of the agent's model ended.
        return { type: "response_end" };
      case "options":
        return null;
      default:
        return update;
    }
  }

  #view({ tool, terminal }: Known, update: ToolUpdate): CallUpdate {
    const exitCode = exitCodeOf(tool);
    return {
      id: tool.toolCallId,
      naming: nameTool(tool, this.#cwd),
      ...statusOf(update),
      output: toldOutput(tool, outputOf(tool, terminal)),
      diffs: diffsOf(update),
      ...(exitCode === undefined ? {} : { details: { exitCode } }),
    };
  }

  /** File calls with known paths are judged by their paths, as our own; what else an agent does, by name and words. */
  asked(update: ToolUpdate): Pick<PermissionRequest, "call" | "tool"> {
    const known = this.#merge(update);
    const call = this.#view(known, update);
    const { tool } = known;
    const edits = tool.kind === "edit";
    const paths = [
      ...new Set([...namedPaths(tool), ...pathsOf(tool)].map((each) => insidePath(each, this.#cwd))),
    ];
    if ((!edits && tool.kind !== "read") || paths.length === 0) return { call, tool: null };
    return { call, tool: { readOnly: !edits, kind: edits ? "edit" : "read", paths: () => paths } };
  }

  #merge(update: ToolUpdate): Known {
    const before = this.#known.get(update.toolCallId);
    const known = before
      ? { tool: mergeTool(before.tool, update), terminal: terminalText(update, before.terminal) }
      : { tool: update, terminal: terminalText(update, "") };
    this.#known.set(update.toolCallId, known);
    return known;
  }
}

/** A command without an output is one whose output nobody knows: agents that say "" and those that say nothing look alike. */
function toldOutput({ kind, status }: ToolUpdate, output: string): string {
  return output === "" && kind === "execute" && status === "completed" ? UNTOLD : output;
}

function statusOf({ status }: ToolUpdate): Pick<CallUpdate, "status"> {
  if (status === "in_progress") return { status: "running" };
  return status === "completed" || status === "failed" ? { status } : {};
}
