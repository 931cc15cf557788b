// What Claude Code's stream-json says, line by line, as far as we use it: its types grow monthly, so what is not known
// or not well formed is left out. Forms as of 2.1.328 (sdk.d.ts of @anthropic-ai/claude-agent-sdk) and, where they
// differ, of Qwen Code 0.24. Pure.
import type { Fields } from "../../session/import/fields.ts";
import {
  countIn,
  fieldsIn,
  fieldsOf,
  inner,
  listIn,
  objectsIn,
  textIn,
  textOrNull,
} from "../../session/import/fields.ts";

/** A part of an answer. `partial`: a call whose arguments are still to come. */
export type Block =
  | { type: "text" | "thinking"; text: string }
  | { type: "call"; id: string; name: string; input: Fields };

export type StreamEvent =
  | { type: "begin"; messageId: string; usage: Fields }
  | { type: "block"; block: Block }
  | { type: "delta"; kind: "text" | "thinking"; text: string }
  | { type: "usage"; usage: Fields }
  | { type: "end" };

/** `structured`: the tool's own output, of a form that depends on the tool; null where there is none. */
export type WireResult = { id: string; isError: boolean; content: Fields; structured: Fields | null };

/** The end of a turn of its own. */
export type WireEnd = {
  subtype: string;
  isError: boolean;
  /** The answer, or what went wrong. */
  text: string;
  reason: string;
  stopReason: string;
  httpStatus: number | null;
  /** US dollars of the whole session; null where it names none. */
  totalCost: number | null;
  /** What was spent, by model: in the whole session, and since the end before this one; null where it is not told. */
  models: readonly Fields[] | null;
  newModels: readonly Fields[] | null;
};

export type ToolRequest = { name: string; input: Fields; callId: string; agentId: string | null };

export type WireMessage =
  | { type: "init"; model: string; capabilities: readonly unknown[] }
  | { type: "stream"; parent: string | null; event: StreamEvent }
  | { type: "answer"; parent: string | null; message: Fields; blocks: Block[]; error: string | null }
  | { type: "results"; parent: string | null; results: WireResult[] }
  /** What became of a message of ours. */
  | { type: "message"; uuid: string; state: "queued" | "taken" | "cancelled" }
  | { type: "retry"; attempt: number; maxAttempts: number; delayMs: number; reason: string }
  | { type: "compacted"; tokensBefore: number }
  | { type: "said"; text: string }
  | { type: "end"; end: WireEnd }
  | { type: "permission"; requestId: string; request: ToolRequest }
  | { type: "hook"; requestId: string; toolName: string }
  /** A request that we do not know. */
  | { type: "request"; requestId: string; subtype: string }
  | { type: "withdrawn"; requestId: string }
  | { type: "response"; requestId: string; response: Fields; error: string | null };

/** Null for what tells nothing but that it lives. */
export function readLine(line: Fields): WireMessage | null {
  switch (textIn(line, "type")) {
    case "system":
      return readSystem(line);
    case "stream_event":
      return readStream(line);
    case "assistant":
      return readAnswer(line);
    case "user":
      return readUser(line);
    case "command_lifecycle":
      return readLifecycle(line);
    case "control_request":
      return readRequest(textIn(line, "request_id"), inner(line, "request"));
    case "control_cancel_request":
      return { type: "withdrawn", requestId: textIn(line, "request_id") };
    case "control_response":
      return readResponse(inner(line, "response"));
    case "result":
      return { type: "end", end: readEnd(line) };
    default:
      return null;
  }
}

function readSystem(line: Fields): WireMessage | null {
  switch (textIn(line, "subtype")) {
    case "init":
      return { type: "init", model: textIn(line, "model"), capabilities: listIn(line, "capabilities") };
    case "api_retry": {
      const status = countIn(line, "error_status");
      const reason = [status || "", textIn(line, "error").replaceAll("_", " ")].join(" ").trim();
      return {
        type: "retry",
        attempt: countIn(line, "attempt"),
        maxAttempts: countIn(line, "max_retries"),
        delayMs: countIn(line, "retry_delay_ms"),
        reason: reason === "" || reason === "unknown" ? "the connection failed" : reason,
      };
    }
    case "compact_boundary":
      return { type: "compacted", tokensBefore: countIn(inner(line, "compact_metadata"), "pre_tokens") };
    case "local_command_output":
      return { type: "said", text: textIn(line, "content") };
    default:
      return null;
  }
}

function readStream(line: Fields): WireMessage | null {
  const event = readEvent(inner(line, "event"));
  return event && { type: "stream", parent: textOrNull(line, "parent_tool_use_id"), event };
}

