// The MCP servers of one session: connected with the first need, ended with it.
import { toFailure } from "../lib/app-error.ts";
import type { McpServer } from "../protocol/mcp.ts";
import type { Tool } from "../protocol/tool.ts";
import { connectServer, type ServerConnection, type ServerPlace } from "./connect-server.ts";
import { serverTool } from "./server-tool.ts";

export type ServerSetOptions = ServerPlace & {
  /** Told a sentence for each server that cannot be used, and for each tool that another one has the name of. */
  onProblem: (message: string) => void;
};

export interface ServerSet {
  /** Connects them all, once; resolves when each has answered or failed. Never rejects. */
  connect(): Promise<void>;
  /** Tools of those that are connected, in the order of the servers. */
  tools(): readonly Tool[];
  /** Ends them, those too that are being started. */
  close(): Promise<void>;
}

export function createServerSet(servers: readonly McpServer[], options: ServerSetOptions): ServerSet {
  let connecting: Promise<(ServerConnection | null)[]> | null = null;
  let tools: readonly Tool[] = [];
  const stop = new AbortController();
  const open = async (server: McpServer): Promise<ServerConnection | null> => {
    try {
      return await connectServer(server, { ...options, signal: stop.signal });
    } catch (error) {
      if (!stop.signal.aborted) options.onProblem(toFailure(error).message);
      return null;
    }
  };
  return {
    connect: async () => {
      connecting ??= Promise.all(servers.map(open));
      if (tools.length === 0) tools = namedOnce(await connecting, options.onProblem);
    },
    tools: () => tools,
    close: async () => {
      stop.abort();
      const open = (await connecting) ?? [];
      await Promise.all(open.map((connection) => connection?.close()));
    },
  };
}

/** Models know a tool by its name alone. */
function namedOnce(
  connections: readonly (ServerConnection | null)[],
  onProblem: (message: string) => void,
): Tool[] {
  const named = new Map<string, Tool>();
  for (const connection of connections) {
    for (const tool of connection?.tools.map((each) => serverTool(connection, each)) ?? []) {
      if (named.has(tool.name)) onProblem(`Two MCP tools are named ${tool.name}; the first one is offered.`);
      else named.set(tool.name, tool);
    }
  }
  return [...named.values()];
}
