// The runtime of Codex with the real program on the stub: what the scripted twin only plays. Skipped where Codex is not
// installed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Message } from "../../src/protocol/message.ts";
import { CODEX, codexPlace, patch, sentTalk, shell } from "../support/codex-program.ts";
import { ofType } from "../support/events.ts";
import { faults, talk } from "../support/runtime-session.ts";
import { withStub } from "../support/stub.ts";

const FULL = { mode: "full" } as const;

async function until(test: () => boolean): Promise<void> {
  while (!test()) await sleep(20);
}

/** Processes with these words in their command line, inside of a sandbox too. */
function running(words: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").includes(words);
    } catch {
      // No process, or one that has just ended.
      return false;
    }
  });
}

const outcomes = (session: { events: Parameters<typeof ofType>[0] }) =>
  ofType(session.events, "run_end").map(({ outcome }) => outcome);

/** One pixel, as PNG. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const text = (words: string) => [{ type: "text" as const, text: words }];

describe.skipIf(CODEX === null)("the real codex app-server (skipped where it is not installed)", () => {
  it("answers with thinking, text and counted tokens", async () => {
    await using stub = await withStub([{ thinking: "pondering", text: "Hello." }]);
    const { start, cwd } = await codexPlace(stub);
    await using session = await start();
    await session.ask("hi");
    expect(talk(session.messages())).toEqual(["user: hi", "assistant: (pondering) | Hello."]);
    const answer = session.messages().at(-1);
    expect(answer).toMatchObject({
      model: "codex/gpt-5.5",
      usage: { input: expect.any(Number), cost: null },
    });
    expect(cwd).toBeTruthy();
  }, 60_000);

  it("asks before every command, and its model reads what was allowed, refused and said with it", async () => {
    await using stub = await withStub([shell("ls"), shell("touch no.txt"), "Then not."]);
    const { start, cwd } = await codexPlace(stub);
    await using session = await start({ rules: { allow: ["bash(ls)"] } });
    const done = session.ask("go");
    await session.nth("approval_request");
    const { request } = ofType(session.events, "approval_request")[0] ?? {};
    expect(request).toMatchObject({ subject: "touch no.txt", place: "codex", editable: false });
    session.send({
      type: "approve",
      requestId: request?.id ?? "",
      outcome: "reject_once",
      reason: "use MANGO instead",
    });
    await done;
    expect(existsSync(join(cwd, "no.txt"))).toBe(false);
    expect(ofType(session.events, "tool_end").map(({ isError }) => isError)).toEqual([false, true]);
    expect(sentTalk(stub).at(-1)).toContain("use MANGO instead");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Then not.");
    expect(
      ofType(session.events, "message_end").filter(({ message }) => message.role === "user"),
    ).toHaveLength(1);
    expect(faults(session.messages())).toEqual([]);
  }, 60_000);

  it("asks before a change of files with its patch, and shows it", async () => {
    const change =
      "*** Update File: u.txt\n@@\n-one\n+uno\n two\n*** Delete File: d.txt\n*** Add File: a.txt\n+new";
    await using stub = await withStub([patch(change), "Done."]);
    const { start, cwd } = await codexPlace(stub);
    await writeFile(join(cwd, "u.txt"), "one\ntwo\n");
    await writeFile(join(cwd, "d.txt"), "dee\n");
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    const { request } = ofType(session.events, "approval_request")[0] ?? {};
    expect(request?.patch).toContain("-one\n+uno\n two");
    session.send({ type: "approve", requestId: request?.id ?? "", outcome: "allow_once" });
    await done;
    expect(await readFile(join(cwd, "u.txt"), "utf8")).toBe("uno\ntwo\n");
    expect(ofType(session.events, "tool_end")[0]).toMatchObject({
      name: "edit",
      isError: false,
      details: { diff: { added: 2, removed: 2 } },
    });
  }, 60_000);

  it.each(["full", "auto"] as const)(
    "is interrupted in a command, which ends, and goes on in the same thread (mode %s)",
    async (mode) => {
      const mark = `sleep 60.${Date.now()}`;
      await using stub = await withStub([shell(`touch on.txt; ${mark} & ${mark}`), "Again."]);
      const { start, cwd } = await codexPlace(stub);
      await using session = await start({ mode, rules: { allow: ["bash"] } });
      const done = session.ask("go");
      await until(() => existsSync(join(cwd, "on.txt")) && running(mark).length > 0);
      session.send({ type: "interrupt" });
      await done;
      await until(() => running(mark).length === 0);
      await session.ask("again");
      expect(outcomes(session)).toEqual(["interrupted", "completed"]);
      expect(talk(session.messages()).at(-1)).toBe("assistant: Again.");
      expect(ofType(session.events, "runtime_changed")).toHaveLength(1);
      expect(faults(session.messages())).toEqual([]);
    },
    60_000,
  );

  it("is interrupted while it waits for an answer", async () => {
    await using stub = await withStub([shell("touch no.txt"), "Again."]);
    const { start, cwd } = await codexPlace(stub);
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    session.send({ type: "interrupt" });
    await done;
    await session.ask("again");
    expect(outcomes(session)).toEqual(["interrupted", "completed"]);
    expect(existsSync(join(cwd, "no.txt"))).toBe(false);
  }, 60_000);

  it("takes a steer in a command after it, in the same turn", async () => {
    const wait = "touch on.txt; while [ ! -e go.txt ]; do sleep 0.1; done; echo went";
    await using stub = await withStub([shell(wait, { yield_time_ms: 20_000 }), "BANANAS it is."]);
    const { start, cwd } = await codexPlace(stub);
    await using session = await start(FULL);
    const done = session.ask("go");
    await until(() => existsSync(join(cwd, "on.txt")));
    session.send({ type: "steer", text: "rather BANANAS" });
    await writeFile(join(cwd, "go.txt"), "");
    await done;
    const lines = talk(session.messages());
    expect(lines.slice(2)).toEqual([
      expect.stringContaining("tool_result: went"),
      "user: rather BANANAS",
      "assistant: BANANAS it is.",
    ]);
    expect(sentTalk(stub).filter((line) => line.includes("rather BANANAS"))).toHaveLength(1);
  }, 60_000);

  it("drops its stream at a steer: what was said stays before it", async () => {
    const slow = {
      text: "one two three four five six seven eight nine ten",
      chunkSize: 4,
      chunkDelayMs: 200,
    };
    await using stub = await withStub([slow, "As you say."]);
    const { start } = await codexPlace(stub);
    await using session = await start(FULL);
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "shorter" });
    await done;
    const [, partial, steer, answer] = talk(session.messages());
    expect(partial).toMatch(/^assistant: one/);
    expect([steer, answer]).toEqual(["user: shorter", "assistant: As you say."]);
    expect(outcomes(session)).toEqual(["completed"]);
  }, 60_000);

  it("is given the conversation as its own, calls and results included, and keeps it when it is resumed", async () => {
    const history: Message[] = [
      { role: "user", content: text("the word is PINEAPPLE") },
      {
        role: "assistant",
        content: [
          ...text("I look."),
          { type: "tool_call", id: "c:1", name: "bash", arguments: { command: "cat a" } },
        ],
        stopReason: "tool_use",
        usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
        model: "stub/x",
        runtime: "native",
      },
      { role: "tool_result", toolCallId: "c:1", toolName: "bash", content: text("MANGO"), isError: false },
    ];
    await using stub = await withStub(["PINEAPPLE it was.", "And MANGO."]);
    const { start } = await codexPlace(stub);
    const entries = history.map((message, at) => ({ id: `m${at}`, message }));
    const session = await start({ history: entries });
    await session.ask("which word?");
    await session.close();
    const before = [
      expect.stringContaining("environment_context"),
      expect.stringMatching(/^user .*PINEAPPLE/),
      expect.stringMatching(/^assistant .*I look\./),
      'function_call bash {"command":"cat a"}',
      "function_call_output MANGO",
    ];
    expect(sentTalk(stub)).toEqual([...before, expect.stringMatching(/^user .*which word\?/)]);
    const externalSessionId = ofType(session.events, "runtime_changed")[0]?.externalSessionId ?? "";
    const said = ofType(session.events, "message_end").map(({ messageId: id, message }) => ({ id, message }));
    const other: Message = { role: "user", content: text("meanwhile GUAVA") };
    const whole = [...entries, ...said, { id: "g", message: other }];
    await using resumed = await start({ history: whole, externalSessionId });
    await resumed.ask("and then?");
    expect(ofType(resumed.events, "runtime_changed")).toEqual([]);
    expect(sentTalk(stub).filter((line) => line.includes("GUAVA"))).toEqual([
      expect.stringMatching(/^user .*"meanwhile GUAVA"/),
    ]);
    expect(sentTalk(stub).slice(0, before.length)).toEqual(before);
    expect(sentTalk(stub).at(-3)).toContain("PINEAPPLE it was.");
  }, 60_000);

  it("takes images, results with images and calls without a result as its own talk", async () => {
    const image = { type: "image" as const, mimeType: "image/png", data: PIXEL };
    const call = { type: "tool_call" as const, id: "open", name: "x.y z", arguments: {} };
    const answer = {
      role: "assistant" as const,
      stopReason: "tool_use" as const,
      model: "m",
      runtime: "native",
    };
    const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
    const history: Message[] = [
      { role: "user", content: [...text("see PINEAPPLE"), image] },
      {
        ...answer,
        usage,
        content: [
          { type: "thinking", text: "hm" },
          { ...call, id: "a" },
        ],
      },
      {
        role: "tool_result",
        toolCallId: "a",
        toolName: "x",
        content: [...text("MANGO"), image],
        isError: false,
      },
      { ...answer, usage, content: [call] },
      { role: "user", content: text("go on") },
    ];
    await using stub = await withStub(["Seen."]);
    const { start } = await codexPlace(stub);
    await using session = await start({ history: history.map((message, at) => ({ id: `m${at}`, message })) });
    await session.ask("which?");
    const lines = sentTalk(stub);
    expect(lines.filter((line) => line.includes(PIXEL))).toHaveLength(2);
    // Codex itself gives the open call a result, so that its service takes the talk.
    expect(lines.filter((line) => line.startsWith("function_call_output"))).toHaveLength(2);
    expect(lines.join("\n")).not.toContain("conversation-so-far");
    expect(outcomes(session)).toEqual(["completed"]);
  }, 60_000);

  it("without a login does not start, and says how to log in", async () => {
    await using stub = await withStub([]);
    const { start, home } = await codexPlace(stub);
    await writeFile(join(home, ".codex", "config.toml"), "check_for_update_on_startup = false\n");
    await expect(start()).rejects.toMatchObject({
      code: "runtime.auth",
      message: "codex could not be started: it is not logged in.",
      hint: expect.stringContaining("codex login"),
    });
  }, 60_000);

  it("tells a refusal of its service with a code, and goes on", async () => {
    await using stub = await withStub([{ status: 401, text: "who are you" }, "Better."], {
      loop: false,
    } as object);
    stub.setScript({
      rules: [{ when: { contains: "first" }, reply: { status: 401, text: "who are you" } }],
      replies: ["Better."],
    });
    const { start } = await codexPlace(stub);
    await using session = await start();
    await session.ask("first");
    expect(ofType(session.events, "run_end")[0]).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.auth", message: expect.stringContaining("who are you") },
    });
    await session.ask("second");
    expect(outcomes(session)).toEqual(["failed", "completed"]);
  }, 60_000);

  it("that waits for the network for ever is stopped with a sentence", async () => {
    const { start } = await codexPlace({ url: "http://127.0.0.1:1" }, { unreachableMs: 1_000 });
    await using session = await start();
    await session.ask("go");
    expect(ofType(session.events, "retry_start").length).toBeGreaterThan(0);
    expect(ofType(session.events, "run_end")[0]).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.failed", message: expect.stringContaining("could not be reached for 1 s") },
    });
  }, 60_000);

  it("offers its models and their thinking levels, and uses what is chosen", async () => {
    await using stub = await withStub(["One."]);
    const { start } = await codexPlace(stub);
    await using session = await start();
    session.send({ type: "set_model", model: "nope" });
    await session.nth("notice");
    const offered = ofType(session.events, "notice").at(-1)?.hint ?? "";
    const model = /It offers: (?:gpt-5\.5, )?([^,]+),/.exec(offered)?.[1] ?? "";
    session.send({ type: "set_model", model });
    session.send({ type: "set_thinking", thinking: "low" });
    await session.ask("go");
    expect(stub.requests.at(-1)?.body).toMatchObject({ model, reasoning: { effort: "low" } });
    expect(session.messages().at(-1)).toMatchObject({ model: `codex/${model}` });
  }, 60_000);

  it("plans without changing anything in plan mode, and works again after it", async () => {
    await using stub = await withStub(["A plan.", "Work."]);
    const { start } = await codexPlace(stub);
    await using session = await start({ mode: "plan" });
    await session.ask("go");
    expect(JSON.stringify(stub.requests.at(-1)?.body)).toContain("Plan Mode");
    session.send({ type: "set_mode", mode: "ask" });
    await session.nth("mode_changed");
    await session.ask("now do it");
    expect(outcomes(session)).toEqual(["completed", "completed"]);
    expect(JSON.stringify(stub.requests.at(-1)?.body)).toContain("workspace-write");
  }, 60_000);

  it("is found with its version and without a login", async () => {
    await using stub = await withStub([]);
    const { runtime } = await codexPlace(stub);
    const found = await runtime.check(new AbortController().signal);
    expect(found).toMatchObject({ available: true, detail: expect.stringMatching(/version \d+\.\d+\.\d+/) });
  }, 60_000);
});
