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
  /** Tools of those that are connected by now, in the order of the servers. */
  tools(): readonly Tool[];
  /** Names of those that have neither answered nor failed yet. */
  waiting(): string[];
  /** Ends them, those too that are being started. */
  close(): Promise<void>;
}

export function createServerSet(servers: readonly McpServer[], options: ServerSetOptions): ServerSet {
  return new Servers(servers, options);
}

type Place = { server: McpServer; settled: boolean; connection: ServerConnection | null; tools: Tool[] };

class Servers implements ServerSet {
  readonly #options: ServerSetOptions;
  readonly #places: Place[];
  readonly #stop = new AbortController();
  #connecting: Promise<void> | null = null;

  constructor(servers: readonly McpServer[], options: ServerSetOptions) {
    this.#options = options;
    this.#places = servers.map((server) => ({ server, settled: false, connection: null, tools: [] }));
  }

  connect(): Promise<void> {
    this.#connecting ??= Promise.all(this.#places.map((place) => this.#open(place))).then(() => undefined);
    return this.#connecting;
  }

  tools(): readonly Tool[] {
    return this.#places.flatMap(({ tools }) => tools);
  }

  waiting(): string[] {
    return this.#places.filter(({ settled }) => !settled).map(({ server }) => server.name);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#connecting;
    await Promise.all(this.#places.map(({ connection }) => connection?.close()));
  }

  async #open(place: Place): Promise<void> {
    const { signal } = this.#stop;
    try {
      const connection = await connectServer(place.server, { ...this.#options, signal });
      place.connection = connection;
      place.tools = this.#named(connection.tools.map((tool) => serverTool(connection, tool)));
    } catch (error) {
      if (!signal.aborted) this.#options.onProblem(toFailure(error).message);
    }
    place.settled = true;
  }

  /** Models know a tool by its name alone: the first of a name stays. */
  #named(tools: readonly Tool[]): Tool[] {
    const taken = new Set(this.tools().map(({ name }) => name));
    return tools.filter(({ name }) => {
      const isFirst = !taken.has(name);
      taken.add(name);
      if (!isFirst) this.#options.onProblem(`Two MCP tools are named ${name}; the first one is offered.`);
      return isFirst;
    });
  }
}
