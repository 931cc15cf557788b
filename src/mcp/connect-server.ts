// Connects to one MCP server, by whatever way it is reached. The library is loaded with the first one.
import type { CallToolResult, Client, Tool, Transport } from "@modelcontextprotocol/client";
import { AppError } from "../lib/app-error.ts";
import type { McpServer } from "../protocol/mcp.ts";

export type ServerPlace = {
  cwd: string;
  /** What programs may see of the environment; the server's own is added. */
  env: Readonly<Record<string, string>>;
};

export interface ServerConnection {
  readonly name: string;
  readonly tools: readonly Tool[];
  /** Rejects with the server's error, or when it ended. */
  call(
    name: string,
    args: Record<string, unknown>,
    options: { signal: AbortSignal; onProgress: (text: string) => void },
  ): Promise<CallToolResult>;
  close(): Promise<void>;
}

/** For a server to start and list its tools; some fetch themselves at their first start. */
const CONNECT_MS = 30_000;
/** Without progress; a call that tells of progress may take longer. */
const CALL_MS = 600_000;

/** Throws `mcp.connect` in one sentence; nothing of the server is left then. */
export async function connectServer(
  server: McpServer,
  { signal, ...place }: ServerPlace & { signal: AbortSignal },
): Promise<ServerConnection> {
  const { Client } = await import("@modelcontextprotocol/client");
  const client = new Client({ name: "hearth", title: "Hearth", version: "1" });
  const { transport, lastWords } = await transportOf(server, place);
  try {
    await client.connect(transport, { timeout: CONNECT_MS, signal });
    const { tools } = await client.listTools(undefined, { timeout: CONNECT_MS, signal });
    return connection(server.name, client, tools);
  } catch (error) {
    await transport.close().catch(() => undefined);
    const words = lastWords() || (error instanceof Error ? error.message : String(error));
    throw new AppError("mcp.connect", `The MCP server ${server.name} cannot be used: ${words}`, {
      cause: error,
    });
  }
}

function connection(name: string, client: Client, tools: readonly Tool[]): ServerConnection {
  return {
    name,
    tools,
    call: (tool, args, { signal, onProgress }) =>
      client.callTool(
        { name: tool, arguments: args },
        {
          signal,
          timeout: CALL_MS,
          resetTimeoutOnProgress: true,
          onprogress: ({ message }) => {
            if (message !== undefined) onProgress(`${message}\n`);
          },
        },
      ),
    close: () => client.close(),
  };
}

type Reached = { transport: Transport; lastWords: () => string };

async function transportOf(server: McpServer, { cwd, env }: ServerPlace): Promise<Reached> {
  if (server.type === "stdio") {
    const { StdioTransport } = await import("./stdio-transport.ts");
    const { command, args } = server;
    const transport = new StdioTransport({ command, args, cwd, env: { ...env, ...server.env } });
    return { transport, lastWords: () => transport.lastWords() };
  }
  const { SSEClientTransport, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  if (!URL.canParse(server.url)) {
    throw new AppError("mcp.url", `The MCP server ${server.name} has no usable address: ${server.url}`);
  }
  const url = new URL(server.url);
  const options = { requestInit: { headers: { ...server.headers } } };
  const transport =
    server.type === "http"
      ? new StreamableHTTPClientTransport(url, options)
      : new SSEClientTransport(url, options);
  return { transport, lastWords: () => "" };
}