/** Events of the Messages API's stream; thinking signatures and pieces of arguments are not needed. */
function readEvent(event: Fields): StreamEvent | null {
  switch (textIn(event, "type")) {
    case "message_start": {
      const message = inner(event, "message");
      return { type: "begin", messageId: textIn(message, "id"), usage: inner(message, "usage") };
    }
    case "content_block_start": {
      const [block] = readBlocks([inner(event, "content_block")]);
      return block ? { type: "block", block } : null;
    }
    case "content_block_delta": {
      const delta = inner(event, "delta");
      const kind = textIn(delta, "type") === "thinking_delta" ? "thinking" : "text";
      const text = textIn(delta, kind);
      return text === "" ? null : { type: "delta", kind, text };
    }
    case "message_delta":
      return { type: "usage", usage: inner(event, "usage") };
    case "message_stop":
      return { type: "end" };
    default:
      return null;
  }
}

function readBlocks(blocks: readonly Fields[]): Block[] {
  return blocks.flatMap((block): Block[] => {
    const type = textIn(block, "type");
    if (type === "text" || type === "thinking") return [{ type, text: textIn(block, type) }];
    // Tools that the service itself runs are calls as well, with no result of their own.
    if (type !== "tool_use" || textIn(block, "id") === "") return [];
    return [
      { type: "call", id: textIn(block, "id"), name: textIn(block, "name"), input: inner(block, "input") },
    ];
  });
}

function readAnswer(line: Fields): WireMessage {
  const message = inner(line, "message");
  const { content } = message;
  const blocks: Block[] =
    typeof content === "string"
      ? [{ type: "text", text: content }]
      : readBlocks(objectsIn(message, "content"));
  const error = textOrNull(line, "error") ?? (line.is_api_error_message === true ? "unknown" : null);
  return { type: "answer", parent: textOrNull(line, "parent_tool_use_id"), message, blocks, error };
}

/** Results of tools, or a message of ours that it takes in. */
function readUser(line: Fields): WireMessage | null {
  if (line.isReplay === true) {
    const uuid = textIn(line, "uuid");
    return uuid === "" ? null : { type: "message", uuid, state: "taken" };
  }
  // What it says of calls that were cut short tells nothing of them: whoever cut the turn short closes them.
  if (line.tool_use_result === "User rejected tool use") return null;
  const blocks = objectsIn(inner(line, "message"), "content").filter(({ type }) => type === "tool_result");
  const structured = blocks.length === 1 ? fieldsOf(line.tool_use_result) : null;
  const results = blocks.map((block) => ({
    id: textIn(block, "tool_use_id"),
    isError: block.is_error === true,
    content: block,
    structured,
  }));
  const parent = textOrNull(line, "parent_tool_use_id");
  return results.length === 0 ? null : { type: "results", parent, results };
}

function readLifecycle(line: Fields): WireMessage | null {
  const uuid = textIn(line, "command_uuid");
  switch (textIn(line, "state")) {
    case "queued":
      return { type: "message", uuid, state: "queued" };
    case "started":
      return { type: "message", uuid, state: "taken" };
    case "cancelled":
      return { type: "message", uuid, state: "cancelled" };
    default:
      return null;
  }
}

function readRequest(requestId: string, request: Fields): WireMessage {
  const subtype = textIn(request, "subtype");
  switch (subtype) {
    case "can_use_tool":
      return {
        type: "permission",
        requestId,
        request: {
          name: textIn(request, "tool_name"),
          input: inner(request, "input"),
          callId: textIn(request, "tool_use_id") || requestId,
          agentId: textOrNull(request, "agent_id"),
        },
      };
    case "hook_callback":
      return { type: "hook", requestId, toolName: textIn(inner(request, "input"), "tool_name") };
    default:
      return { type: "request", requestId, subtype };
  }
}

function readResponse(response: Fields): WireMessage {
  const requestId = textIn(response, "request_id");
  const failed = textIn(response, "subtype") === "error";
  const error = failed ? textIn(response, "error") || "it refused without a word" : null;
  return { type: "response", requestId, response: inner(response, "response"), error };
}

function readEnd(line: Fields): WireEnd {
  const errors = listIn(line, "errors").filter((error) => typeof error === "string");
  const text = textIn(line, "result") || errors.join("\n") || textIn(inner(line, "error"), "message");
  const { total_cost_usd: cost } = line;
  return {
    subtype: textIn(line, "subtype"),
    isError: line.is_error === true,
    text,
    reason: textIn(line, "terminal_reason"),
    stopReason: textIn(line, "stop_reason"),
    httpStatus: countIn(line, "api_error_status") || null,
    totalCost: typeof cost === "number" ? cost : null,
    models: byModel(line.modelUsage),
    newModels: byModel(line.model_usage_since_last_result),
  };
}

function byModel(sums: unknown): Fields[] | null {
  const models = fieldsOf(sums);
  return models && fieldsIn(Object.values(models));
}
