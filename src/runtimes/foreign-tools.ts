// Tools from outside for our own model: what they answer is framed as data that instructs nobody.
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerSet } from "../mcp/server-set.ts";
import { frameUntrusted } from "../policy/provenance.prompt.ts";
import type { McpServer } from "../protocol/mcp.ts";
import type { Tool } from "../protocol/tool.ts";

export type ForeignToolsOptions = {
  mcpServers?: readonly McpServer[];
  cwd: string;
  /** What programs may see of the environment. */
  env: Readonly<Record<string, string>>;
  /** Told a sentence for each server that cannot be used. */
  onServerProblem?: (message: string) => void;
  /** Milliseconds that a run waits for servers that have not answered yet; default 10,000. */
  patienceMs?: number;
};

/** Most servers answer within a second. One that fetches itself first is there for a later run. */
const PATIENCE_MS = 10_000;

export interface ForeignTools {
  /**
   * Resolves when each server has answered or failed, when patience is over, or when the signal aborts. What answered by
   * then is there until the next call: within a run tools must not change.
   */
  connect(signal: AbortSignal): Promise<void>;
  /** Of those that are connected, always in the same order; the same list between two calls of `connect`. */
  tools(): readonly Tool[];
  close(): Promise<void>;
}

/** Nothing is started, nor loaded, before the first `connect`. */
export function createForeignTools(options: ForeignToolsOptions): ForeignTools {
  const { mcpServers: servers = [], onServerProblem: onProblem = () => undefined, cwd, env } = options;
  const { patienceMs = PATIENCE_MS } = options;
  let set: Promise<ServerSet> | null = null;
  let offered = new Map<Tool, Tool>();
  let tools: readonly Tool[] = [];
  let isTold = false;
  return {
    connect: async (signal) => {
      if (servers.length === 0) return;
      set ??= import("../mcp/server-set.ts").then(({ createServerSet }) =>
        createServerSet(servers, { cwd, env, onProblem }),
      );
      const opened = await set;
      const isOver = await within(opened.connect(), isTold ? 0 : patienceMs, signal);
      if (!isOver && !isTold && !signal.aborted) {
        isTold = true;
        onProblem(`No answer yet from ${opened.waiting().join(", ")}: a later prompt has the tools.`);
      }
      offered = new Map(opened.tools().map((tool) => [tool, offered.get(tool) ?? framed(tool)]));
      tools = [...offered.values()];
    },
    tools: () => tools,
    close: async () => (await set)?.close(),
  };
}

/** Whether the work was done in that time, and before the signal aborted. */
async function within(work: Promise<void>, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  const stop = new AbortController();
  const timer = sleep(milliseconds, false, { signal: AbortSignal.any([signal, stop.signal]), ref: false });
  try {
    return await Promise.race([work.then(() => true), timer.catch(() => false)]);
  } finally {
    stop.abort();
  }
}

function framed(tool: Tool): Tool {
  return {
    ...tool,
    execute: async (args, options) => {
      const output = await tool.execute(args, options);
      const content = output.content.map((part) =>
        part.type === "text" ? { ...part, text: frameUntrusted(part.text, tool.name) } : part,
      );
      return { ...output, content };
    },
  };
}
