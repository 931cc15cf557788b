// Providers and models as the built program uses them: four wire APIs, keys, retries, fallback, faults, thinking.
// What /model does on the screen (the rest of A-127) is tested with the TUI.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fingerprint } from "../../src/server/stub/request-log.ts";
import { ofType } from "../support/events.ts";
import { newPlace, runHearth } from "../support/hearth.ts";
import { envelopes, sessionEntries, startProgram, writeSettings } from "../support/program.ts";
import { withStub } from "../support/stub.ts";

const FAST_RETRIES = { retry: { attempts: 3, baseDelayMs: 10 } };
const WORDS = { text: "one two three four five six", chunkSize: 4 };

describe("wire APIs", () => {
  const MODELS = [
    ["anthropic/claude-sonnet-4-5", "/v1/messages"],
    ["openai/gpt-5", "/v1/responses"],
    ["google/gemini-2.5-flash", "/v1/models/gemini-2.5-flash:streamGenerateContent"],
    ["openrouter/openai/gpt-5", "/v1/chat/completions"],
  ] as const;

  test("A-117: one prompt with a tool call gives the same result and events over four wire APIs", async () => {
    const sequences = await Promise.all(
      MODELS.map(async ([model, path]) => {
        await using stub = await withStub([
          { text: "I look.", toolCalls: [{ name: "read", arguments: { path: "a.txt" } }] },
          "It says one.",
        ]);
        const place = await newPlace(stub);
        await writeFile(join(place.cwd, "a.txt"), "one\n");
        const run = await runHearth(place, ["-p", "read it", "-m", model, "-o", "stream-json"]);
        expect(run).toMatchObject({ exitCode: 0, stderr: "" });
        expect(stub.requests.map((request) => request.path.split("?")[0])).toEqual([path, path]);
        expect(JSON.stringify(stub.requests[1]?.body)).toContain("one");
        const events = envelopes(run.stdout).map((line) => line.event);
        const answers = ofType(events, "message_end").flatMap(({ message }) =>
          message.role === "assistant" ? [message] : [],
        );
        expect(answers.map(({ stopReason }) => stopReason)).toEqual(["tool_use", "stop"]);
        expect(answers[1]?.content).toMatchObject([{ type: "text", text: "It says one." }]);
        // How many pieces an answer comes in is the service's affair.
        return events
          .map(({ type }) => type)
          .filter((type, index, all) => type !== "message_update" || all[index - 1] !== type);
      }),
    );
    for (const sequence of sequences) expect(sequence).toEqual(sequences[0]);
  });

  test("A-118: a declared endpoint gets the request, with its key and its headers", async () => {
    await using stub = await withStub(["hello"]);
    const place = await newPlace();
    await writeSettings(place, {
      providers: {
        my: { api: "openai", baseUrl: `${stub.url}/v1`, keyEnv: "MY_KEY", headers: { "x-team": "blue" } },
      },
    });
    const run = await runHearth(place, ["-p", "hi", "--model", "my/foo"], { env: { MY_KEY: "k-123" } });
    expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    expect(stub.requests[0]).toMatchObject({
      path: "/v1/chat/completions",
      body: { model: "foo" },
      headers: { authorization: fingerprint("Bearer k-123"), "x-team": "blue" },
    });
  });

  test("A-118: an endpoint without a key gets none; without its key's variable nothing is sent", async () => {
    await using stub = await withStub(["hello"]);
    const place = await newPlace();
    const baseUrl = `${stub.url}/v1`;
    await writeSettings(place, { providers: { open: { baseUrl }, closed: { baseUrl, keyEnv: "MY_KEY" } } });
    const open = await runHearth(place, ["-p", "hi", "-m", "open/foo"]);
    expect(open).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    expect(stub.requests[0]?.headers).not.toHaveProperty("authorization");
    const closed = await runHearth(place, ["-p", "hi", "-m", "closed/foo"]);
    expect(closed.exitCode).toBe(1);
    expect(closed.stderr).toContain("MY_KEY is not set");
    expect(stub.requests).toHaveLength(1);
  });

  test.each([
    ["the second", { GOOGLE_API_KEY: "", GEMINI_API_KEY: "second" }, "second"],
    ["the first of both", { GOOGLE_API_KEY: "first", GEMINI_API_KEY: "second" }, "first"],
  ])("A-119: of Google's two keys %s is sent", async (_, env, key) => {
    await using stub = await withStub(["hello"]);
    const run = await runHearth(await newPlace(stub), ["-p", "hi", "-m", "google/gemini-2.5-flash"], { env });
    expect(run.exitCode).toBe(0);
    expect(stub.requests[0]?.headers["x-goog-api-key"]).toBe(fingerprint(key));
  });
});

