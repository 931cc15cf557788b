// A turn of an editor's with `hearth acp`: text, tools, permissions, what ends it. The editor is the protocol library's
// own client; every line of the agent passes the protocol's schema.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContentBlock } from "@agentclientprotocol/sdk/unstable";
import { expect, test } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type EditorOptions, openEditor } from "../support/acp-editor.ts";
import { newPlace } from "../support/hearth.ts";
import { writeSettings } from "../support/program.ts";
import { samplePng } from "../support/sample-image.ts";
import { newestMessage, withStub } from "../support/stub.ts";

/** A session on a stub that answers so. */
async function open(script: ScriptInput, options: EditorOptions = {}) {
  const stub = await withStub(script);
  const place = await newPlace(stub);
  const editor = await openEditor(place, options);
  const { sessionId } = await editor.newSession();
  return { stub, place, editor, sessionId, [Symbol.asyncDispose]: () => stub.close() };
}

const bash = (command: string) => ({ toolCalls: [{ name: "bash", arguments: { command } }] });

test("thoughts and text come as they are made, usage with its cost, and the turn ends", async () => {
  await using at = await open([{ thinking: "Let me see.", text: "Hello there" }]);
  const end = await at.editor.prompt(at.sessionId, "hi");
  expect(end.stopReason).toBe("end_turn");
  expect(end.usage?.outputTokens).toBeGreaterThan(0);
  expect(at.editor.text()).toBe("Hello there");
  expect(at.editor.of("agent_thought_chunk").map(({ content }) => content)).toEqual([
    { type: "text", text: "Let me see." },
  ]);
  expect(at.editor.of("usage_update").at(-1)).toMatchObject({ cost: { currency: "USD" } });
  expect(at.editor.of("usage_update").at(-1)?.cost?.amount).toBeGreaterThan(0);
  expect(at.editor.of("session_info_update")[0]?.title).toBe("hi");
});

test("a command that is allowed runs, and its output comes back live and at the end", async () => {
  await using at = await open([bash("echo one && echo two"), { text: "done" }]);
  await at.editor.prompt(at.sessionId, "run it");
  const [request] = at.editor.permissions;
  expect(request?.toolCall).toMatchObject({ kind: "execute", title: "echo one && echo two", name: "bash" });
  expect(request?.options.map(({ kind }) => kind)).toEqual(["allow_once", "allow_always", "reject_once"]);
  expect(at.editor.of("tool_call")).toMatchObject([{ kind: "execute", status: "pending" }]);
  const last = at.editor.of("tool_call_update").at(-1);
  expect(last).toMatchObject({ status: "completed", rawOutput: { output: "one\ntwo", exitCode: 0 } });
  expect(JSON.stringify(last?.content)).toContain("```console\\none\\ntwo\\n```");
  expect(at.editor.text()).toBe("done");
});

test("always is asked once, and a later session knows it", async () => {
  await using at = await open([bash("echo a"), { text: "1" }, bash("echo a"), { text: "2" }], {
    permission: () => "allow_always",
  });
  await at.editor.prompt(at.sessionId, "run");
  const other = await at.editor.newSession();
  await at.editor.prompt(other.sessionId, "again");
  expect(at.editor.permissions).toHaveLength(1);
  expect(at.editor.text(other.sessionId)).toBe("2");
});

test("a call that is rejected fails, and the model goes on", async () => {
  await using at = await open([bash("touch x"), { text: "as you like" }], {
    permission: () => "reject_once",
  });
  const end = await at.editor.prompt(at.sessionId, "run");
  expect(end.stopReason).toBe("end_turn");
  expect(at.editor.of("tool_call_update").at(-1)).toMatchObject({ status: "failed" });
  expect(newestMessage(at.stub.requests.at(-1)?.body)).toContain("is_error");
});

test("a question that is answered with cancelled ends the turn as cancelled", async () => {
  await using at = await open([bash("touch x"), { text: "never" }], { permission: () => "cancelled" });
  const end = await at.editor.prompt(at.sessionId, "run");
  expect(end.stopReason).toBe("cancelled");
  expect(at.stub.requests).toHaveLength(1);
});

