import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { McpServer } from "../../src/protocol/mcp.ts";
import { createForeignTools } from "../../src/runtimes/foreign-tools.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PROGRAM = fileURLToPath(new URL("../support/mcp-server.ts", import.meta.url));
const server = (name: string, ...args: string[]): McpServer => ({
  type: "stdio",
  name,
  command: process.execPath,
  args: [PROGRAM, ...args],
  env: {},
});

async function open(mcpServers: readonly McpServer[], patienceMs: number) {
  const problems: string[] = [];
  const foreign = createForeignTools({
    mcpServers,
    cwd: await temporaryFolder(),
    env: { PATH: process.env.PATH ?? "" },
    onServerProblem: (message) => problems.push(message),
    patienceMs,
  });
  onTestFinished(() => foreign.close());
  const names = () => foreign.tools().map(({ name }) => name);
  return { foreign, problems, names };
}

const { signal } = new AbortController();

test("what a server answers is framed as data from outside", async () => {
  const { foreign } = await open([server("a")], 60_000);
  await foreign.connect(signal);
  const [tool] = foreign.tools();
  const output = await tool?.execute(
    { place: "Rome" },
    { toolCallId: "c", onUpdate: () => undefined, signal },
  );
  expect(output?.content).toEqual([
    {
      type: "text",
      text: expect.stringMatching(/^<untrusted source="mcp__a__forecast">\n[\s\S]*<\/untrusted>$/),
    },
  ]);
});

test("a run waits no longer than its patience, which is said once; who is late comes with a later run", async () => {
  const { foreign, problems, names } = await open([server("late"), server("never", "--slow")], 1);
  await foreign.connect(signal);
  expect(problems).toEqual([
    expect.stringMatching(/^No answer yet from (late, )?never: a later prompt has the tools\.$/),
  ]);
  while (!names().includes("mcp__late__forecast")) {
    // Within a run nothing changes; only the next run asks again.
    await foreign.connect(signal);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [first] = foreign.tools();
  await foreign.connect(signal);
  expect(foreign.tools()[0]).toBe(first);
  expect(problems).toHaveLength(1);
});

test("without servers nothing is waited for, and nothing is there", async () => {
  const { foreign, names } = await open([], 60_000);
  await foreign.connect(AbortSignal.abort());
  expect(names()).toEqual([]);
});
