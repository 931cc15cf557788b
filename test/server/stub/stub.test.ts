import { existsSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadScript } from "../../../src/server/stub/load-script.ts";
import { loadRecordings } from "../../../src/server/stub/recordings.ts";
import { fingerprint } from "../../../src/server/stub/request-log.ts";
import { runStub } from "../../../src/server/stub/run-stub.ts";
import type { ScriptInput } from "../../../src/server/stub/script.ts";
import { startStub } from "../../../src/server/stub/start-stub.ts";
import { providerEnv, withStub } from "../../support/stub.ts";
import { ask, sseData, WIRE_APIS } from "./ask.ts";

const CASES = "../shared/corpora/provider-streams/cases";
const CORPUS_FOLDERS = [
  ["anthropic-messages", "anthropic-messages"],
  ["openai-responses", "openai-responses"],
  ["openai-chat", "openai-chat"],
  ["google-generative", "google-generate"],
] as const;

async function chatText(url: string, body: object): Promise<string> {
  const response = await fetch(`${url}/chat/completions`, { method: "POST", body: JSON.stringify(body) });
  const completion = (await response.json()) as { choices: { message: { content: string } }[] };
  return completion.choices[0]?.message.content ?? "";
}

const user = (content: string) => ({ role: "user", content });

describe("stub script", () => {
  it("tries rules first, in order and as often as they allow, then replies, then the echo", async () => {
    await using stub = await withStub({
      rules: [
        { when: { contains: "weather" }, times: 1, reply: "Sunny." },
        { when: { contains: "weather", model: "big" }, reply: "Rain." },
        { when: { toolResultOf: "read", lastRole: "tool" }, reply: "I have read it." },
      ],
      replies: ["one", "two"],
    });
    const call = { id: "c1", type: "function", function: { name: "read", arguments: "{}" } };
    const asked = [
      { model: "small", messages: [user("the weather?")] },
      { model: "small", messages: [user("the weather?")] },
      { model: "big-1", messages: [user("the weather?")] },
      {
        messages: [
          user("x"),
          { role: "assistant", tool_calls: [call] },
          { role: "tool", tool_call_id: "c1" },
        ],
      },
      { messages: [user("what?")] },
      { messages: [user("what?")] },
    ];
    const answers: string[] = [];
    for (const body of asked) answers.push(await chatText(stub.url, body));
    expect(answers).toEqual(["Sunny.", "one", "Rain.", "I have read it.", "two", "stub: what?"]);
  });

  it("knows tool results of all four wire APIs", async () => {
    await using stub = await withStub([{ when: { toolResultOf: "read" }, reply: "seen" }]);
    const bodies: [path: string, body: object][] = [
      [
        "/v1/messages",
        {
          messages: [
            user("x"),
            { role: "assistant", content: [{ type: "tool_use", id: "t", name: "read", input: {} }] },
            { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "y" }] },
          ],
        },
      ],
      [
        "/responses",
        {
          input: [
            user("x"),
            { type: "function_call", call_id: "t", name: "read", arguments: "{}" },
            { type: "function_call_output", call_id: "t", output: "y" },
          ],
        },
      ],
      [
        "/v1beta/models/m:generateContent",
        {
          contents: [
            { role: "user", parts: [{ text: "x" }] },
            { role: "model", parts: [{ functionCall: { name: "read", args: {} } }] },
            { role: "user", parts: [{ functionResponse: { name: "read", response: {} } }] },
          ],
        },
      ],
    ];
    for (const [path, body] of bodies) {
      const response = await fetch(stub.url + path, { method: "POST", body: JSON.stringify(body) });
      expect(await response.text()).toContain("seen");
    }
  });

  it("tells requests apart by a tool that they offer, on all four wire APIs", async () => {
    await using stub = await withStub([{ when: { offers: "run" }, reply: "main" }, "aside"]);
    const messages = [user("x")];
    const contents = [{ role: "user", parts: [{ text: "x" }] }];
    const run = { name: "run" };
    const bodies: [path: string, body: object, tools: object[]][] = [
      ["/v1/messages", { messages }, [run]],
      ["/responses", { input: messages }, [{ type: "function", ...run }]],
      ["/chat/completions", { messages }, [{ type: "function", function: run }]],
      ["/v1beta/models/m:generateContent", { contents }, [{ functionDeclarations: [{ name: "x" }, run] }]],
    ];
    for (const [path, body, tools] of bodies) {
      const asked = { method: "POST", body: JSON.stringify({ ...body, tools }) };
      expect(await (await fetch(stub.url + path, asked)).text(), path).toContain("main");
    }
    const plain = { messages, tools: [{ type: "function", function: { name: "runner" } }] };
    expect(await chatText(stub.url, plain)).toBe("aside");
  });

  it("calls a tool of OpenAI's that takes plain text with plain text", async () => {
    const call = { name: "patch", arguments: "*** Begin\nline" };
    await using stub = await withStub([{ toolCalls: [call] }, { toolCalls: [call] }]);
    const tools = [{ type: "custom", name: "patch" }];
    const request = (stream: boolean) => {
      const body = JSON.stringify({ input: [user("x")], tools, stream });
      return fetch(`${stub.url}/responses`, { method: "POST", body }).then((answer) => answer.text());
    };
    expect(JSON.parse(await request(false)).output).toMatchObject([
      { type: "custom_tool_call", name: "patch", input: call.arguments, status: "completed" },
    ]);
    const events = sseData(await request(true)) as { type: string; delta?: string; input?: string }[];
    const ofInput = events.filter(({ type }) => type.startsWith("response.custom_tool_call_input"));
    expect(ofInput.map(({ delta = "" }) => delta).join("")).toBe(call.arguments);
    expect(ofInput.at(-1)).toMatchObject({
      type: "response.custom_tool_call_input.done",
      input: call.arguments,
    });
  });

  it("takes a user's words, not the program's, for the newest user text", async () => {
    await using stub = await withStub([{ when: { contains: "STUB", lastRole: "user" }, reply: "seen" }]);
    const content = [
      { type: "text", text: "<reminder>" },
      { type: "text", text: "STUB" },
    ];
    const messages = [
      { role: "user", content },
      { role: "system", content: "# Environment" },
    ];
    const body = JSON.stringify({ max_tokens: 1, messages });
    const answer = await fetch(`${stub.url}/v1/messages`, { method: "POST", body });
    expect(await answer.text()).toContain("seen");
  });

  it("repeats the last reply when told to, and starts over with another script", async () => {
    await using stub = await withStub({ replies: ["a", "b"], loop: true });
    const texts = [];
    for (let i = 0; i < 4; i++) texts.push(await chatText(stub.url, { messages: [user("x")] }));
    stub.setScript(["c"]);
    texts.push(await chatText(stub.url, { messages: [user("x")] }));
    expect(texts).toEqual(["a", "b", "b", "b", "c"]);
  });

  it("lets rules that name a path speak for other endpoints", async () => {
    await using stub = await withStub({
      rules: [
        { when: { path: "/embeddings" }, times: 2, reply: {} },
        { when: { path: "/embeddings" }, reply: { status: 500 } },
      ],
    });
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      const body = JSON.stringify({ model: "m", input: ["x"] });
      statuses.push((await fetch(`${stub.url}/v1/embeddings`, { method: "POST", body })).status);
    }
    expect(statuses).toEqual([200, 200, 500]);
  });

  it.each([
    ["[1]", "[0]: expected object."],
    ['[{"texts": "a"}]', '[0]: unknown key "texts".'],
    ['[{"text": 1}]', "[0].text: expected string."],
    ['{"replies": [{"chunkSize": 0}]}', "replies[0].chunkSize: expected a number of at least 1."],
    ['{"replies": [{"fault": "boom"}]}', "replies[0].fault.kind: expected one of reset, close,"],
    ['{"rules": [{"reply": "x"}]}', "rules[0].when: expected object."],
    [
      '{"rules": [{"when": {"lastRole": "me"}, "reply": "x"}]}',
      "rules[0].when.lastRole: expected one of user,",
    ],
    ['[{"status": 99}]', "[0].status: expected a number of at least 200."],
    ["[", "not valid JSON"],
    ['{"text": "a"}\n{"text": }', ":2: not valid JSON"],
  ])("names file, place and what was expected of %s", async (text, message) => {
    const file = join(await mkdtemp(join(tmpdir(), "stub-")), "script.json");
    await writeFile(file, text);
    await expect(loadScript(file)).rejects.toThrow(message);
    await expect(loadScript(file)).rejects.toThrow(file);
    await expect(loadScript(file)).rejects.toMatchObject({ code: "stub.script" });
  });

  it("reads JSON lines, one of them too, and says when a file is not there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stub-"));
    await writeFile(
      join(folder, "three.jsonl"),
      '"a"\n{"text":"b","fault":"stall"}\n\n{"when":{},"reply":"c"}\n',
    );
    await writeFile(join(folder, "one.jsonl"), '{"text":"a"}\n');
    const three = await loadScript(join(folder, "three.jsonl"));
    expect(three.replies).toEqual([{ text: "a" }, { text: "b", fault: { kind: "stall" } }]);
    expect(three.rules).toEqual([{ when: {}, reply: { text: "c" } }]);
    expect((await loadScript(join(folder, "one.jsonl"))).replies).toEqual([{ text: "a" }]);
    await expect(loadScript(join(folder, "none.json"))).rejects.toThrow("cannot be read");
  });
});

