// Servers that a client passes in, in our words. Pure.
import type { McpServer as GivenServer } from "@agentclientprotocol/sdk/unstable";
import type { McpServer } from "../protocol/mcp.ts";

/** Ways that we did not offer are left out: `skipped` names their servers. */
export function mcpServers(given: readonly GivenServer[]): { servers: McpServer[]; skipped: string[] } {
  const servers = given.map(serverOf);
  return {
    servers: servers.filter((server) => server !== null),
    skipped: given.filter((_, index) => servers[index] === null).map(({ name }) => name),
  };
}

function serverOf(given: GivenServer): McpServer | null {
  if (!("type" in given)) {
    const { name, command, args, env } = given;
    return { type: "stdio", name, command, args, env: fields(env) };
  }
  if (given.type !== "http" && given.type !== "sse") return null;
  const { type, name, url, headers } = given;
  return { type, name, url, headers: fields(headers) };
}

function fields(list: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}
