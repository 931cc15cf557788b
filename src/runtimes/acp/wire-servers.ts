// MCP servers as an ACP agent takes them. Pure.
import type { McpServer } from "../../protocol/mcp.ts";

/** Programs every agent must take; of the others only what it says it can. */
export function wireServers(
  servers: readonly McpServer[],
  takes: { http: boolean; sse: boolean },
): Record<string, unknown>[] {
  return servers.flatMap((server): Record<string, unknown>[] => {
    if (server.type === "stdio") {
      const { name, command, args, env } = server;
      return [{ name, command, args: [...args], env: pairs(env) }];
    }
    const { type, name, url, headers } = server;
    return takes[type] ? [{ type, name, url, headers: pairs(headers) }] : [];
  });
}

function pairs(fields: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(fields).map(([name, value]) => ({ name, value }));
}