test("a cancel while a question is open takes the question back", async () => {
  await using at = await open([bash("touch x")], { permission: () => new Promise(() => undefined) });
  const end = at.editor.prompt(at.sessionId, "run");
  await at.editor.until(() => at.editor.permissions.length === 1);
  await at.editor.agent.notify("session/cancel", { sessionId: at.sessionId });
  expect((await end).stopReason).toBe("cancelled");
  expect(at.editor.lines.some((line) => line.includes('"$/cancel_request"'))).toBe(true);
});

test("an edit is shown as a diff when it is asked for and when it is done, with its line", async () => {
  await using at = await open([
    {
      toolCalls: [
        { name: "edit", arguments: { path: "a.ts", edits: [{ old_text: "seven", new_text: "SEVEN" }] } },
      ],
    },
    { text: "edited" },
  ]);
  const path = join(at.place.cwd, "a.ts");
  await writeFile(path, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
  await at.editor.prompt(at.sessionId, "edit");
  const diff = {
    type: "diff",
    path,
    oldText: "four\nfive\nsix\nseven\neight\n",
    newText: "four\nfive\nsix\nSEVEN\neight\n",
  };
  expect(at.editor.permissions[0]?.toolCall).toMatchObject({ kind: "edit", locations: [{ path, line: 4 }] });
  expect(at.editor.permissions[0]?.toolCall.content?.[0]).toEqual(diff);
  expect(at.editor.of("tool_call_update").at(-1)).toMatchObject({
    status: "completed",
    content: [diff],
    locations: [{ path, line: 4 }],
  });
  expect(await readFile(path, "utf8")).toContain("SEVEN");
});

test("a list of tasks is a plan", async () => {
  const todos = [
    { text: "look", status: "completed" },
    { text: "change", status: "in_progress" },
  ];
  await using at = await open([{ toolCalls: [{ name: "todo", arguments: { todos } }] }, { text: "ok" }]);
  await at.editor.prompt(at.sessionId, "plan it");
  expect(at.editor.of("plan")).toEqual([
    {
      sessionUpdate: "plan",
      entries: [
        { content: "look", status: "completed", priority: "medium" },
        { content: "change", status: "in_progress", priority: "medium" },
      ],
    },
  ]);
});

test("a cancel in the midst of an answer keeps what came and ends the turn as cancelled", async () => {
  await using at = await open([
    { text: "word ".repeat(400), chunkSize: 5, chunkDelayMs: 20 },
    { text: "again" },
  ]);
  const end = at.editor.prompt(at.sessionId, "talk");
  await at.editor.until(() => at.editor.text().length > 10);
  await at.editor.agent.notify("session/cancel", { sessionId: at.sessionId });
  expect((await end).stopReason).toBe("cancelled");
  expect((await at.editor.prompt(at.sessionId, "and now?")).stopReason).toBe("end_turn");
  expect(at.editor.text()).toMatch(/again$/);
});

test("a cancel ends the command that runs, and its call is closed", async () => {
  await using at = await open([bash("echo started; sleep 60")]);
  const end = at.editor.prompt(at.sessionId, "run");
  await at.editor.until(() => JSON.stringify(at.editor.of("tool_call_update")).includes("started\\n```"));
  await at.editor.agent.notify("session/cancel", { sessionId: at.sessionId });
  expect((await end).stopReason).toBe("cancelled");
  expect(at.editor.of("tool_call_update").at(-1)).toMatchObject({ status: "failed" });
});

test("the request's own cancellation is one of the turn", async () => {
  await using at = await open([{ text: "word ".repeat(400), chunkSize: 5, chunkDelayMs: 20 }]);
  const stop = new AbortController();
  const prompt: ContentBlock[] = [{ type: "text", text: "talk" }];
  const end = at.editor.agent.request(
    "session/prompt",
    { sessionId: at.sessionId, prompt },
    { cancellationSignal: stop.signal },
  );
  await at.editor.until(() => at.editor.text().length > 10);
  stop.abort();
  expect((await end).stopReason).toBe("cancelled");
});

test("a prompt while the agent is at work waits for its turn and has an answer of its own", async () => {
  await using at = await open([bash("sleep 0.3"), { text: "first" }, { text: "second" }]);
  const order: string[] = [];
  const first = at.editor.prompt(at.sessionId, "one").then(() => order.push(at.editor.text()));
  await at.editor.until(() => at.editor.permissions.length === 1);
  const second = at.editor.prompt(at.sessionId, "two").then(() => order.push(at.editor.text()));
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "firstsecond"]);
});

