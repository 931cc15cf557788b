import { expect, test } from "vitest";
import type { McpServer } from "../../../src/protocol/mcp.ts";
import { wireServers } from "../../../src/runtimes/acp/wire-servers.ts";

const SERVERS: McpServer[] = [
  { type: "stdio", name: "a", command: "npx", args: ["-y", "a"], env: { KEY: "k" } },
  { type: "http", name: "b", url: "https://b", headers: { "x-key": "k" } },
  { type: "sse", name: "c", url: "https://c", headers: {} },
];

test("an agent is given the servers that it says it can reach", () => {
  const a = { name: "a", command: "npx", args: ["-y", "a"], env: [{ name: "KEY", value: "k" }] };
  const b = { type: "http", name: "b", url: "https://b", headers: [{ name: "x-key", value: "k" }] };
  const c = { type: "sse", name: "c", url: "https://c", headers: [] };
  expect(wireServers(SERVERS, { http: false, sse: false })).toEqual([a]);
  expect(wireServers(SERVERS, { http: true, sse: true })).toEqual([a, b, c]);
});
