// Lines of agents that are damaged, of another version, or meant to do harm: whatever JSON they hold, none may throw,
// since they are read where nobody could catch it.
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { permissionAnswer as acpAnswer } from "../../../src/runtimes/acp/permission.ts";
import { SteerPlace } from "../../../src/runtimes/acp/steer-place.ts";
import { AcpTurn } from "../../../src/runtimes/acp/translate.ts";
import { turnUsage } from "../../../src/runtimes/acp/usage.ts";
import { PermissionRequest, PromptAnswer, readUpdate } from "../../../src/runtimes/acp/wire.ts";
import { permissionAnswer } from "../../../src/runtimes/claude-code/permission.ts";
import { TaskList } from "../../../src/runtimes/claude-code/tasks.ts";
import { ClaudeTurn } from "../../../src/runtimes/claude-code/translate.ts";
import { SessionUsage } from "../../../src/runtimes/claude-code/usage.ts";
import { readLine } from "../../../src/runtimes/claude-code/wire.ts";
import { turnFailure } from "../../../src/runtimes/codex/failure.ts";
import { Rpc } from "../../../src/runtimes/codex/rpc.ts";
import { CodexTurn } from "../../../src/runtimes/codex/translate.ts";
import { readNote } from "../../../src/runtimes/codex/wire.ts";
import { PiTurn } from "../../../src/runtimes/pi/translate.ts";
import { State, UiRequest } from "../../../src/runtimes/pi/wire.ts";

const OFTEN = ["__proto__", "constructor", "toString", "valueOf", "id", "type", "text", "name", "content"];

/** JSON as text: objects made by hand would not have a field `__proto__` of their own. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("null", "-1", "1e999", "true", '""', '"a"', '"edit"', '"\\u001b[2J"'),
    fc.array(tie("json"), { maxLength: 3 }).map((parts) => `[${parts.join(",")}]`),
    fields(fc.constantFrom(...OFTEN), tie("json")),
  ),
}));

function fields(keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(keys, values), { maxLength: 4 })
    .map((all) => `{${all.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`);
}

/** An object of a known type, with fields of the right names and anything in them. */
function told(types: readonly string[], names: readonly string[], key = "type"): fc.Arbitrary<string> {
  const kinds = fc.constantFrom(...types, "__proto__", "constructor", "toString");
  return fc
    .tuple(kinds, fields(fc.constantFrom(...names, ...OFTEN), json))
    .map(
      ([type, rest]) =>
        `{${rest === "{}" ? "" : `${rest.slice(1, -1)},`}${JSON.stringify(key)}:${JSON.stringify(type)}}`,
    );
}

const RUNS = { numRuns: 2_000 };
const parse = (text: string) => JSON.parse(text);

it("of an ACP agent", () => {
  const tool = told(
    ["execute", "edit", "read", "search", "other"],
    ["rawInput", "title", "rawOutput", "locations", "_meta", "status"],
    "kind",
  ).map((text) => `{"toolCallId":"c",${text.slice(1)}`);
  const command = fields(fc.constantFrom("command", "path", "pattern"), json).map(
    (input) => `{"rawInput":${input},"kind":"execute"}`,
  );
  const kinds = [
    "tool_call",
    "tool_call_update",
    "plan",
    "usage_update",
    "agent_message_chunk",
    "session_info_update",
    "config_option_update",
  ];
  const update = fc
    .tuple(
      fc.constantFrom(...kinds, "__proto__"),
      fc.oneof(
        tool,
        command,
        json.map((content) => `{"content":${content}}`),
      ),
    )
    .map(([kind, rest]) => `{"toolCallId":"c","sessionUpdate":${JSON.stringify(kind)},${rest.slice(1)}`);
  fc.assert(
    fc.property(fc.array(update, { minLength: 1, maxLength: 4 }), json, (all, other) => {
      const turn = new AcpTurn("/w");
      const steers = new SteerPlace();
      for (const text of all) {
        const read = readUpdate({ update: parse(text) });
        if (!read) continue;
        steers.before(read);
        turn.take(read);
      }
      const request = PermissionRequest.safeParse({
        toolCall: parse(all[0] ?? "{}"),
        options: parse(`[${other}]`),
      }).data;
      if (request) {
        turn.asked(request.toolCall);
        acpAnswer(request, { answer: "allow", arguments: {} });
      }
      turnUsage(PromptAnswer.parse({ usage: parse(other), _meta: parse(other) }), null);
    }),
    RUNS,
  );
});