describe("retries and fallback", () => {
  test("A-120: after 429 with Retry-After 1 it waits about a second, says so, and there is one answer", async () => {
    await using stub = await withStub([{ status: 429, headers: { "retry-after": "1" } }, "hello"]);
    const run = await runHearth(await newPlace(stub), ["-p", "hi"]);
    expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    expect(run.stderr).toContain("HTTP 429");
    expect(run.stderr).toContain("Trying again in 1.0 s.");
    expect(stub.requests).toHaveLength(2);
    const [first = 0, second = 0] = stub.requests.map(({ time }) => Date.parse(time));
    expect(second - first).toBeGreaterThanOrEqual(950);
    expect(second - first).toBeLessThan(3_000);
  });

  test("A-121: after the primary has failed for good the next model answers, and the notice says why", async () => {
    await using stub = await withStub([
      { when: { path: "/v1/messages" }, reply: { status: 503 } },
      { when: { path: "/v1/responses" }, reply: "from B" },
    ]);
    const place = await newPlace(stub);
    const primary = "anthropic/claude-sonnet-4-5";
    await writeSettings(place, { ...FAST_RETRIES, fallback: [primary, "openai/gpt-5"] });
    const run = await runHearth(place, ["-p", "hi", "-m", primary, "-o", "json"]);
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ result: "from B", model: "openai/gpt-5" });
    expect(stub.requests.map(({ path }) => path)).toEqual([
      ...Array(3).fill("/v1/messages"),
      "/v1/responses",
    ]);
    expect(run.stderr).toMatch(/claude-sonnet-4-5 failed, openai\/gpt-5 answers instead: .*503/);
    const entries = await sessionEntries(place);
    expect(entries.find((entry) => entry.type === "notice")).toMatchObject({ code: "model.fallback" });
  });

  test("A-121: nothing of what the failed model had begun to say is left", async () => {
    await using stub = await withStub([
      { when: { path: "/v1/messages" }, reply: { ...WORDS, fault: { kind: "reset", afterDeltas: 3 } } },
      { when: { path: "/v1/responses" }, reply: "from B" },
    ]);
    const place = await newPlace(stub);
    await writeSettings(place, { ...FAST_RETRIES, fallback: ["openai/gpt-5"] });
    const run = await runHearth(place, ["-p", "hi"]);
    expect(run).toMatchObject({ stdout: "from B\n", exitCode: 0 });
    const message = (await sessionEntries(place)).findLast((entry) => entry.type === "message");
    expect(message).toMatchObject({ message: { content: [{ text: "from B" }] } });
  });

  test("A-121: a fallback that no catalogue knows is told at the start", async () => {
    await using stub = await withStub();
    const place = await newPlace(stub);
    await writeSettings(place, { fallback: ["nobody/none"] });
    const run = await runHearth(place, ["-p", "hi"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("nobody");
    expect(stub.requests).toHaveLength(0);
  });

  test("A-122: a refused key is shown and not hidden by a fallback", async () => {
    await using stub = await withStub([{ status: 401 }, "from B"]);
    const place = await newPlace(stub);
    await writeSettings(place, { fallback: ["openai/gpt-5"] });
    const run = await runHearth(place, ["-p", "hi"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 1 });
    expect(run.stderr).toContain("ANTHROPIC_API_KEY");
    expect(stub.requests).toHaveLength(1);
  });
});

