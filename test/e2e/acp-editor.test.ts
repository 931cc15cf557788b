// What an editor lends to `hearth acp` (its files, its terminals) and passes in (MCP servers).
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type EditorOptions, openEditor } from "../support/acp-editor.ts";
import { newPlace } from "../support/hearth.ts";
import { newestMessage, withStub } from "../support/stub.ts";

const call = (name: string, args: object) => ({ toolCalls: [{ name, arguments: { ...args } }] });
const bash = (command: string, more: object = {}) => call("bash", { command, ...more });
const edit = (path: string, old_text: string, new_text: string) =>
  call("edit", { path, edits: [{ old_text, new_text }] });

async function open(script: ScriptInput, options: EditorOptions = {}) {
  const stub = await withStub(script);
  const place = await newPlace(stub);
  const editor = await openEditor(place, options);
  return { stub, place, editor, [Symbol.asyncDispose]: () => stub.close() };
}

test("what is not saved yet is read, and an edit of it lands in the editor", async () => {
  const buffers = new Map<string, string>();
  await using at = await open(
    [call("read", { path: "a.ts" }), edit("a.ts", "unsaved", "edited"), { text: "done" }],
    { buffers },
  );
  const path = join(at.place.cwd, "a.ts");
  await writeFile(path, "const saved = 1;\n");
  buffers.set(path, "const unsaved = 2;\n");
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "edit it");
  expect(JSON.stringify(at.stub.requests[1]?.body)).toContain("const unsaved = 2;");
  expect(at.editor.permissions.at(-1)?.toolCall.content?.[0]).toMatchObject({
    oldText: "const unsaved = 2;\n",
    newText: "const edited = 2;\n",
  });
  expect(at.editor.written).toEqual([{ path, content: "const edited = 2;\n" }]);
  expect(buffers.get(path)).toBe("const edited = 2;\n");
  // This editor keeps its buffer to itself: programs and checkpoints need the file.
  expect(await readFile(path, "utf8")).toBe("const edited = 2;\n");
});

test("a mention of an open file is its buffer's text", async () => {
  const buffers = new Map<string, string>();
  await using at = await open([{ text: "seen" }], { buffers });
  const path = join(at.place.cwd, "a.md");
  await writeFile(path, "saved\n");
  buffers.set(path, "not saved yet, and much longer than what is on the disk\n");
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "read @a.md");
  expect(newestMessage(at.stub.requests[0]?.body)).toContain("much longer than what is on the disk");
});

test("line ends of a file stay what they were, whatever the editor calls them", async () => {
  const buffers = new Map<string, string>();
  await using at = await open([edit("a.txt", "two", "TWO"), { text: "done" }], { buffers });
  const path = join(at.place.cwd, "a.txt");
  await writeFile(path, "one\r\ntwo\r\n");
  buffers.set(path, "one\ntwo\nthree\n");
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "edit it");
  expect(buffers.get(path)).toBe("one\r\nTWO\r\nthree\r\n");
});

test("an edit in the editor is in the checkpoint: /undo takes it back", async () => {
  await using at = await open([edit("a.txt", "one", "ONE"), { text: "done" }], { buffers: new Map() });
  const path = join(at.place.cwd, "a.txt");
  await writeFile(path, "one\n");
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "edit it");
  expect(await readFile(path, "utf8")).toBe("ONE\n");
  await at.editor.prompt(sessionId, "/undo");
  expect(await readFile(path, "utf8")).toBe("one\n");
});

test("an editor that does not give its files is told of once, and the work goes on", async () => {
  await using at = await open(
    [
      call("read", { path: "a.txt" }),
      edit("a.txt", "one", "two"),
      edit("a.txt", "two", "three"),
      { text: "done" },
    ],
    { buffers: new Map(), brokenFiles: true, notices: true },
  );
  const path = join(at.place.cwd, "a.txt");
  await writeFile(path, "one\n");
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "edit it");
  expect(await readFile(path, "utf8")).toBe("three\n");
  expect(at.editor.of("notice").map(({ title }) => title)).toEqual([
    "The editor did not give the text of a file, so files are read from the disk: this buffer is shut",
    "The editor did not take a change of a file, so files are written to the disk: this buffer is shut",
  ]);
});

test("a command runs in the editor's terminal, is seen there, and its output and end come back", async () => {
  await using at = await open(
    [bash("echo from the terminal; echo $ANTHROPIC_API_KEY; exit 3"), { text: "done" }],
    {
      terminals: true,
    },
  );
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "run it");
  const [terminal] = at.editor.terminals;
  expect(terminal).toMatchObject({
    sessionId,
    cwd: at.place.cwd,
    args: ["-c", expect.stringContaining("echo from")],
  });
  // The terminal has the editor's own environment: our keys are emptied in it.
  expect(terminal?.env).toContainEqual({ name: "ANTHROPIC_API_KEY", value: "" });
  const shown = { content: [{ type: "terminal", terminalId: "terminal-1" }] };
  expect(at.editor.of("tool_call_update")).toContainEqual(expect.objectContaining(shown));
  expect(at.editor.of("tool_call_update").at(-1)).toMatchObject({
    status: "failed",
    ...shown,
    rawOutput: { output: "from the terminal\n\n[Exit code 3]", exitCode: 3 },
  });
  expect(newestMessage(at.stub.requests[1]?.body)).toContain("from the terminal");
});