test("a cancel takes the prompts that wait along", async () => {
  await using at = await open([bash("sleep 30"), { text: "never" }]);
  const first = at.editor.prompt(at.sessionId, "one");
  await at.editor.until(() => at.editor.permissions.length === 1);
  const second = at.editor.prompt(at.sessionId, "two");
  // Answered after the prompt before it was taken.
  await at.editor.agent.request("session/list", {});
  await at.editor.agent.notify("session/cancel", { sessionId: at.sessionId });
  expect((await first).stopReason).toBe("cancelled");
  expect((await second).stopReason).toBe("cancelled");
});

test("steering goes into the turn under way, and is refused where there is none", async () => {
  await using at = await open([bash("sleep 0.3"), { text: "with apples" }]);
  const steer = { sessionId: at.sessionId, prompt: [{ type: "text", text: "mention apples" }] };
  await expect(at.editor.agent.request("_session/steering", steer)).rejects.toMatchObject({
    code: -32602,
    data: { kind: "acp.idle" },
  });
  const end = at.editor.prompt(at.sessionId, "one");
  await at.editor.until(() => at.editor.permissions.length === 1);
  expect(await at.editor.agent.request("_session/steering", steer)).toEqual({ outcome: "injected" });
  expect((await end).stopReason).toBe("end_turn");
  expect(newestMessage(at.stub.requests.at(-1)?.body)).toContain("mention apples");
  expect(at.stub.requests).toHaveLength(2);
});

test("images, embedded texts and links to files reach the model", async () => {
  await using at = await open([{ text: "seen" }]);
  await writeFile(join(at.place.cwd, "linked.ts"), "export const linked = 1;\n");
  const uri = (name: string) => `file://${join(at.place.cwd, name)}`;
  await at.editor.prompt(at.sessionId, [
    { type: "text", text: "Look at " },
    { type: "resource_link", uri: uri("linked.ts"), name: "linked.ts" },
    { type: "text", text: " and " },
    {
      type: "resource",
      resource: { uri: uri("open.py"), text: "@linked.ts is no mention\nunsaved = True\n" },
    },
    { type: "image", mimeType: "image/png", data: samplePng(2, 2).toString("base64") },
  ]);
  const message = newestMessage(at.stub.requests[0]?.body);
  expect(message).toContain("Look at @linked.ts and `open.py`");
  expect(message).toContain("export const linked = 1;");
  expect(message).toContain("Content of open.py:");
  expect(message).toContain("unsaved = True");
  expect(message.match(/export const linked/g)).toHaveLength(1);
  expect(message).toContain('"image/png"');
});

test("an answer that is cut at the model's limit ends with max_tokens", async () => {
  await using at = await open([{ text: "so much", stopReason: "length" }]);
  expect((await at.editor.prompt(at.sessionId, "tell")).stopReason).toBe("max_tokens");
});

test("a run that reaches its limit of steps ends with max_turn_requests and says so", async () => {
  await using at = await open([bash("true"), bash("true"), { text: "never" }], {
    args: ["--max-steps", "1"],
  });
  expect((await at.editor.prompt(at.sessionId, "go")).stopReason).toBe("max_turn_requests");
  expect(at.editor.text()).toContain("limit of 1 step");
});

test("a model that refuses ends the turn with refusal and its words", async () => {
  await using at = await open([{ text: "", stopReason: "refusal" }]);
  expect((await at.editor.prompt(at.sessionId, "tell")).stopReason).toBe("refusal");
  expect(at.editor.text()).toContain("refused");
});