describe("faults", () => {
  test("A-123: after a reset in the midst of an answer the retry's text stands alone", async () => {
    await using stub = await withStub([{ ...WORDS, fault: { kind: "reset", afterDeltas: 3 } }, WORDS]);
    const place = await newPlace(stub);
    await writeSettings(place, FAST_RETRIES);
    const run = await runHearth(place, ["-p", "count", "-o", "stream-json"]);
    expect(run.exitCode).toBe(0);
    const events = envelopes(run.stdout).map((line) => line.event);
    const reset = events.findIndex(({ type }) => type === "message_reset");
    expect(reset).toBeGreaterThan(0);
    const after = ofType(events.slice(reset), "message_update");
    expect(after.map(({ delta }) => (delta.type === "text" ? delta.text : "")).join("")).toBe(WORDS.text);
    const answer = (await sessionEntries(place)).findLast((entry) => entry.type === "message");
    expect(answer).toMatchObject({ message: { content: [{ text: WORDS.text }] } });
  });

  const BROKEN = [
    [
      "A-124: a malformed line",
      { ...WORDS, fault: { kind: "malformed", afterDeltas: 2 } },
      "malformed stream",
    ],
    ["A-126: status 200 with nothing in it", { fault: "empty" }, "empty answer"],
    ["A web page instead of an answer", { fault: "html" }, "a web page"],
    ["A stream that is cut", { ...WORDS, fault: { kind: "truncated", afterDeltas: 2 } }, "connection"],
    ["A connection that is closed at once", { fault: "close" }, "connection"],
    ["An error event in the midst", { ...WORDS, fault: "error-event" }, "Overloaded"],
    ["Status 500", { status: 500 }, "HTTP 500"],
    ["Status 529", { status: 529 }, "HTTP 529"],
  ] as const;

  test.each(BROKEN)("%s is an error after its retries, never an answer", async (_, reply, message) => {
    await using stub = await withStub({ replies: [reply], loop: true });
    const place = await newPlace(stub);
    await writeSettings(place, FAST_RETRIES);
    const run = await runHearth(place, ["-p", "hi"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 1 });
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(stub.requests).toHaveLength(3);
    stub.setScript(["fine"]);
    expect(await runHearth(place, ["--continue", "-p", "again"])).toMatchObject({ stdout: "fine\n" });
  });

  test.each([
    [403, "HTTP 403"],
    [404, "HTTP 404"],
    [400, "HTTP 400"],
  ])("Status %i is an error at once", async (status, message) => {
    await using stub = await withStub({ replies: [{ status }], loop: true });
    const run = await runHearth(await newPlace(stub), ["-p", "hi"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 1 });
    expect(run.stderr).toContain(message);
    expect(stub.requests).toHaveLength(1);
  });

  test("Bytes that are no UTF-8 and a wrong content type do not spoil an answer", async () => {
    await using stub = await withStub([
      { ...WORDS, fault: "wrong-content-type" },
      { text: "abcdef", fault: "invalid-utf8" },
    ]);
    const place = await newPlace(stub);
    expect(await runHearth(place, ["-p", "hi"])).toMatchObject({ stdout: `${WORDS.text}\n`, exitCode: 0 });
    const run = await runHearth(place, ["-p", "hi"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^abc.*def\n$/);
  });

  test("A-125: with 2 s between events the answer comes whole, and an interrupt works in between", async () => {
    await using stub = await withStub([
      { text: "one two", chunkSize: 4, chunkDelayMs: 2_000 },
      { ...WORDS, chunkDelayMs: 2_000 },
    ]);
    const place = await newPlace(stub);
    const [whole, program] = [
      runHearth(place, ["-p", "hi"]),
      startProgram(place, ["--input-format", "stream-json"]),
    ];
    await stub.waitForRequests(1);
    program.send({ type: "prompt", text: "count" });
    await program.line((line) => line.includes("message_update"));
    const started = performance.now();
    program.send({ type: "interrupt" });
    await program.line((line) => line.includes('"outcome":"interrupted"'));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(await whole).toMatchObject({ stdout: "one two\n", exitCode: 0 });
  });
});

describe("choosing a model", () => {
  test("A-127: a short name of the settings is its model, by flag and by kept preference", async () => {
    await using stub = await withStub({ replies: ["hello"], loop: true });
    const place = await newPlace(stub);
    await writeSettings(place, { models: { fast: "anthropic/claude-haiku-4-5" } });
    await runHearth(place, ["-p", "hi", "-m", "fast"]);
    await writeFile(join(place.home, "hearth", "preferences.json"), '{"model":"fast"}');
    await runHearth(place, ["-p", "hi"]);
    const models = stub.requests.map(({ body }) => (body as { model: string }).model);
    expect(models).toEqual(["claude-haiku-4-5", "claude-haiku-4-5"]);
  });

  test("A-128: --thinking high asks a model that thinks by budget for 16,384 tokens within its limit", async () => {
    await using stub = await withStub(["hello"]);
    const args = ["-p", "hi", "-m", "anthropic/claude-haiku-4-5", "--thinking", "high"];
    const run = await runHearth(await newPlace(stub), args);
    expect(run).toMatchObject({ stderr: "", exitCode: 0 });
    const body = stub.requests[0]?.body as { max_tokens: number; thinking: { budget_tokens: number } };
    expect(body.thinking).toEqual({ type: "enabled", budget_tokens: 16_384 });
    expect(body.max_tokens).toBeGreaterThan(16_384);
  });

  test("A-128: :high behind the model's name means the same", async () => {
    await using stub = await withStub(["hello"]);
    await runHearth(await newPlace(stub), ["-p", "hi", "-m", "anthropic/claude-haiku-4-5:high"]);
    expect(stub.requests[0]?.body).toMatchObject({ thinking: { budget_tokens: 16_384 } });
  });

  test("A-128: a model that cannot think is sent none, and a notice says so", async () => {
    await using stub = await withStub(["hello"]);
    const run = await runHearth(await newPlace(stub), [
      "-p",
      "hi",
      "-m",
      "openai/gpt-4.1",
      "--thinking",
      "high",
    ]);
    expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    expect(run.stderr).toContain("cannot think");
    expect(stub.requests[0]?.body).not.toHaveProperty("reasoning.effort");
  });

  test("A-131: an unknown model of a vendor at its own address is refused with near names", async () => {
    const run = await runHearth(await newPlace(), ["-p", "hi", "--model", "anthropic/claude-sonet-4-5"], {
      env: { ANTHROPIC_API_KEY: "k" },
    });
    expect(run).toMatchObject({ stdout: "", exitCode: 2 });
    expect(run.stderr).toContain("Near names: ");
    expect(run.stderr).toContain("anthropic/claude-sonnet-4-5");
  });

  test("A-131: with a declaration of the user's it is accepted, at its prices", async () => {
    await using stub = await withStub([
      { text: "hello", usage: { input: 1000, output: 200, cacheRead: 500 } },
    ]);
    const place = await newPlace(stub);
    const price = { input: 10, output: 100, cacheRead: 1, cacheWrite: 0 };
    await writeSettings(place, { providers: { anthropic: { models: [{ id: "nope", price }] } } });
    const run = await runHearth(place, ["-p", "hi", "--model", "anthropic/nope", "-o", "json"]);
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout).cost).toBeCloseTo(0.01 + 0.02 + 0.0005, 9);
    expect(stub.requests[0]?.body).toMatchObject({ model: "nope" });
  });

  test("A-132: an image for a model that reads only text is refused before anything is sent", async () => {
    await using stub = await withStub(["I see."]);
    const place = await newPlace(stub);
    await mkdir(join(place.cwd, "img"));
    await writeFile(join(place.cwd, "img", "p.png"), Buffer.from("89504e470d0a1a0a", "hex"));
    const run = await runHearth(place, ["-p", "hi", "-m", "openai/gpt-4", "--image", "img/p.png"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 2 });
    expect(run.stderr).toContain("cannot see images");
    expect(stub.requests).toHaveLength(0);
    const seen = await runHearth(place, ["-p", "hi", "--image", "img/p.png"]);
    expect(seen).toMatchObject({ stdout: "I see.\n", exitCode: 0 });
    expect(JSON.stringify(stub.requests[0]?.body)).toContain('"media_type":"image/png"');
  });
});