test("a cancel kills the terminal, and what it printed is kept", async () => {
  await using at = await open([bash("echo begun; sleep 60")], { terminals: true });
  const { sessionId } = await at.editor.newSession();
  const end = at.editor.prompt(sessionId, "run it");
  await at.editor.until(() => at.editor.terminals.length === 1);
  await at.editor.agent.notify("session/cancel", { sessionId });
  expect((await end).stopReason).toBe("cancelled");
  expect(at.editor.killed).toEqual(["terminal-1"]);
  expect(at.editor.of("tool_call_update").at(-1)).toMatchObject({ status: "failed" });
});

test("a command whose time is over is killed in its terminal", async () => {
  await using at = await open([bash("sleep 60", { timeout: 1 }), { text: "too long" }], { terminals: true });
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "run it");
  expect(at.editor.killed).toEqual(["terminal-1"]);
  expect(newestMessage(at.stub.requests[1]?.body)).toContain("Timed out after 1 s");
});

test("an editor without a terminal left is told of once, and the command runs beside it", async () => {
  await using at = await open([bash("echo one"), bash("echo two"), { text: "done" }], {
    terminals: "broken",
  });
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "run them");
  expect(newestMessage(at.stub.requests[2]?.body)).toContain("two");
  const thoughts = JSON.stringify(at.editor.of("agent_thought_chunk"));
  expect(thoughts.match(/gave no terminal/g)).toHaveLength(1);
});

test("--no-editor leaves the editor's files and terminals alone", async () => {
  const buffers = new Map<string, string>();
  await using at = await open([call("read", { path: "a.txt" }), bash("echo ran"), { text: "done" }], {
    buffers,
    terminals: true,
    args: ["--no-editor"],
  });
  const path = join(at.place.cwd, "a.txt");
  await writeFile(path, "saved\n");
  buffers.set(path, "unsaved\n");
  const { sessionId } = await at.editor.newSession();
  await at.editor.prompt(sessionId, "go");
  expect([at.editor.readPaths, at.editor.terminals]).toEqual([[], []]);
  expect(JSON.stringify(at.stub.requests.at(-1)?.body)).not.toContain("unsaved");
});

const server = (...args: string[]) => ({
  name: "weather",
  command: process.execPath,
  args: [fileURLToPath(new URL("../support/mcp-server.ts", import.meta.url)), ...args],
  env: [{ name: "SKY", value: "blue" }],
});

test("tools of an MCP server are offered, asked about whatever they say of themselves, and framed", async () => {
  await using at = await open([
    call("mcp__weather__forecast", { place: "Rome" }),
    call("mcp__weather__storm", {}),
    { text: "sunny" },
  ]);
  const { sessionId } = await at.editor.newSession({ mcpServers: [server()] });
  await at.editor.prompt(sessionId, "how is the weather?");
  expect(JSON.stringify(at.stub.requests[0]?.body)).toContain("The weather of a place.");
  expect(at.editor.permissions.map(({ toolCall }) => toolCall.title)).toEqual([
    "forecast (weather) Rome",
    "storm (weather)",
  ]);
  const answer = newestMessage(at.stub.requests[1]?.body);
  expect(answer).toContain('<untrusted source=\\"mcp__weather__forecast\\">');
  expect(answer).toContain("blue over Rome");
  // What it says cannot end its frame.
  expect(answer.match(/<\/untrusted>/g)).toHaveLength(1);
  expect(newestMessage(at.stub.requests[2]?.body)).toContain("lightning struck");
  expect(at.editor.text()).toBe("sunny");
});

test("an MCP server that fails is one warning, and the others are there", async () => {
  await using at = await open([{ text: "ok" }, { text: "ok" }], { notices: true });
  const broken = { ...server("--broken"), name: "broken" };
  const missing = { ...server(), name: "missing", command: "/no/such/server" };
  const { sessionId } = await at.editor.newSession({ mcpServers: [broken, missing, server()] });
  await at.editor.prompt(sessionId, "hi");
  await at.editor.prompt(sessionId, "again");
  expect(at.editor.of("notice").map(({ title }) => title)).toEqual([
    expect.stringMatching(/The MCP server (broken|missing) cannot be used: /),
    expect.stringMatching(/The MCP server (broken|missing) cannot be used: /),
  ]);
  expect(JSON.stringify(at.editor.of("notice"))).toContain("no database there");
  expect(JSON.stringify(at.stub.requests[0]?.body)).toContain("mcp__weather__forecast");
});

test("an MCP server ends with its session", async () => {
  await using at = await open([call("mcp__weather__forecast", { place: "Rome" }), { text: "ok" }]);
  const { sessionId } = await at.editor.newSession({ mcpServers: [server()] });
  await at.editor.prompt(sessionId, "hi");
  const children = async () =>
    (await childrenOf(at.editor.pid)).filter((line) => line.includes("mcp-server.ts"));
  expect(await children()).toHaveLength(1);
  await at.editor.agent.request("session/close", { sessionId });
  expect(await children()).toEqual([]);
});

/** Command lines of the processes that this one started. */
async function childrenOf(pid: number): Promise<string[]> {
  const ids = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter(Boolean);
  return Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").then((text) => text.replaceAll("\0", " "))),
  );
}

test("a prompt that waits for a server which never answers is cancelled at once, and so is its session", async () => {
  await using at = await open([{ text: "without it" }]);
  const { sessionId } = await at.editor.newSession({ mcpServers: [server("--slow")] });
  const end = at.editor.prompt(sessionId, "hi");
  await at.editor.until(() => at.editor.of("session_info_update").length > 0);
  await at.editor.agent.notify("session/cancel", { sessionId });
  expect((await end).stopReason).toBe("cancelled");
  await at.editor.agent.request("session/close", { sessionId });
  expect(at.stub.requests).toEqual([]);
});
