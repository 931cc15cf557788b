// One-shot mode as scripts use it: prompts and pipes in, the result alone out, exit codes. Drives the built program.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ofType } from "../support/events.ts";
import { newPlace, runHearth } from "../support/hearth.ts";
import { envelopes, sessionEntries, startProgram } from "../support/program.ts";
import { newestMessage, withStub } from "../support/stub.ts";

const READ_CALL = { toolCalls: [{ name: "read", arguments: { path: "a.txt" } }] };

describe("text", () => {
  test("A-001: the answer and a line feed are all of stdout, exit 0", async () => {
    await using stub = await withStub(["hello"]);
    const run = await runHearth(await newPlace(stub), ["-p", "hi"]);
    expect(run).toMatchObject({ stdout: "hello\n", stderr: "", exitCode: 0 });
    expect(stub.requests).toHaveLength(1);
  });

  test("A-002: piped text goes with the prompt, delimited", async () => {
    await using stub = await withStub(["2"]);
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "count the lines"], { input: "line1\nline2" });
    expect(run.exitCode).toBe(0);
    expect(newestMessage(stub.requests[0]?.body)).toContain(
      String.raw`count the lines\n\n<stdin>\nline1\nline2\n</stdin>`,
    );
  });

  test("A-003: text piped in without arguments is the prompt, and no escape sequence reaches stdout", async () => {
    await using stub = await withStub(["hello"]);
    const run = await runHearth(await newPlace(stub), [], { input: "hi\n" });
    expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    expect(newestMessage(stub.requests[0]?.body)).toContain('"hi"');
  });

  test("A-003: a prompt without -p and with stdin closed is answered once too", async () => {
    await using stub = await withStub(["hello"]);
    const run = await runHearth(await newPlace(stub), ["hi"]);
    expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
  });

  test("A prompt does not wait for a pipe that its parent leaves open", async () => {
    await using stub = await withStub(["hello"]);
    const program = startProgram(await newPlace(stub), ["-p", "hi"]);
    expect(await program.exited).toBe(0);
    expect(program.lines).toEqual(["hello"]);
  });

  test.each([
    ["a blank prompt", ["-p", "   "], undefined],
    ["an empty pipe", [], ""],
    ["a pipe of blanks", [], " \n\n"],
  ])("A-004: %s sends nothing and exits 2 with the usage", async (_, args, input) => {
    await using stub = await withStub();
    const place = await newPlace(stub);
    const run = await runHearth(place, args, input === undefined ? {} : { input });
    expect(run).toMatchObject({ stdout: "", exitCode: 2 });
    expect(run.stderr).toContain("There is no prompt.");
    expect(run.stderr).toContain("Usage: hearth -p");
    expect(stub.requests).toHaveLength(0);
    expect(existsSync(join(place.home, "hearth"))).toBe(false);
  });

  test("Thinking and what the model says before a tool call stay out of stdout", async () => {
    await using stub = await withStub([
      { thinking: "hm", text: "I look at it.", ...READ_CALL },
      { thinking: "so", text: "It says one." },
    ]);
    const place = await newPlace(stub);
    await writeFile(join(place.cwd, "a.txt"), "one\n");
    const run = await runHearth(place, ["-p", "read it", "--thinking", "low"]);
    expect(run).toMatchObject({ stdout: "It says one.\n", exitCode: 0 });
  });

  test("What would ask is denied at once, the model is told, and stderr names the flag", async () => {
    await using stub = await withStub([
      { toolCalls: [{ name: "bash", arguments: { command: "touch made" } }] },
      "I could not.",
    ]);
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "make it"]);
    expect(run).toMatchObject({ stdout: "I could not.\n", exitCode: 0 });
    expect(run.stderr).toContain("--allow 'bash(touch made)'");
    expect(existsSync(join(place.cwd, "made"))).toBe(false);
    expect(newestMessage(stub.requests[1]?.body)).toContain("nobody can be asked");
  });
});

