import { chmod, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findAgents, findLocalModels, ollamaUrl, vendorOfKey } from "../../src/app/ways-to-a-model.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test.each([
  ["sk-ant-api03-x", "ANTHROPIC_API_KEY"],
  ["sk-or-v1-x", "OPENROUTER_API_KEY"],
  ["sk-proj-x", "OPENAI_API_KEY"],
  ["AIzaSyX", "GEMINI_API_KEY"],
  ["sk-0123456789abcdef", undefined],
  ["something else", undefined],
])("%s is a key for %s", (key, variable) => {
  expect(vendorOfKey(key)?.variable).toBe(variable);
});

test.each([
  [undefined, "http://127.0.0.1:11434"],
  ["", "http://127.0.0.1:11434"],
  ["0.0.0.0", "http://127.0.0.1:11434"],
  ["0.0.0.0:8080", "http://127.0.0.1:8080"],
  ["box.local", "http://box.local:11434"],
  ["https://box.local:444", "https://box.local:444"],
  ["not a host at all", "http://127.0.0.1:11434"],
])("OLLAMA_HOST=%s is %s", (OLLAMA_HOST, url) => {
  expect(ollamaUrl({ OLLAMA_HOST }).origin).toBe(url);
});

describe("what answers on this machine", () => {
  async function serve(status: number, body: string): Promise<{ OLLAMA_HOST: string }> {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return { OLLAMA_HOST: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  test("is Ollama with the models that can chat", async () => {
    const env = await serve(200, '{"models": [{"name": "a:1b"}, {"name": "nomic-embed-text"}, {"size": 3}]}');
    expect(await findLocalModels(env)).toEqual({ address: env.OLLAMA_HOST, models: ["a:1b"] });
  });

  test.each([
    [500, "{}", null],
    [200, "<html>", null],
    [200, "[]", []],
  ])("is not Ollama when it answers %d %s", async (status, body, models) => {
    const env = await serve(status, body);
    expect((await findLocalModels(env))?.models ?? null).toEqual(models);
  });

  test("is nothing when nobody listens", async () => {
    expect(await findLocalModels({ OLLAMA_HOST: "127.0.0.1:9" })).toBeNull();
  });
});

test("agents are the programs on the PATH that can be run; those that need an adapter are named", async () => {
  const folder = await temporaryFolder();
  const add = async (name: string, mode: number): Promise<void> => {
    await writeFile(join(folder, name), "");
    await chmod(join(folder, name), mode);
  };
  await Promise.all([
    add("gemini", 0o755),
    add("claude", 0o755),
    add("codex", 0o755),
    add("codex-acp", 0o755),
  ]);
  await add("opencode", 0o644);
  const found = findAgents({ PATH: `/nowhere:${folder}` });
  expect(found.agents.map(({ name }) => name)).toEqual(["codex", "gemini"]);
  expect(found.missing.map(({ command }) => command)).toEqual(["claude"]);
});
