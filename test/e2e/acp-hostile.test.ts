// `hearth acp` where the other end is not kind: lines that are no messages, requests that mean nothing, and leaving.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type EditorOptions, openEditor } from "../support/acp-editor.ts";
import { BIN, newPlace, type Place, runHearth } from "../support/hearth.ts";
import { sessionEntries, startProgram } from "../support/program.ts";
import { withStub } from "../support/stub.ts";

async function open(script: ScriptInput, options: EditorOptions = {}) {
  const stub = await withStub(script);
  const place = await newPlace(stub);
  const editor = await openEditor(place, options);
  const { sessionId } = await editor.newSession();
  return { stub, place, editor, sessionId, [Symbol.asyncDispose]: () => stub.close() };
}

/** Command lines of what still runs with this word in it. */
async function running(word: string): Promise<string[]> {
  const { stdout } = await execa("ps", ["-eo", "args"]);
  return stdout.split("\n").filter((line) => line.includes(word) && !line.startsWith("ps "));
}

test("lines that are no messages are answered with errors, and the connection lives on", async () => {
  const place = await newPlace();
  const program = startProgram(place, ["acp"]);
  const lines = [
    "no json",
    "[]",
    "null",
    "42",
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":{"a":1},"method":"initialize"}',
    '{"jsonrpc":"2.0","id":7,"method":"session/new","params":{"cwd":"/","mcpServers":[]}}',
    '{"jsonrpc":"2.0","id":8,"method":"initialize","params":{"protocolVersion":"one"}}',
    '{"jsonrpc":"2.0","method":"no/such_notification"}',
    `{"jsonrpc":"2.0","id":9,"method":"initialize","params":{"protocolVersion":1,"x":"\u2028"}}`,
    '{"jsonrpc":"2.0","id":10,"method":"no/such_method","params":{}}',
    '{"jsonrpc":"2.0","id":11,"method":"session/prompt","params":{"sessionId":"none","prompt":[]}}',
    '{"jsonrpc":"2.0","id":12,"method":"session/new","params":{"cwd":"relative","mcpServers":[]}}',
    '{"jsonrpc":"2.0","id":13,"method":"session/new","params":{"cwd":"/no/such/folder","mcpServers":[]}}',
    '{"jsonrpc":"2.0","id":14,"method":"authenticate","params":{"methodId":"magic"}}',
    '{"jsonrpc":"2.0","id":15,"method":"_session/steering","params":{"sessionId":4}}',
  ];
  for (const line of lines) program.send(line);
  for (const id of [11, 12, 13, 14, 15]) await program.line((line) => line.includes(`"id":${id}`));
  const answers = program.lines.map((line) => JSON.parse(line));
  const code = (id: unknown) => answers.find((answer) => answer.id === id)?.error?.code;
  expect(answers.filter(({ id }) => id === null).length).toBeGreaterThanOrEqual(4);
  expect([7, 8, 10, 11, 12, 13, 14, 15].map(code)).toEqual([
    -32600, -32602, -32601, -32002, -32602, -32602, -32602, -32602,
  ]);
  expect(answers.find(({ id }) => id === 9)?.result?.protocolVersion).toBe(1);
  expect(answers.find(({ id }) => id === 13)?.error?.message).toBe("/no/such/folder cannot be opened.");
  program.endInput();
  expect(await program.exited).toBe(0);
});

test("a line of enormous length is answered with an error, and the next one is heard", async () => {
  const place = await newPlace();
  const program = startProgram(place, ["acp"]);
  program.send(
    `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"x":"${"a".repeat(33 * 1024 * 1024)}"}}`,
  );
  program.send('{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":1}}');
  await program.line((line) => line.includes('"id":2'));
  expect(JSON.parse(program.lines[0] ?? "")).toMatchObject({ id: null, error: { code: -32700 } });
});

test("a version of the protocol that is not spoken is answered with the one that is", async () => {
  const place = await newPlace();
  const program = startProgram(place, ["acp"]);
  program.send('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":99}}');
  const answer = JSON.parse(await program.line((line) => line.includes('"id":1')));
  expect(answer.result).toMatchObject({
    protocolVersion: 1,
    agentInfo: { name: "hearth" },
    agentCapabilities: { loadSession: true, promptCapabilities: { image: true, embeddedContext: true } },
    _meta: { steering: { supported: true } },
  });
});

