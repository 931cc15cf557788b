// The client side of MCP against real servers: a program, and two over HTTP.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createMcpHandler, McpServer as ToolServer } from "@modelcontextprotocol/server";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { createServerSet } from "../../src/mcp/server-set.ts";
import { serverToolName } from "../../src/mcp/server-tool.ts";
import type { McpServer } from "../../src/protocol/mcp.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PROGRAM = fileURLToPath(new URL("../support/mcp-server.ts", import.meta.url));
const stdio = (name: string, ...args: string[]): McpServer => ({
  type: "stdio",
  name,
  command: process.execPath,
  args: [PROGRAM, ...args],
  env: { SKY: "blue" },
});

async function open(servers: readonly McpServer[]) {
  const problems: string[] = [];
  const set = createServerSet(servers, {
    cwd: await temporaryFolder(),
    env: { PATH: process.env.PATH ?? "" },
    onProblem: (message) => problems.push(message),
  });
  onTestFinished(() => set.close());
  return { set, problems };
}

const options = { toolCallId: "c", onUpdate: () => undefined, signal: new AbortController().signal };

test("tools of a program are ours under its name, and nothing of them is believed", async () => {
  const { set, problems } = await open([stdio("my weather")]);
  expect(set.tools()).toEqual([]);
  await set.connect();
  const [forecast, storm] = set.tools();
  expect(forecast).toMatchObject({
    name: "mcp__my_weather__forecast",
    readOnly: false,
    parameters: { type: "object", required: ["place"] },
  });
  const output = await forecast?.execute({ place: "Rome" }, options);
  expect(output).toMatchObject({
    isError: false,
    content: [{ text: expect.stringContaining("blue over Rome") }],
  });
  expect(await storm?.execute({}, options)).toMatchObject({
    isError: true,
    content: [{ text: "lightning struck" }],
  });
  expect(await forecast?.execute({ place: 7 }, options)).toMatchObject({ isError: true });
  expect(problems).toEqual([]);
});

test("two servers of one name: what is there already stays, the other is told of", async () => {
  const { set, problems } = await open([stdio("a"), stdio("a")]);
  await set.connect();
  expect(set.tools().map(({ name }) => name)).toEqual(["mcp__a__forecast", "mcp__a__storm"]);
  expect(problems).toEqual([
    "Two MCP tools are named mcp__a__forecast; the first one is offered.",
    "Two MCP tools are named mcp__a__storm; the first one is offered.",
  ]);
});

test("a server that is closed while it starts says nothing and is gone", async () => {
  const { set, problems } = await open([stdio("slow", "--slow")]);
  const connecting = set.connect();
  await set.close();
  await connecting;
  expect([set.tools(), problems]).toEqual([[], []]);
});

test("a server that ended fails its calls, not the session", async () => {
  const { set } = await open([stdio("a")]);
  await set.connect();
  await set.close();
  await expect(set.tools()[0]?.execute({ place: "x" }, options)).rejects.toThrow();
});

test("a server over HTTP is reached with its headers", async () => {
  const seen: (string | undefined)[] = [];
  const handler = createMcpHandler(() => {
    const server = new ToolServer({ name: "web", version: "1" });
    server.registerTool("ping", { description: "Pings.", inputSchema: z.object({}) }, () => ({
      content: [{ type: "text", text: "pong" }],
    }));
    return server;
  });
  const url = await serve(async (request, response) => {
    seen.push(request.headers["x-key"]?.toString());
    const body = await bodyOf(request);
    const answer = await handler.fetch(
      new Request(`http://localhost${request.url}`, {
        method: request.method ?? "GET",
        headers: Object.entries(request.headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]),
        ...(body === "" ? {} : { body }),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  });
  const { set, problems } = await open([
    { type: "http", name: "web", url: `${url}/mcp`, headers: { "x-key": "k" } },
  ]);
  await set.connect();
  expect(problems).toEqual([]);
  expect(await set.tools()[0]?.execute({}, options)).toMatchObject({ content: [{ text: "pong" }] });
  expect(new Set(seen)).toEqual(new Set(["k"]));
});

test("a server of the older kind, with a stream of events, is reached too", async () => {
  let events: ServerResponse | null = null;
  const url = await serve(async (request, response) => {
    if (request.method === "GET") {
      events = response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: endpoint\ndata: /messages\n\n");
      return;
    }
    response.writeHead(202).end();
    const { id, method } = JSON.parse(await bodyOf(request));
    const result = ANSWERS[method];
    if (result) events?.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", id, result })}\n\n`);
  });
  const { set, problems } = await open([{ type: "sse", name: "old", url: `${url}/sse`, headers: {} }]);
  await set.connect();
  expect(problems).toEqual([]);
  expect(await set.tools()[0]?.execute({}, options)).toMatchObject({ content: [{ text: "tick" }] });
});

const ANSWERS: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: "2024-11-05",
    capabilities: { tools: {} },
    serverInfo: { name: "old", version: "1" },
  },
  "tools/list": { tools: [{ name: "clock", inputSchema: { type: "object" } }] },
  "tools/call": { content: [{ type: "text", text: "tick" }] },
};

test.each<[string, McpServer, RegExp]>([
  [
    "is not there",
    { type: "http", name: "x", url: "http://127.0.0.1:9/mcp", headers: {} },
    /^The MCP server x cannot be used: /,
  ],
  [
    "has no address",
    { type: "sse", name: "x", url: "nowhere", headers: {} },
    /has no usable address: nowhere/,
  ],
  ["ends at once", stdio("x", "--broken"), /^The MCP server x cannot be used: no database there$/],
  [
    "is no program",
    { ...stdio("x"), type: "stdio", command: "/no/such", args: [], env: {} },
    /Could not start \/no\/such/,
  ],
])("a server that %s is one sentence", async (_, server, sentence) => {
  const { set, problems } = await open([server]);
  await set.connect();
  await set.connect();
  expect(problems).toEqual([expect.stringMatching(sentence)]);
});

test("names are such that every vendor takes them", () => {
  expect(serverToolName("my server!", "näme.x")).toBe("mcp__my_server___n_me_x");
  expect(serverToolName("s".repeat(90), "t")).toHaveLength(64);
});

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<string> {
  const server: Server = createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
