// The machine protocol: ControlMessages in on stdin, event envelopes out on stdout. Drives the built program.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newPlace, runHearth } from "../support/hearth.ts";
import { envelopes, type Program, sessionEntries, startProgram } from "../support/program.ts";
import { newestMessage, withStub } from "../support/stub.ts";

const STREAM = ["--input-format", "stream-json"];
const SLOW = { text: "one two three four five six", chunkSize: 4, chunkDelayMs: 100 };
const TOUCH = { toolCalls: [{ name: "bash", arguments: { command: "touch made" } }] };

function lines(...messages: object[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join("");
}

function events(program: Program) {
  return envelopes(program.lines.join("\n")).map((line) => line.event);
}

/** The next event of a type, as an object. */
async function event(program: Program, type: string, has = "") {
  const line = await program.line((text) => text.includes(`"event":{"type":"${type}"`) && text.includes(has));
  return JSON.parse(line).event;
}

describe("prompts", () => {
  test("Each prompt is a run of its own, in order, in one session; the end of the input ends the program", async () => {
    await using stub = await withStub(["first", "second"]);
    const place = await newPlace(stub);
    const input = lines({ type: "prompt", text: "a" }, { type: "follow_up", text: "b" });
    const run = await runHearth(place, STREAM, { input });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    const all = envelopes(run.stdout);
    const runs = all.flatMap(({ event }) => {
      if (event.type === "run_start") return [event.prompt];
      return event.type === "run_end" ? [event.outcome] : [];
    });
    expect(runs).toEqual(["a", "completed", "b", "completed"]);
    expect(new Set(all.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => (all[0]?.seq ?? 0) + index));
    expect(JSON.stringify(stub.requests[1]?.body)).toContain("first");
  });

  test("A last line without line feed counts, blank lines do not", async () => {
    await using stub = await withStub(["hello"]);
    const run = await runHearth(await newPlace(stub), STREAM, { input: '\n\n{"type":"prompt","text":"a"}' });
    expect(run.exitCode).toBe(0);
    expect(stub.requests).toHaveLength(1);
  });

  test("The exit code is that of the last run", async () => {
    await using stub = await withStub(["fine", { status: 401 }]);
    const input = lines({ type: "prompt", text: "a" }, { type: "follow_up", text: "b" });
    const run = await runHearth(await newPlace(stub), STREAM, { input });
    expect(run.exitCode).toBe(1);
    expect(envelopes(run.stdout).findLast(({ event }) => event.type === "run_end")?.event).toMatchObject({
      outcome: "failed",
      error: { code: "provider.auth" },
    });
  });

  test("No input at all sends nothing and exits 0", async () => {
    await using stub = await withStub();
    const run = await runHearth(await newPlace(stub), STREAM, { input: "" });
    expect(run).toMatchObject({ stdout: "", exitCode: 0 });
    expect(stub.requests).toHaveLength(0);
  });
});

describe("control", () => {
  test("A steer during a run goes with the next request, as a user message of its own", async () => {
    await using stub = await withStub([
      { toolCalls: [{ name: "ls", arguments: {} }], delayMs: 300 },
      "steered",
    ]);
    const program = startProgram(await newPlace(stub), STREAM);
    program.send({ type: "prompt", text: "look" });
    await stub.waitForRequests(1);
    program.send({ type: "steer", text: "stop, use python" });
    await event(program, "settled");
    program.endInput();
    expect(await program.exited).toBe(0);
    expect(stub.requests).toHaveLength(2);
    expect(newestMessage(stub.requests[1]?.body)).toContain("stop, use python");
    expect(events(program).filter(({ type }) => type === "run_start")).toHaveLength(1);
  });

  test("A steer while idle is a prompt", async () => {
    await using stub = await withStub(["hello"]);
    const run = await runHearth(await newPlace(stub), STREAM, {
      input: lines({ type: "steer", text: "hi" }),
    });
    expect(run.exitCode).toBe(0);
    expect(stub.requests).toHaveLength(1);
  });

  test("interrupt ends the run, hands queued texts back, and the session goes on", async () => {
    await using stub = await withStub([SLOW, "later"]);
    const program = startProgram(await newPlace(stub), STREAM);
    program.send({ type: "prompt", text: "count" });
    await event(program, "message_update", "two");
    program.send({ type: "follow_up", text: "waiting" });
    program.send({ type: "interrupt" });
    expect(await event(program, "run_end")).toMatchObject({ outcome: "interrupted" });
    expect(await event(program, "queue_returned")).toMatchObject({ items: [{ text: "waiting" }] });
    program.send({ type: "prompt", text: "and now?" });
    await event(program, "run_end", "completed");
    program.endInput();
    expect(await program.exited).toBe(0);
    expect(JSON.stringify(stub.requests[1]?.body)).toContain("one two");
    expect(JSON.stringify(stub.requests[1]?.body)).not.toContain("waiting");
  });

  test("approve lets an asked call run; a rejection's reason reaches the model", async () => {
    await using stub = await withStub([TOUCH, "made", TOUCH, "not made"]);
    const place = await newPlace(stub);
    const program = startProgram(place, STREAM);
    program.send({ type: "prompt", text: "make it" });
    const { request } = await event(program, "approval_request");
    expect(request).toMatchObject({ name: "bash", subject: "touch made", alwaysRule: "bash(touch made)" });
    program.send({ type: "approve", requestId: request.id, outcome: "allow_once" });
    await event(program, "settled");
    expect(existsSync(join(place.cwd, "made"))).toBe(true);
    program.send({ type: "prompt", text: "again" });
    const second = (line: string) => line.includes("approval_request") && !line.includes(request.id);
    const again = JSON.parse(await program.line(second)).event.request;
    program.send({ type: "approve", requestId: again.id, outcome: "reject_once", reason: "use make" });
    await stub.waitForRequests(4);
    program.endInput();
    expect(await program.exited).toBe(0);
    expect(newestMessage(stub.requests[3]?.body)).toContain("use make");
  });

  test("After the end of the input nobody can be asked: calls that ask are rejected, not waited for", async () => {
    await using stub = await withStub([TOUCH, "I could not."]);
    const place = await newPlace(stub);
    const run = await runHearth(place, STREAM, { input: lines({ type: "prompt", text: "make it" }) });
    expect(run.exitCode).toBe(0);
    expect(existsSync(join(place.cwd, "made"))).toBe(false);
    expect(newestMessage(stub.requests[1]?.body)).toContain("The input has ended");
  });

  test("set_model and set_thinking hold from the next request on; a model there is not is a notice", async () => {
    await using stub = await withStub(["a", "b"]);
    const input = lines(
      { type: "set_model", model: "openai/gpt-5" },
      { type: "set_thinking", thinking: "high" },
      { type: "prompt", text: "hi" },
      { type: "set_model", model: "nobody/none" },
      { type: "follow_up", text: "again" },
    );
    const run = await runHearth(await newPlace(stub), STREAM, { input });
    expect(run.exitCode).toBe(0);
    expect(stub.requests.map(({ path }) => path)).toEqual(["/v1/responses", "/v1/responses"]);
    expect(stub.requests[0]?.body).toMatchObject({ model: "gpt-5", reasoning: { effort: "high" } });
    const all = envelopes(run.stdout).map((line) => line.event);
    expect(all.find(({ type }) => type === "model_changed")).toMatchObject({ model: "openai/gpt-5" });
    expect(all.find(({ type }) => type === "notice")).toMatchObject({
      level: "error",
      code: "model.unknown",
    });
  });

  test("pause holds the next request until resume", async () => {
    await using stub = await withStub([{ toolCalls: [{ name: "ls", arguments: {} }], delayMs: 200 }, "done"]);
    const program = startProgram(await newPlace(stub), STREAM);
    program.send({ type: "prompt", text: "look" });
    await stub.waitForRequests(1);
    program.send({ type: "pause" });
    await event(program, "state_changed", '"to":"paused"');
    expect(stub.requests).toHaveLength(1);
    program.send({ type: "resume" });
    expect(await event(program, "run_end")).toMatchObject({ outcome: "completed" });
    program.endInput();
    expect(await program.exited).toBe(0);
  });

  test("A session that is paused when the input ends is left paused, without waiting for ever", async () => {
    await using stub = await withStub([{ toolCalls: [{ name: "ls", arguments: {} }], delayMs: 200 }, "done"]);
    const place = await newPlace(stub);
    const program = startProgram(place, STREAM);
    program.send({ type: "prompt", text: "look" });
    await stub.waitForRequests(1);
    program.send({ type: "pause" });
    program.send({ type: "follow_up", text: "later" });
    program.endInput();
    await program.exited;
    expect(stub.requests).toHaveLength(1);
    const queue = (await sessionEntries(place)).findLast((entry) => entry.type === "queue");
    expect(queue).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ text: "later" })]),
    });
  });

  test("exit leaves after the run has settled, although the input stays open", async () => {
    await using stub = await withStub([SLOW]);
    const program = startProgram(await newPlace(stub), STREAM);
    program.send({ type: "prompt", text: "count" });
    await event(program, "message_update");
    program.send({ type: "exit" });
    expect(await program.exited).toBe(0);
    expect(events(program).at(-1)).toEqual({ type: "settled", exit: true });
    expect(events(program).find(({ type }) => type === "run_end")).toMatchObject({ outcome: "completed" });
  });

  test("SIGINT interrupts and exits 130", async () => {
    await using stub = await withStub([SLOW]);
    const program = startProgram(await newPlace(stub), STREAM);
    program.send({ type: "prompt", text: "count" });
    await event(program, "message_update");
    program.kill("SIGINT");
    expect(await program.exited).toBe(130);
    expect(events(program).find(({ type }) => type === "run_end")).toMatchObject({ outcome: "interrupted" });
  });

  test("--timeout ends it with exit 1 and says so", async () => {
    await using stub = await withStub([{ text: "never", fault: "stall", chunkSize: 1 }]);
    const program = startProgram(await newPlace(stub), [...STREAM, "--timeout", "1s"]);
    program.send({ type: "prompt", text: "hi" });
    expect(await program.exited).toBe(1);
    expect(program.stderr()).toContain("time limit of 1 s");
  });
});

describe("bad input", () => {
  test.each([
    ["no JSON", "hello\n", "is not JSON"],
    ["no ControlMessage", '{"type":"frob"}\n', "is no ControlMessage"],
    ["a message without its text", '{"type":"prompt"}\n', "is no ControlMessage"],
    ["JSON of another kind", "[]\n", "is no ControlMessage"],
  ])("A line that is %s ends the program with exit 2", async (_, input, message) => {
    await using stub = await withStub();
    const run = await runHearth(await newPlace(stub), STREAM, { input });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
    expect(stub.requests).toHaveLength(0);
  });

  test.each([
    ["a prompt", ["-p", "hi"]],
    ["another output format", ["-o", "json"]],
  ])("stream-json input with %s is refused", async (_, args) => {
    await using stub = await withStub();
    const run = await runHearth(await newPlace(stub), [...STREAM, ...args], { input: "" });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("cannot be used together");
  });
});
