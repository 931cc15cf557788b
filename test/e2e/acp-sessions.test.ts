// Sessions of an editor's with `hearth acp`: opened, found again after a restart, copied, listed, set up.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type AcpEditor, openEditor } from "../support/acp-editor.ts";
import { newPlace, type Place } from "../support/hearth.ts";
import { sessionFiles, startProgram, writeSettings } from "../support/program.ts";
import { newestMessage, withStub } from "../support/stub.ts";

async function begin(script: ScriptInput) {
  const stub = await withStub(script);
  const place = await newPlace(stub);
  return { stub, place, [Symbol.asyncDispose]: () => stub.close() };
}

async function leave(editor: AcpEditor): Promise<void> {
  editor.endInput();
  expect(await editor.exited).toBe(0);
}

const said = (editor: AcpEditor, sessionId: string): string[] =>
  editor.updates.filter((each) => each.sessionId === sessionId).map(({ update }) => update.sessionUpdate);

test("a session is loaded after a restart with all that was said and done", async () => {
  await using at = await begin([
    { toolCalls: [{ name: "write", arguments: { path: "a.txt", content: "x\n" } }] },
    { text: "written" },
    { text: "I remember" },
  ]);
  await writeFile(join(at.place.cwd, "notes.md"), "NOTES\n");
  const before = await openEditor(at.place);
  const { sessionId } = await before.newSession();
  await before.prompt(sessionId, "write it as in @notes.md");
  await leave(before);

  const editor = await openEditor(at.place);
  const loaded = await editor.agent.request("session/load", { sessionId, cwd: at.place.cwd, mcpServers: [] });
  expect(loaded.modes?.currentModeId).toBe("ask");
  // What was said came before the answer.
  expect(said(editor, sessionId).slice(0, 3)).toEqual([
    "user_message_chunk",
    "tool_call",
    "tool_call_update",
  ]);
  expect(editor.of("user_message_chunk")).toMatchObject([
    { content: { type: "text", text: "write it as in @notes.md" } },
  ]);
  expect(editor.of("tool_call_update").at(-1)).toMatchObject({
    status: "completed",
    content: [{ type: "diff", path: join(at.place.cwd, "a.txt"), oldText: null, newText: "x\n" }],
  });
  expect(editor.text()).toBe("written");
  await editor.prompt(sessionId, "do you remember?");
  expect(JSON.stringify(at.stub.requests.at(-1)?.body)).toContain("write it as in @notes.md");
  expect(await sessionFiles(at.place)).toHaveLength(1);
});

test("a resumed session says nothing again and goes on", async () => {
  await using at = await begin([{ text: "one" }, { text: "two" }]);
  const before = await openEditor(at.place);
  const { sessionId } = await before.newSession();
  await before.prompt(sessionId, "first");
  await leave(before);
  const editor = await openEditor(at.place);
  await editor.agent.request("session/resume", { sessionId, cwd: at.place.cwd });
  expect((await editor.prompt(sessionId, "second")).stopReason).toBe("end_turn");
  expect(editor.text()).toBe("two");
  expect(editor.of("user_message_chunk")).toEqual([]);
  expect(JSON.stringify(at.stub.requests.at(-1)?.body)).toContain("first");
});

test("a session that was left paused goes on with what waited and with the prompt", async () => {
  await using at = await begin([{ text: "waited" }, { text: "came after" }]);
  const before = startProgram(at.place, ["--input-format", "stream-json"]);
  before.send({ type: "pause" });
  before.send({ type: "prompt", text: "this waits" });
  await before.line((line) => line.includes("queue_changed") && line.includes("this waits"));
  before.endInput();
  await before.exited;
  const editor = await openEditor(at.place);
  const { sessions } = await editor.agent.request("session/list", { cwd: at.place.cwd });
  const sessionId = sessions[0]?.sessionId ?? "";
  await editor.agent.request("session/load", { sessionId, cwd: at.place.cwd, mcpServers: [] });
  expect((await editor.prompt(sessionId, "go on")).stopReason).toBe("end_turn");
  expect(editor.text()).toBe("waitedcame after");
});