test("a run that failed is an error with its code and hint, never the end of a turn", async () => {
  await using at = await open([
    { status: 401, text: "bad key" },
    { status: 400, text: "no such thing" },
    { text: "ok" },
  ]);
  await expect(at.editor.prompt(at.sessionId, "one")).rejects.toMatchObject({
    code: -32000,
    data: { kind: "provider.auth", httpStatus: 401, hint: expect.any(String) },
  });
  await expect(at.editor.prompt(at.sessionId, "two")).rejects.toMatchObject({
    code: -32603,
    data: { httpStatus: 400 },
  });
  expect((await at.editor.prompt(at.sessionId, "three")).stopReason).toBe("end_turn");
});

test("without a key the prompt is refused as one that needs a login, and a key in the settings mends it", async () => {
  const place = await newPlace();
  const editor = await openEditor(place);
  const { sessionId } = await editor.newSession();
  await expect(editor.prompt(sessionId, "hi")).rejects.toMatchObject({
    code: -32000,
    data: { kind: "model.none", hint: expect.stringContaining("ANTHROPIC_API_KEY") },
  });
  const login = () => editor.agent.request("authenticate", { methodId: "api-keys" });
  await expect(login()).rejects.toMatchObject({ code: -32000 });
  await using stub = await withStub([]);
  const providers = { mine: { api: "openai-chat", baseUrl: `${stub.url}/v1`, models: ["m"] } };
  await writeSettings(place, { providers, model: "mine/m" });
  expect(await login()).toEqual({});
});

test("a retry is told, and the text that it replaces is marked as void", async () => {
  await using at = await open([
    { text: "half an answer that breaks", chunkSize: 4, fault: { kind: "reset", afterDeltas: 3 } },
    { text: "whole" },
  ]);
  expect((await at.editor.prompt(at.sessionId, "tell")).stopReason).toBe("end_turn");
  expect(at.editor.text()).toMatch(/begins anew[\s\S]*whole$/);
  expect(at.editor.stderr()).toContain("Trying again");
});

test("a cancel right after the prompt, and one with nothing to cancel, do no harm", async () => {
  await using at = await open({ rules: [{ when: { contains: "" }, reply: { text: "ok" } }] });
  await at.editor.agent.notify("session/cancel", { sessionId: at.sessionId });
  for (let n = 0; n < 5; n++) {
    const end = at.editor.prompt(at.sessionId, "quick");
    await at.editor.agent.notify("session/cancel", { sessionId: at.sessionId });
    expect(["cancelled", "end_turn"]).toContain((await end).stopReason);
  }
  expect((await at.editor.prompt(at.sessionId, "still there?")).stopReason).toBe("end_turn");
});

test("a session that is closed answers its prompts as cancelled; one at work is not opened anew", async () => {
  await using at = await open([bash("sleep 60")]);
  const end = at.editor.prompt(at.sessionId, "run");
  await at.editor.until(() => at.editor.permissions.length === 1);
  const again = { sessionId: at.sessionId, cwd: at.place.cwd, mcpServers: [] };
  await expect(at.editor.agent.request("session/load", again)).rejects.toMatchObject({
    data: { kind: "control.busy" },
  });
  await at.editor.agent.request("session/close", { sessionId: at.sessionId });
  expect((await end).stopReason).toBe("cancelled");
  await at.editor.agent.request("session/load", again);
  expect(at.editor.of("user_message_chunk")).toHaveLength(1);
});

test("many sessions work at once", async () => {
  await using at = await open({
    rules: [{ when: { contains: "" }, reply: { text: "ok ".repeat(20), chunkSize: 2 } }],
  });
  const sessions = await Promise.all(Array.from({ length: 12 }, () => at.editor.newSession()));
  const ends = await Promise.all(sessions.map(({ sessionId }) => at.editor.prompt(sessionId, "go")));
  expect(new Set(ends.map(({ stopReason }) => stopReason))).toEqual(new Set(["end_turn"]));
  for (const { sessionId } of sessions) expect(at.editor.text(sessionId)).toBe("ok ".repeat(20));
});
