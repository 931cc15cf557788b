import { describe, expect, it } from "vitest";
import { readLine } from "../../../src/runtimes/claude-code/wire.ts";

describe("a line of Claude Code", () => {
  it.each([
    ["nothing", {}],
    ["a type that nobody knows", { type: "tomorrow", subtype: "x" }],
    ["a system line that nobody knows", { type: "system", subtype: "tomorrow" }],
    ["an event that nobody knows", { type: "stream_event", event: { type: "ping" } }],
    ["an event that is none", { type: "stream_event", event: 7 }],
    [
      "a block that nobody knows",
      { type: "stream_event", event: { type: "content_block_start", content_block: { type: "x" } } },
    ],
    ["a user line without results", { type: "user", message: { content: [{ type: "text", text: "x" }] } }],
    ["a user line without content", { type: "user", message: null }],
    ["a state of a message that nobody knows", { type: "command_lifecycle", command_uuid: "u", state: "x" }],
  ])("that holds %s says nothing", (_, line) => {
    expect(readLine(line)).toBeNull();
  });

  it.each([
    ["an answer without a message", { type: "assistant" }, { type: "answer", blocks: [], error: null }],
    [
      "an answer in one text",
      { type: "assistant", message: { content: "hi" } },
      { blocks: [{ type: "text", text: "hi" }] },
    ],
    [
      "a request without a body",
      { type: "control_request", request_id: "r" },
      { type: "request", requestId: "r" },
    ],
    [
      "a permission without an input",
      { type: "control_request", request_id: "r", request: { subtype: "can_use_tool", tool_name: "Bash" } },
      { type: "permission", request: { name: "Bash", input: {}, callId: "r", agentId: null } },
    ],
    [
      "an end without anything",
      { type: "result" },
      { type: "end", end: { isError: false, totalCost: null, models: null } },
    ],
    [
      "a connection that failed",
      {
        type: "system",
        subtype: "api_retry",
        attempt: 1,
        max_retries: 2,
        error_status: null,
        error: "unknown",
      },
      { type: "retry", reason: "the connection failed" },
    ],
  ])("%s is read as far as it goes", (_, line, expected) => {
    expect(readLine(line)).toMatchObject(expected);
  });

  it("what it says of calls that were cut short is left to whoever cut them short", () => {
    const content = [{ type: "tool_result", tool_use_id: "t", content: "rejected", is_error: true }];
    expect(readLine({ type: "user", message: { content } })).toMatchObject({ type: "results" });
    expect(
      readLine({ type: "user", message: { content }, tool_use_result: "User rejected tool use" }),
    ).toBeNull();
  });
});