test("a fork goes on by itself, the original stays as it is", async () => {
  await using at = await begin([{ text: "one" }, { text: "forked" }, { text: "original" }]);
  const editor = await openEditor(at.place);
  const { sessionId } = await editor.newSession();
  await editor.prompt(sessionId, "first");
  const fork = await editor.agent.request("session/fork", { sessionId, cwd: at.place.cwd });
  expect(fork.sessionId).not.toBe(sessionId);
  await editor.prompt(fork.sessionId, "in the fork");
  await editor.prompt(sessionId, "in the original");
  const body = JSON.stringify(at.stub.requests.at(-1)?.body);
  expect(body).toContain("first");
  expect(body).not.toContain("in the fork");
});

test("sessions are listed newest first, page by page, by folder", async () => {
  await using at = await begin({ rules: [{ when: { contains: "" }, reply: { text: "ok" } }] });
  const editor = await openEditor(at.place);
  const ids: string[] = [];
  for (let n = 0; n < 52; n++) {
    const { sessionId } = await editor.newSession();
    await editor.prompt(sessionId, `prompt ${n}`);
    await editor.agent.request("session/close", { sessionId });
    ids.unshift(sessionId);
  }
  const first = await editor.agent.request("session/list", { cwd: at.place.cwd });
  const second = await editor.agent.request("session/list", {
    cwd: at.place.cwd,
    cursor: first.nextCursor ?? null,
  });
  expect(first.sessions).toHaveLength(50);
  expect(second.nextCursor ?? null).toBeNull();
  expect([...first.sessions, ...second.sessions].map(({ sessionId }) => sessionId)).toEqual(ids);
  expect(first.sessions[0]).toMatchObject({ cwd: at.place.cwd, title: "prompt 51" });
  expect((await editor.agent.request("session/list", { cwd: "/" })).sessions).toEqual([]);
  await expect(editor.agent.request("session/list", { cursor: "nonsense" })).rejects.toMatchObject({
    code: -32602,
  });
}, 60_000);

test("a session that is deleted is gone, also one that is open here", async () => {
  await using at = await begin([{ text: "one" }]);
  const editor = await openEditor(at.place);
  const { sessionId } = await editor.newSession();
  await editor.prompt(sessionId, "first");
  await editor.agent.request("session/delete", { sessionId });
  expect(await sessionFiles(at.place)).toEqual([]);
  await expect(editor.prompt(sessionId, "again")).rejects.toMatchObject({ code: -32002 });
  await expect(
    editor.agent.request("session/load", { sessionId, cwd: at.place.cwd, mcpServers: [] }),
  ).rejects.toMatchObject({ code: -32002, data: { kind: "session.not_found" } });
});

test("a session that is open elsewhere is refused with the process that has it", async () => {
  await using at = await begin([{ text: "one" }]);
  const holder = await openEditor(at.place);
  const { sessionId } = await holder.newSession();
  await holder.prompt(sessionId, "first");
  const editor = await openEditor(at.place);
  await expect(
    editor.agent.request("session/load", { sessionId, cwd: at.place.cwd, mcpServers: [] }),
  ).rejects.toMatchObject({
    message: `This session is in use by process ${holder.pid}.`,
    data: { kind: "session.locked" },
  });
});

test("two sessions work at once, each with its own folder, updates and end", async () => {
  await using at = await begin({
    rules: [
      { when: { contains: "slow" }, reply: { text: "slow ".repeat(100), chunkSize: 5, chunkDelayMs: 10 } },
      { when: { contains: "quick" }, reply: { text: "quick" } },
    ],
  });
  const other = await newPlace();
  const editor = await openEditor(at.place);
  const slow = await editor.newSession();
  const quick = await editor.newSession({ cwd: other.cwd });
  const slowEnd = editor.prompt(slow.sessionId, "slow");
  await editor.until(() => editor.text(slow.sessionId).length > 10);
  expect((await editor.prompt(quick.sessionId, "quick")).stopReason).toBe("end_turn");
  expect(editor.text(quick.sessionId)).toBe("quick");
  await editor.agent.notify("session/cancel", { sessionId: slow.sessionId });
  expect((await slowEnd).stopReason).toBe("cancelled");
  expect(JSON.stringify(at.stub.requests.map(({ body }) => body))).toContain(other.cwd);
});