it("of Claude Code", () => {
  const names = [
    "message",
    "event",
    "request",
    "request_id",
    "response",
    "tool_use_result",
    "subtype",
    "usage",
    "modelUsage",
    "tool_use_id",
    "input",
    "delta",
    "content_block",
  ];
  const block = told(["tool_use", "tool_result", "text"], ["input", "tool_use_id", "is_error"]);
  const message = block.map((text) => `{"id":"m","content":[${text}]}`);
  const inside = fc.oneof(
    json,
    block,
    message,
    told(["content_block_start", "message_delta", "message_start"], names),
    told(["can_use_tool"], ["input", "tool_name", "tool_use_id"], "subtype"),
  );
  const line = fc
    .tuple(
      fc.constantFrom(
        "system",
        "stream_event",
        "assistant",
        "user",
        "control_request",
        "control_response",
        "result",
        "__proto__",
      ),
      fields(fc.constantFrom(...names), inside),
    )
    .map(([type, rest]) => `{"type":${JSON.stringify(type)}${rest === "{}" ? "" : `,${rest.slice(1, -1)}`}}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (all) => {
      const usage = new SessionUsage(false);
      const turn = new ClaudeTurn({ name: "claude", cwd: "/w", tasks: new TaskList(), usage });
      for (const text of all) {
        const read = readLine(parse(text));
        if (!read) continue;
        turn.take(read);
        if (read.type === "end") usage.settle(read.end);
        if (read.type === "permission") {
          const { call } = turn.asked(read.request);
          permissionAnswer(read.request, { answer: "allow", arguments: call.naming.arguments }, "/w");
          permissionAnswer(read.request, { answer: "allow", arguments: {} }, "/w");
        }
      }
    }),
    RUNS,
  );
});

it("of Codex", () => {
  const item = told(
    ["commandExecution", "fileChange", "mcpToolCall", "dynamicToolCall", "webSearch", "reasoning"],
    ["command", "changes", "result", "contentItems", "error", "arguments"],
  ).map((text) => `{"id":"i",${text.slice(1)}`);
  const params = fc.oneof(
    json,
    item.map((text) => `{"item":${text}}`),
    json.map((each) => `{"itemId":"i","delta":"d","error":${each}}`),
  );
  const method = fc.constantFrom(
    "item/started",
    "item/completed",
    "turn/plan/updated",
    "error",
    "__proto__",
    "constructor",
    "toString",
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(method, params), { maxLength: 4 }), json, (all, info) => {
      const turn = new CodexTurn("/w");
      for (const [name, text] of all) {
        const note = readNote(name, parse(text));
        expect(typeof (note?.type ?? "")).toBe("string");
        if (note) turn.take(note, true);
      }
      const error = turnFailure({ message: info, additionalDetails: undefined, codexErrorInfo: parse(info) });
      expect(["undefined", "string"]).toContain(typeof error.hint);
    }),
    RUNS,
  );
});

it("of Codex that answer with an error", async () => {
  const input = new PassThrough();
  const rpc = new Rpc(input, new PassThrough(), {
    onNotification: () => undefined,
    onRequest: () => undefined,
  });
  const answer = rpc.request("x", {}, 1_000);
  input.write('{"id":1,"error":{"message":{"toString":1,"valueOf":1}}}\n');
  await expect(answer).rejects.toThrow("valueOf");
});

it("of pi", () => {
  const event = told(
    [
      "message_start",
      "message_update",
      "message_end",
      "tool_execution_start",
      "tool_execution_end",
      "queue_update",
      "auto_retry_start",
      "compaction_end",
      "extension_error",
    ],
    [
      "message",
      "assistantMessageEvent",
      "toolCallId",
      "toolName",
      "args",
      "result",
      "error",
      "errorMessage",
      "steering",
    ],
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 4 }), json, (all, other) => {
      const turn = new PiTurn("/w");
      for (const text of all) turn.take(parse(text));
      for (const schema of [State, UiRequest]) schema.safeParse(parse(other));
    }),
    RUNS,
  );
});