describe("json", () => {
  test("A-005: one JSON document with result, ids, usage, cost and outcome", async () => {
    await using stub = await withStub([
      { ...READ_CALL, usage: { input: 1000, output: 50 } },
      { text: "one", usage: { input: 200, output: 10, cacheRead: 1000 } },
    ]);
    const place = await newPlace(stub);
    await writeFile(join(place.cwd, "a.txt"), "one\n");
    const run = await runHearth(place, ["-p", "read it", "--output-format", "json"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout.endsWith("}\n")).toBe(true);
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({
      result: "one",
      outcome: "completed",
      model: "anthropic/claude-sonnet-5-5",
      runtime: "native",
      steps: 2,
      usage: { input: 1200, output: 60, cacheRead: 1000, cacheWrite: 0, reasoning: 0 },
      error: null,
    });
    expect(result.cost).toBeGreaterThan(0);
    expect(result.durationMs).toBeGreaterThan(0);
    const entries = await sessionEntries(place);
    expect(entries[0]).toMatchObject({ type: "session", id: result.sessionId });
    expect(entries.find((entry) => entry.type === "run_end")).toMatchObject({ runId: result.runId });
  });

  test("A-005: a run without a session file still has its ids, and stores nothing", async () => {
    await using stub = await withStub(["hello"]);
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "hi", "-o", "json", "--no-session"]);
    expect(JSON.parse(run.stdout)).toMatchObject({
      result: "hello",
      sessionId: expect.stringMatching(/\w+/),
    });
    expect(existsSync(join(place.home, "hearth", "sessions"))).toBe(false);
  });

  test.each([
    ["an unknown vendor", ["-m", "anthropc/x", "-p", "hi"], "model.unknown", 2],
    ["no prompt", [], "cli.prompt", 2],
    ["a missing key", ["-m", "groq/llama-3.3-70b-versatile", "-p", "hi"], "provider.auth", 1],
  ])("With json a program gets its object also for %s", async (_, args, code, exitCode) => {
    await using stub = await withStub();
    const run = await runHearth(await newPlace(stub), ["-o", "json", ...args]);
    expect(run.exitCode).toBe(exitCode);
    expect(JSON.parse(run.stdout)).toMatchObject({ result: "", outcome: "failed", error: { code } });
    expect(run.stderr).toMatch(/^hearth: .*\n/);
    expect(stub.requests).toHaveLength(0);
  });
});