test("mode, model and thinking are chosen for the session alone, and the choices follow", async () => {
  await using at = await begin([{ text: "ok" }]);
  const editor = await openEditor(at.place);
  const { sessionId, configOptions } = await editor.newSession();
  expect(configOptions?.map(({ id, category }) => `${id} ${category}`)).toEqual([
    "mode mode",
    "model model",
    "thinking thought_level",
  ]);
  await editor.agent.request("session/set_mode", { sessionId, modeId: "accept-edits" });
  const set = (configId: string, value: string) =>
    editor.agent.request("session/set_config_option", { sessionId, configId, value });
  await set("model", "anthropic/claude-haiku-4-5");
  const { configOptions: now } = await set("thinking", "high");
  expect(now.map(({ currentValue }) => currentValue)).toEqual([
    "accept-edits",
    "anthropic/claude-haiku-4-5",
    "high",
  ]);
  // The client knows what it chose.
  expect(editor.of("current_mode_update")).toEqual([]);
  await editor.prompt(sessionId, "hi");
  expect(at.stub.requests[0]?.body).toMatchObject({ model: "claude-haiku-4-5" });
  const next = await editor.newSession();
  expect(next.configOptions?.[1]?.currentValue).not.toBe("anthropic/claude-haiku-4-5");
  await expect(set("model", "nobody/nothing")).rejects.toMatchObject({ data: { kind: "model.unknown" } });
  await expect(set("thinking", "very")).rejects.toMatchObject({ code: -32602 });
  await expect(editor.agent.request("session/set_mode", { sessionId, modeId: "yolo" })).rejects.toMatchObject(
    {
      code: -32602,
    },
  );
});

test("commands are offered, answered as text, and tell the editor what they changed", async () => {
  await using at = await begin([{ text: "an answer" }, { text: "a summary" }, { text: "sent as it stands" }]);
  const editor = await openEditor(at.place);
  const { sessionId } = await editor.newSession();
  const offered = await editor.until(() => editor.of("available_commands_update")[0]);
  const names = offered.availableCommands.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["compact", "model", "undo", "status", "export"]));
  expect(names).not.toEqual(expect.arrayContaining(["new"]));
  await editor.prompt(sessionId, "/permissions plan");
  expect(editor.text()).toContain("Permission mode: plan");
  expect(editor.of("current_mode_update")).toMatchObject([{ currentModeId: "plan" }]);
  await editor.until(() => editor.of("config_option_update").length > 0);
  await editor.prompt(sessionId, "talk");
  await editor.prompt(sessionId, "/name The weather");
  expect(editor.of("session_info_update").at(-1)?.title).toBe("The weather");
  expect((await editor.prompt(sessionId, "/new")).stopReason).toBe("end_turn");
  expect(editor.text()).toContain("Begin a new thread in your editor.");
  await expect(editor.prompt(sessionId, "/thinking very")).rejects.toMatchObject({
    data: { kind: "thinking.unknown" },
  });
  const asked = at.stub.requests.length;
  await editor.prompt(sessionId, "/no-such-command at all");
  expect(newestMessage(at.stub.requests[asked]?.body)).toContain("/no-such-command at all");
});

test("/compact is answered when the conversation is summarised", async () => {
  await using at = await begin({
    rules: [
      { when: { contains: "long" }, reply: { text: `${"words and more words ".repeat(8_000)}` } },
      { when: { contains: "" }, reply: { text: "a summary" } },
    ],
  });
  await writeSettings(at.place, { compaction: { keepTokens: 100 } });
  const editor = await openEditor(at.place, { compactions: true });
  const { sessionId } = await editor.newSession();
  for (const text of ["long one", "long two", "short"]) await editor.prompt(sessionId, text);
  expect((await editor.prompt(sessionId, "/compact")).stopReason).toBe("end_turn");
  expect(editor.text()).toContain("Summarised the conversation");
  expect(editor.of("compaction_update").map(({ status }) => status)).toEqual(["in_progress", "completed"]);
  await leave(editor);
  // Whoever loads it is told all that was said, also what the summary stands for.
  const again = await openEditor(at.place, { compactions: true });
  await again.agent.request("session/load", { sessionId, cwd: at.place.cwd, mcpServers: [] });
  expect(again.of("user_message_chunk")).toHaveLength(3);
  expect(again.of("compaction_update")).toMatchObject([{ status: "completed" }]);
});