describe("stub server", () => {
  it("records requests in memory and in the file before it answers, without keys", async () => {
    const record = join(await mkdtemp(join(tmpdir(), "stub-")), "requests.jsonl");
    await using stub = await withStub([], { record });
    await ask(stub.url, "openai-chat", { headers: { authorization: "Bearer sk-secret-1" } });
    const path = "/v1beta/models/m:generateContent?key=sk-secret-2";
    await fetch(stub.url + path, {
      method: "POST",
      headers: { "x-goog-api-key": "sk-secret-3" },
      body: "no json",
    });
    const lines = (await readFile(record, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(stub.requests);
    expect(lines.join()).not.toContain("sk-secret");
    expect(stub.requests[0]).toMatchObject({
      seq: 1,
      method: "POST",
      path: "/v1/chat/completions",
      headers: { authorization: fingerprint("Bearer sk-secret-1") },
      body: { model: "m", messages: [{ role: "user", content: "hi" }] },
    });
    expect(stub.requests[1]).toMatchObject({ seq: 2, body: "no json" });
  });

  it("shows how many requests are in flight", async () => {
    await using stub = await withStub({ replies: [{ text: "x", fault: "stall" }], loop: true });
    const client = new AbortController();
    const all = [1, 2, 3].map(() => ask(stub.url, "openai-chat", { signal: client.signal }));
    await stub.waitForRequests(3);
    await Promise.all(all);
    expect([stub.inFlight, stub.maxInFlight]).toEqual([3, 3]);
    expect(stub.requests.map(({ inFlight }) => inFlight).sort()).toEqual([1, 2, 3]);
    client.abort();
    await expect.poll(() => stub.inFlight).toBe(0);
  });

  it.each(WIRE_APIS)("%s: delays the first byte and paces the rest", async (api) => {
    await using stub = await withStub([
      { text: "x".repeat(20), chunkSize: 1, delayMs: 60, chunkDelayMs: 10 },
    ]);
    const started = performance.now();
    const response = await ask(stub.url, api);
    const first = performance.now() - started;
    await response.text();
    const whole = performance.now() - started;
    expect(first).toBeGreaterThanOrEqual(59);
    expect(whole).toBeGreaterThanOrEqual(59 + 19 * 10 - 2);
    // Half of the pauses: `first` holds also how late this process saw the first byte.
    expect(whole - first).toBeGreaterThanOrEqual(19 * 5);
  });

  it.each(WIRE_APIS)(
    "%s: streams 20,000 deltas, each its own event, in well under two seconds",
    async (api) => {
      await using stub = await withStub([{ text: "word ".repeat(20_000), chunkSize: 5 }]);
      const started = performance.now();
      const text = await (await ask(stub.url, api)).text();
      expect(performance.now() - started).toBeLessThan(2000);
      expect(text.split('"word "').length - 1).toBe(20_000);
    },
  );

  it("gives the same ids for the same seed", async () => {
    const script: ScriptInput = [{ text: "x", toolCalls: [{ name: "read" }] }];
    const bodies: string[] = [];
    for (const seed of ["7", "7", "8"]) {
      await using stub = await withStub(script, { seed });
      bodies.push(JSON.stringify(sseData(await (await ask(stub.url, "anthropic-messages")).text())));
    }
    expect(bodies[0]).toBe(bodies[1]);
    expect(bodies[0]).not.toBe(bodies[2]);
  });

  it("answers 404 in words for what it does not know", async () => {
    await using stub = await withStub();
    const response = await fetch(`${stub.url}/v1/nonsense`);
    expect([response.status, await response.text()]).toEqual([
      404,
      expect.stringContaining("GET /v1/nonsense"),
    ]);
  });

  it("says why it cannot listen or record", async () => {
    await using stub = await withStub();
    await expect(startStub({ port: stub.port })).rejects.toMatchObject({ code: "stub.listen" });
    await expect(startStub({ port: 0, record: "/no/such/folder/x" })).rejects.toMatchObject({
      code: "stub.record",
    });
  });

  it("runs as a command: one line with its address, then what to export, until it is stopped", async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const notes: string[] = [];
    const listening = Promise.withResolvers<void>();
    const note = (line: string) => {
      notes.push(line);
      listening.resolve();
    };
    const running = runStub({ port: 0, write: (line) => lines.push(line), note, signal: stop.signal });
    await listening.promise;
    const url = lines[0]?.replace("stub listening on ", "") ?? "";
    expect(lines).toEqual([expect.stringMatching(/^stub listening on http:\/\/127\.0\.0\.1:\d+$/)]);
    expect(notes).toContain(`export ANTHROPIC_BASE_URL=${url}`);
    expect(providerEnv({ url })).toMatchObject({ OPENAI_BASE_URL: `${url}/v1`, GOOGLE_GEMINI_BASE_URL: url });
    expect((await fetch(`${url}/v1/models`)).status).toBe(200);
    stop.abort();
    await running;
    await expect(fetch(url)).rejects.toThrow();
  });
});

const streamed = {
  api: "openai-chat",
  kind: "stream" as const,
  response: {
    status: 200,
    headers: { "content-type": "text/event-stream" },
    body: "data: {}\n\ndata: [DONE]\n\n",
  },
};

const corpus = await Promise.all(
  CORPUS_FOLDERS.filter(([, folder]) => existsSync(join(CASES, folder))).map(async ([api, folder]) => {
    const interactions = await loadRecordings([join(CASES, folder)]);
    return { api, recordings: interactions.filter((item) => item.api === folder && item.kind === "stream") };
  }),
);
const streams = corpus.reduce((sum, { recordings }) => sum + recordings.length, 0);
const corpusTitle =
  streams > 0 ? `replays ${streams} streams of the corpus byte for byte` : "has no corpus here to replay";

describe("stub recordings", () => {
  it("replays what fits the request, each once, byte for byte, in small pieces if asked", async () => {
    const whole = {
      ...streamed,
      kind: "json" as const,
      response: { status: 201, headers: {}, json: { a: 1 } },
    };
    await using stub = await withStub([], { recordings: [whole, streamed], recordingChunkBytes: 1 });
    expect(await (await ask(stub.url, "openai-chat")).text()).toBe(streamed.response.body);
    const json = await ask(stub.url, "openai-chat", { stream: false });
    expect([json.status, await json.text()]).toEqual([201, '{"a":1}']);
    const none = await ask(stub.url, "openai-chat");
    expect([none.status, await none.text()]).toEqual([400, expect.stringContaining("No recording is left")]);
  });

  it("says which file is no recording", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "stub-")), "x.json");
    await writeFile(file, "{}");
    await expect(loadRecordings([file])).rejects.toThrow(file);
    await expect(loadRecordings(["/no/such/file"])).rejects.toMatchObject({ code: "stub.recording" });
  });

  it(corpusTitle, async () => {
    for (const { api, recordings } of corpus) {
      await using stub = await withStub([], { recordings });
      for (const { response } of recordings) {
        const answer = await ask(stub.url, api);
        expect([answer.status, await answer.text()]).toEqual([response.status, response.body]);
      }
    }
  });
});