describe("stream-json", () => {
  test("A-006: every line is JSON, seq rises by one, one start, one end, each tool start has its end", async () => {
    await using stub = await withStub([READ_CALL, "one"]);
    const place = await newPlace(stub);
    await writeFile(join(place.cwd, "a.txt"), "one\n");
    const run = await runHearth(place, ["-p", "read it", "--output-format", "stream-json"]);
    expect(run.exitCode).toBe(0);
    const lines = envelopes(run.stdout);
    const events = lines.map((line) => line.event);
    expect(lines.map((line) => line.seq)).toEqual(lines.map((_, index) => (lines[0]?.seq ?? 0) + index));
    expect(events[0]).toMatchObject({ type: "run_start", prompt: "read it", runtime: "native" });
    expect(events.at(-1)).toEqual({ type: "settled" });
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect([count("run_start"), count("run_end"), count("settled")]).toEqual([1, 1, 1]);
    const ids = (type: "tool_start" | "tool_end") => ofType(events, type).map(({ toolCallId }) => toolCallId);
    expect(ids("tool_start")).toHaveLength(1);
    expect(ids("tool_end")).toEqual(ids("tool_start"));
    expect(new Set(lines.map((line) => line.sessionId)).size).toBe(1);
    for (const line of lines) expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  test("A-006: a tool call that was denied before it ran has its start and its end", async () => {
    await using stub = await withStub([
      { toolCalls: [{ name: "bash", arguments: { command: "touch made" } }, { name: "frob" }] },
      "no",
    ]);
    const run = await runHearth(await newPlace(stub), ["-p", "make it", "-o", "stream-json"]);
    const events = envelopes(run.stdout).map((line) => line.event);
    const ids = (type: "tool_start" | "tool_end") => ofType(events, type).map(({ toolCallId }) => toolCallId);
    expect(ids("tool_end")).toHaveLength(2);
    expect(ids("tool_end").toSorted()).toEqual(ids("tool_start").toSorted());
  });
});

describe("ends", () => {
  test("A-007: a refused key names vendor and variable, never the value; stdout is empty, exit 1", async () => {
    await using stub = await withStub([{ status: 401 }]);
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "x"], { env: { ANTHROPIC_API_KEY: "sk-ant-secret-value" } });
    expect(run).toMatchObject({ stdout: "", exitCode: 1 });
    expect(run.stderr).toContain("anthropic");
    expect(run.stderr).toContain("ANTHROPIC_API_KEY");
    expect(run.stderr).not.toContain("secret-value");
    expect(stub.requests).toHaveLength(1);
  });

  test("A-007: in JSON the outcome is failed and the code provider.auth", async () => {
    await using stub = await withStub([{ status: 401 }]);
    const run = await runHearth(await newPlace(stub), ["-p", "x", "--output-format", "json"]);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({
      outcome: "failed",
      error: { code: "provider.auth", status: 401 },
    });
  });

  test("A-008: SIGINT ends a held stream within 3 s, exit 130, outcome interrupted, the partial text stored", async () => {
    const held = {
      text: "one two three four",
      chunkSize: 4,
      fault: { kind: "stall", afterDeltas: 3 },
    } as const;
    await using stub = await withStub([held]);
    const place = await newPlace(stub);
    const program = startProgram(place, ["-p", "hi", "-o", "stream-json"]);
    // Pieces may come merged: the last of the three is there when its text is.
    await program.line((line) => /"text":"[^"]*thre"/.test(line));
    const started = performance.now();
    program.kill("SIGINT");
    expect(await program.exited).toBe(130);
    expect(performance.now() - started).toBeLessThan(3_000);
    const ends = program.lines.map((line) => JSON.parse(line).event).filter(({ type }) => type === "run_end");
    expect(ends).toMatchObject([{ outcome: "interrupted" }]);
    const entries = await sessionEntries(place);
    expect(entries.findLast((entry) => entry.type === "message")).toMatchObject({
      message: {
        role: "assistant",
        content: [{ type: "text", text: "one two thre" }],
        stopReason: "aborted",
      },
    });
  });

  test("A-008: in JSON the outcome is interrupted and the result the partial text", async () => {
    const held = {
      text: "one two three four",
      chunkSize: 4,
      fault: { kind: "stall", afterDeltas: 3 },
    } as const;
    await using stub = await withStub([held]);
    const program = startProgram(await newPlace(stub), ["-p", "hi", "-o", "json"]);
    program.endInput();
    await stub.waitForRequests(1);
    program.kill("SIGINT");
    expect(await program.exited).toBe(130);
    expect(JSON.parse(program.lines[0] ?? "")).toMatchObject({ outcome: "interrupted", error: null });
  });

  test.each(["text", "stream-json"])(
    "A-011: a reader that leaves early ends %s output quietly",
    async (format) => {
      const slow = { text: "word ".repeat(200), chunkSize: 5, chunkDelayMs: 20 };
      await using stub = await withStub([slow]);
      const program = startProgram(await newPlace(stub), ["-p", "hi", "-o", format]);
      program.endInput();
      await stub.waitForRequests(1);
      program.closeOutput();
      expect(await program.exited).not.toBe("SIGKILL");
      expect(program.stderr()).not.toMatch(/EPIPE|at .*\.js|node:/);
    },
  );

  test("A-012: an unknown flag is named, nothing is sent or stored, exit 2", async () => {
    await using stub = await withStub();
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "x", "--frobnicate"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 2 });
    expect(run.stderr).toContain("--frobnicate");
    expect(run.stderr).toContain("hearth --help");
    expect(stub.requests).toHaveLength(0);
    expect(existsSync(join(place.home, "hearth"))).toBe(false);
  });

  test("A-013: --max-steps 3 makes exactly 3 requests, exit 1, and says how to go on", async () => {
    const call = (path: string) => ({ toolCalls: [{ name: "ls", arguments: { path } }] });
    await using stub = await withStub([call("."), call("./."), call("././."), call("./././.")]);
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "x", "--max-steps", "3"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 1 });
    expect(stub.requests).toHaveLength(3);
    expect(run.stderr).toContain("limit of 3 steps");
    expect(run.stderr).toContain("hearth --continue");
    stub.setScript(["done"]);
    const next = await runHearth(place, ["--continue", "-p", "go on"]);
    expect(next).toMatchObject({ stdout: "done\n", exitCode: 0 });
  });

  test("A-014: --max-cost stops before the next request, and the outcome says which limit it was", async () => {
    const priced = { toolCalls: [{ name: "ls", arguments: {} }], usage: { input: 2000, output: 200 } };
    await using stub = await withStub({ replies: [priced], loop: true });
    const run = await runHearth(await newPlace(stub), ["-p", "x", "--max-cost", "0.01", "-o", "json"]);
    expect(run.exitCode).toBe(1);
    expect(stub.requests).toHaveLength(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: "limit", error: { code: "run.max_cost" } });
    expect(run.stderr).toContain("cost limit of $0.01");
  });

  test("--timeout ends the run as a limit, exit 1, with the partial text", async () => {
    const held = { text: "one two three", chunkSize: 4, fault: { kind: "stall", afterDeltas: 2 } } as const;
    await using stub = await withStub([held]);
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "x", "--timeout", "1s", "-o", "json"]);
    expect(run.exitCode).toBe(1);
    expect(run.durationMs).toBeLessThan(4_000);
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({ outcome: "limit", result: "one two ", error: { code: "run.timeout" } });
    expect(run.stderr).toContain("time limit of 1 s");
  });
});