test("what a run did to the files is taken back by /undo", async () => {
  await using at = await begin([
    { toolCalls: [{ name: "write", arguments: { path: "new.txt", content: "x\n" } }] },
    { text: "written" },
  ]);
  const editor = await openEditor(at.place);
  const { sessionId } = await editor.newSession();
  await editor.prompt(sessionId, "write");
  await editor.prompt(sessionId, "/undo");
  expect(editor.text()).toMatch(/new\.txt|Undid|took back/i);
  expect((await editor.prompt(sessionId, "/status")).stopReason).toBe("end_turn");
});

test("the agent that takes the turns is chosen: Hearth serves a second Hearth", async () => {
  await using at = await begin([{ text: "from within" }, { text: "by myself" }]);
  await declareSelf(at.place, at.stub.url);
  const editor = await openEditor(at.place);
  const { sessionId, configOptions } = await editor.newSession();
  const agent = configOptions?.find(({ id }) => id === "agent");
  expect(agent).toMatchObject({ currentValue: "native", options: [{ value: "native" }, { value: "self" }] });
  const set = (value: string) =>
    editor.agent.request("session/set_config_option", { sessionId, configId: "agent", value });
  const { configOptions: now } = await set("self");
  expect(now.map(({ id }) => id)).toEqual(["mode", "agent"]);
  expect((await editor.prompt(sessionId, "who are you?")).stopReason).toBe("end_turn");
  expect(editor.text()).toBe("from within");
  await set("native");
  await editor.prompt(sessionId, "and now?");
  expect(editor.text()).toBe("from withinby myself");
});

test("servers that an editor passes in are the other agent's too", async () => {
  await using at = await begin([
    { toolCalls: [{ name: "mcp__weather__forecast", arguments: { place: "Rome" } }] },
    { text: "sunny" },
  ]);
  await declareSelf(at.place, at.stub.url);
  const editor = await openEditor(at.place, { args: ["--runtime", "self"] });
  const file = new URL("../support/mcp-server.ts", import.meta.url).pathname;
  const server = {
    name: "weather",
    command: process.execPath,
    args: [file],
    env: [{ name: "SKY", value: "blue" }],
  };
  const { sessionId } = await editor.newSession({ mcpServers: [server] });
  await editor.prompt(sessionId, "how is the weather?");
  expect(editor.permissions).toHaveLength(1);
  expect(newestMessage(at.stub.requests.at(-1)?.body)).toContain("blue over Rome");
  expect(editor.text()).toBe("sunny");
});

test("in the terminal too Hearth takes another Hearth as its agent: a tool with its approval, and a resume", async () => {
  await using at = await begin([
    { toolCalls: [{ name: "bash", arguments: { command: "echo inner" } }] },
    { text: "ran it" },
    { text: "still the same" },
  ]);
  await declareSelf(at.place, at.stub.url);
  const args = ["--runtime", "self", "-p", "run it", "--allow", "bash(echo inner)", "-o", "json"];
  const first = startProgram(at.place, args);
  first.endInput();
  expect(await first.exited).toBe(0);
  expect(JSON.parse(first.lines[0] ?? "")).toMatchObject({ result: "ran it", runtime: "self" });
  const again = startProgram(at.place, ["-c", "--runtime", "self", "-p", "and now?", "-o", "json"]);
  again.endInput();
  expect(await again.exited).toBe(0);
  expect(JSON.parse(again.lines[0] ?? "")).toMatchObject({ result: "still the same" });
  // Its own session was resumed: it knows the first prompt from its own file.
  expect(JSON.stringify(at.stub.requests.at(-1)?.body)).toContain("run it");
});

/** `self`: this program as an agent of its own, with a home of its own. */
async function declareSelf(place: Place, url: string): Promise<void> {
  const bin = new URL("../../bin/hearth.js", import.meta.url).pathname;
  const env = {
    ANTHROPIC_API_KEY: "stub-key",
    ANTHROPIC_BASE_URL: url,
    HEARTH_HOME: join(place.home, "inner"),
    HOME: place.home,
  };
  await writeSettings(place, { runtimes: { self: { command: process.execPath, args: [bin, "acp"], env } } });
}
