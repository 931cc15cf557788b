// Tools from outside for our own model: what they answer is framed as data that instructs nobody.
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
};

export interface ForeignTools {
  /** Resolves when each server has answered or failed, or when the signal aborts; quick from the second time on. */
  connect(signal: AbortSignal): Promise<void>;
  /** Of those that are connected, always in the same order. */
  tools(): readonly Tool[];
  close(): Promise<void>;
}

/** Nothing is started, nor loaded, before the first `connect`. */
export function createForeignTools(options: ForeignToolsOptions): ForeignTools {
  const { mcpServers: servers = [], onServerProblem: onProblem = () => undefined, cwd, env } = options;
  let set: Promise<ServerSet> | null = null;
  let tools: readonly Tool[] = [];
  return {
    connect: async (signal) => {
      if (servers.length === 0) return;
      set ??= import("../mcp/server-set.ts").then(({ createServerSet }) =>
        createServerSet(servers, { cwd, env, onProblem }),
      );
      const opened = await set;
      const isThere = await Promise.race([opened.connect().then(() => true), givenUp(signal)]);
      // Within a run they must not change: what comes later is for the next one.
      if (isThere && tools.length === 0) tools = opened.tools().map(framed);
    },
    tools: () => tools,
    close: async () => (await set)?.close(),
  };
}

function givenUp(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
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
