import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AssistantMessage, Message } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import { prepareMessages, toolIdMapper } from "../../src/providers/transcript.ts";

const model: Model = {
  id: "m",
  vendor: "v",
  name: "M",
  api: "openai-chat",
  contextWindow: 1000,
  maxOutput: 100,
  input: ["text"],
  thinking: [],
  price: null,
};

function user(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

function answer(
  content: AssistantMessage["content"],
  more: Partial<AssistantMessage> = {},
): AssistantMessage {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  return { role: "assistant", content, stopReason: "stop", usage, model: "v/m", api: "openai-chat", ...more };
}

function call(id: string): AssistantMessage["content"][number] {
  return { type: "tool_call", id, name: "read", arguments: {} };
}

function result(toolCallId: string, text = "ok"): Message {
  return {
    role: "tool_result",
    toolCallId,
    toolName: "read",
    content: [{ type: "text", text }],
    isError: false,
  };
}

/** Role, then ids of calls or the id and text of a result. */
function outline(messages: readonly Message[]): string[] {
  return messages.map((message) => {
    const texts = message.content.map((part) =>
      "text" in part ? part.text : part.type === "tool_call" ? part.id : "",
    );
    return [message.role, ...(message.role === "tool_result" ? [message.toolCallId] : []), ...texts].join(
      " ",
    );
  });
}

describe("prepareMessages", () => {
  test.each<[string, Message[], string[]]>([
    [
      "keeps a plain talk as it is",
      [user("a"), answer([{ type: "text", text: "b" }])],
      ["user a", "assistant b"],
    ],
    [
      "gives a call without a result one that says so",
      [user("a"), answer([call("1")]), user("b")],
      ["user a", "assistant 1", "tool_result 1 No result: the run was interrupted", "user b"],
    ],
    ["drops a result without a call", [user("a"), result("9"), user("b")], ["user a", "user b"]],
    [
      "moves results up behind their calls, in the order of the calls",
      [answer([call("1"), call("2")]), user("quick"), result("2", "two"), result("1", "one")],
      ["assistant 1 2", "tool_result 1 one", "tool_result 2 two", "user quick"],
    ],
    [
      "takes no result from behind the next answer",
      [answer([call("1")]), answer([{ type: "text", text: "b" }]), result("1")],
      ["assistant 1", "tool_result 1 No result: the run was interrupted", "assistant b"],
    ],
    [
      "numbers an id that is used again",
      [answer([call("1")]), result("1", "one"), answer([call("1")]), result("1", "two")],
      ["assistant 1", "tool_result 1 one", "assistant 1_2", "tool_result 1_2 two"],
    ],
    [
      "drops empty answers and texts without a visible character",
      [user(" \n"), answer([], { stopReason: "error" }), answer([{ type: "text", text: "  " }]), user("a")],
      ["user a"],
    ],
    [
      "fills an empty result",
      [answer([call("1")]), result("1", "")],
      ["assistant 1", "tool_result 1 (no output)"],
    ],
    ["mends half a surrogate pair", [user("a\ud83d")], ["user a\ufffd"]],
  ])("%s", (_title, messages, expected) => {
    expect(outline(prepareMessages(messages, model))).toEqual(expected);
  });

  test("keeps signatures and thinking of the same model and wire API only", () => {
    const content: AssistantMessage["content"] = [
      { type: "thinking", text: "hm", signature: "s1" },
      { type: "text", text: "a", signature: "s2" },
    ];
    expect(prepareMessages([answer(content)], model)).toEqual([answer(content)]);
    for (const other of [{ model: "v/other" }, { api: "openai-responses" as const }]) {
      expect(prepareMessages([answer(content, other)], model)).toEqual([
        answer([{ type: "text", text: "a" }], other),
      ]);
    }
  });

  test("changes nothing of what it was given", () => {
    const messages = [answer([call("1"), call("1")]), user("\ud83d")];
    const before = structuredClone(messages);
    prepareMessages(messages, { ...model, id: "other" });
    expect(messages).toEqual(before);
  });

  test("every call has exactly one result right behind it, whatever the talk", () => {
    const ids = fc.constantFrom("1", "2", "3");
    const message = fc.oneof(
      ids.map((id) => result(id)),
      fc.string().map(user),
      fc.array(ids.map(call), { maxLength: 3 }).map((calls) => answer(calls)),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        const prepared = prepareMessages(messages, model);
        const order = prepared.flatMap((each) => {
          if (each.role === "tool_result") return [`result ${each.toolCallId}`];
          return each.content.flatMap((part) => (part.type === "tool_call" ? [`call ${part.id}`] : []));
        });
        const calls = order.filter((entry) => entry.startsWith("call "));
        const results = order.filter((entry) => entry.startsWith("result "));
        expect(results.map((entry) => entry.slice(7))).toEqual(calls.map((entry) => entry.slice(5)));
        expect(new Set(calls).size).toBe(calls.length);
      }),
    );
  });
});

describe("toolIdMapper", () => {
  const map = toolIdMapper({ forbidden: /[^a-zA-Z0-9_-]/g, maxLength: 64 });

  test.each(["call_1", "toolu_01Ab-9", "x".repeat(64)])("leaves a valid id alone: %s", (id) => {
    expect(map(id)).toBe(id);
  });

  test("any other id becomes a valid one, the same for the same and another for another", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(map(a)).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(map(a)).toBe(map(a));
        if (a !== b) expect(map(a)).not.toBe(map(b));
      }),
    );
  });

  test("short rules keep ids apart by their hash", () => {
    const short = toolIdMapper({ forbidden: /[^a-zA-Z0-9]/g, maxLength: 9 });
    expect(short("call_abcdefghijkl")).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(short("call_abcdefghijkl")).not.toBe(short("call_abcdefghijkm"));
  });
});
