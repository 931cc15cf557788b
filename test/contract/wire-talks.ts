// Talks: conversations that a wire API must be able to send, good ones and broken ones.
import type { AssistantMessage, Message } from "../../src/protocol/message.ts";

/** Base64 that stands for a PNG. */
export const IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk";
export function user(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

export function result(toolCallId: string, text: string): Message {
  return {
    role: "tool_result",
    toolCallId,
    toolName: "read",
    content: [{ type: "text", text }],
    isError: false,
  };
}

function assistant(
  content: AssistantMessage["content"],
  more: Partial<AssistantMessage> = {},
): AssistantMessage {
  return {
    role: "assistant",
    content,
    stopReason: "stop",
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
    model: "elsewhere/some-model",
    api: "openai-responses",
    ...more,
  };
}

function readCall(id: string, path: string): AssistantMessage["content"][number] {
  return { type: "tool_call", id, name: "read", arguments: { path } };
}

export function imageTalk(): Message[] {
  const image = { type: "image" as const, mimeType: "image/png", data: IMAGE };
  return [
    { role: "user", content: [{ type: "text", text: "What is this?" }, image] },
    assistant([readCall("call_1", "b.png")]),
    { role: "tool_result", toolCallId: "call_1", toolName: "read", content: [image], isError: false },
  ];
}

export function longTalk(): Message[] {
  return [
    user("Read a and b."),
    assistant([{ type: "text", text: "First both." }, readCall("call_1", "a"), readCall("call_2", "b")]),
    result("call_1", "text of a"),
    result("call_2", "text of b"),
    assistant([readCall("call_3", "c")]),
    result("call_3", "text of c"),
    assistant([{ type: "text", text: "All read." }]),
    user("Thanks. And now?"),
  ];
}

/** As bad as a session can get: other models, an interrupted run, results without calls, empty and broken texts. */
export function foreignTalk(): Message[] {
  const longId = `call_${"x".repeat(60)}|fc_${"y".repeat(60)}`;
  return [
    { role: "system", content: [{ type: "text", text: "Summary of earlier work." }] },
    user("Go on. \ud83d"),
    result("call_0", "orphan result"),
    assistant([
      { type: "thinking", text: "secret thought", signature: "FOREIGN1" },
      { type: "text", text: "Reading.", signature: "FOREIGN2" },
      { ...readCall(longId, "a"), signature: "FOREIGN3" } as AssistantMessage["content"][number],
      readCall("same id", "b"),
    ]),
    result(longId, "text of a"),
    user("Faster, please."),
    { ...result("same id", ""), content: [] } as Message,
    assistant([{ type: "text", text: "  \n" }]),
    assistant([{ type: "text", text: "partial answer" }], { stopReason: "aborted" }),
    assistant([], { stopReason: "error" }),
    user("Once more."),
    assistant([readCall("same id", "c")], { api: "google-generative", model: "google/gemini-2.5-pro" }),
    user(" "),
    user("Still there?"),
  ];
}