test("empty prompts and sounds are refused, files of other hosts stay words", async () => {
  await using at = await open([{ text: "ok" }]);
  const ask = (prompt: Parameters<typeof at.editor.prompt>[1]) => at.editor.prompt(at.sessionId, prompt);
  await expect(ask([])).rejects.toMatchObject({ code: -32602 });
  await expect(ask("  ")).rejects.toMatchObject({ code: -32602 });
  const audio = { type: "audio" as const, mimeType: "audio/wav", data: "AAAA" };
  await expect(ask([audio])).rejects.toMatchObject({ message: "Hearth takes no audio." });
  const uri = "file://elsewhere/etc/passwd";
  expect((await ask([{ type: "resource_link", uri, name: "x" }])).stopReason).toBe("end_turn");
  expect(JSON.stringify(at.stub.requests[0]?.body)).not.toContain("root:");
});

test("the end of input ends a run and all that it started, soon", async () => {
  await using at = await open([
    { toolCalls: [{ name: "bash", arguments: { command: "sleep 4242 & sleep 4243" } }] },
  ]);
  at.editor.prompt(at.sessionId, "run").catch(() => undefined);
  await at.editor.until(() =>
    at.editor.of("tool_call_update").some(({ status }) => status === "in_progress"),
  );
  at.editor.endInput();
  expect(await at.editor.exited).toBe(0);
  expect(await running("sleep 424")).toEqual([]);
  // Nothing is lost: the session says what became of the call.
  const entries = await sessionEntries(at.place);
  expect(entries.some(({ type, outcome }) => type === "run_end" && outcome === "interrupted")).toBe(true);
});

test("SIGTERM ends it as the end of input does", async () => {
  await using at = await open([{ toolCalls: [{ name: "bash", arguments: { command: "sleep 4244" } }] }]);
  at.editor.prompt(at.sessionId, "run").catch(() => undefined);
  await at.editor.until(() =>
    at.editor.of("tool_call_update").some(({ status }) => status === "in_progress"),
  );
  at.editor.kill("SIGTERM");
  expect(await at.editor.exited).toBe(0);
  expect(await running("sleep 4244")).toEqual([]);
});

test("a reader that has gone ends it", async () => {
  const place = await newPlace();
  const program = startProgram(place, ["acp"]);
  program.closeOutput();
  program.send('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}}');
  program.send('{"jsonrpc":"2.0","id":2,"method":"session/list","params":{}}');
  program.endInput();
  expect(await program.exited).toBe(0);
});

test("flags of a single session are refused in a sentence, others hold for every session", async () => {
  const place = await newPlace();
  const refused = await runHearth(place, ["acp", "--continue", "--print", "x"]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stdout).toBe("");
  expect(refused.stderr).toContain("`hearth acp` and --print, --continue cannot be used together.");
  const editor = await openEditor(place, { args: ["--permission-mode", "plan"] });
  expect((await editor.newSession()).modes?.currentModeId).toBe("plan");
});

test("nothing but this command loads the protocol's library, and none of them that for servers", async () => {
  const place = await newPlace();
  const acp = "Incoming ACP data exceeds";
  const mcp = "mcp-protocol-version";
  expect(await loaded(place, ["--version"], "")).toEqual([]);
  expect(await loaded(place, ["--demo", "-p", "hi"], "")).toEqual([]);
  const hello = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}}\n';
  expect(await loaded(place, ["acp"], hello)).toEqual([acp]);

  /** Which of the libraries' own words are in a file that the program loaded, as V8 tells it. */
  async function loaded({ home, env }: Place, args: string[], input: string): Promise<string[]> {
    const dir = join(home, `coverage-${args[0]}`);
    await execa(process.execPath, [BIN, ...args], { env: { ...env, NODE_V8_COVERAGE: dir }, input });
    const files = (await readdir(dir)).map((name) => readFile(join(dir, name), "utf8"));
    const urls = (await Promise.all(files)).flatMap((text) =>
      JSON.parse(text).result.map(({ url }: { url: string }) => url),
    );
    const dist = urls.filter((url) => url.startsWith("file:") && url.includes("/dist/"));
    const texts = await Promise.all(dist.map((url) => readFile(new URL(url), "utf8")));
    return [acp, mcp].filter((words) => texts.some((text) => text.includes(words)));
  }
});
