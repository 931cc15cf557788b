// StubRequest: what a script may look at in a request of any wire API. Reads, never checks.
import { field, listOf, textOf } from "./json-fields.ts";
import { type OfferedTool, offeredTools } from "./offered-tools.ts";
import { type Endpoint, routeOf } from "./route.ts";

export type StubRequest = {
  endpoint: Endpoint;
  method: string;
  /** With its query. */
  path: string;
  model: string;
  stream: boolean;
  /** The body as received, and as JSON (undefined where it is none). */
  raw: string;
  body: unknown;
  /** The newest user text; empty when there is none. */
  userText: string;
  lastRole: "user" | "assistant" | "tool" | null;
  /** Names of the tools whose results follow the last answer. */
  toolResultsOf: readonly string[];
  /** The tools that the model may call. */
  tools: readonly OfferedTool[];
};

type Turn = { role: "user" | "assistant" | "tool"; text: string };

export function readRequest(method: string, path: string, raw: string): StubRequest {
  const route = routeOf(method, path);
  const body = parseJson(raw);
  const turns = readTurns(route.endpoint, body);
  const afterAnswer = turns.slice(turns.findLastIndex((turn) => turn.role === "assistant") + 1);
  return {
    endpoint: route.endpoint,
    method,
    path,
    model: route.model ?? (textOf(field(body, "model")) || "stub-model"),
    stream: route.stream ?? field(body, "stream") === true,
    raw,
    body,
    userText: turns.findLast((turn) => turn.role === "user")?.text ?? "",
    lastRole: turns.at(-1)?.role ?? null,
    toolResultsOf: afterAnswer.filter((turn) => turn.role === "tool").map((turn) => turn.text),
    tools: offeredTools(body),
  };
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // Not JSON: the record keeps the raw text, and the script answers as if the body were empty.
    return undefined;
  }
}

/** Turns in order. The text of a tool turn is the tool's name. */
function readTurns(endpoint: Endpoint, body: unknown): Turn[] {
  switch (endpoint) {
    case "anthropic-messages":
      return anthropicTurns(listOf(field(body, "messages")));
    case "openai-responses":
      return responsesTurns(field(body, "input"));
    case "openai-chat":
      return chatTurns(listOf(field(body, "messages")));
    case "google-generative":
      return listOf(field(body, "contents")).flatMap(googleTurns);
    case "anthropic-count-tokens":
    case "google-count-tokens":
    case "openai-embeddings":
    case "google-embed":
    case "google-batch-embed":
    case "cohere-embed":
    case "models":
    case "unknown":
      return [];
  }
}

function anthropicTurns(messages: readonly unknown[]): Turn[] {
  const names = new Map<string, string>();
  return messages.flatMap((message): Turn[] => {
    const content = field(message, "content");
    const blocks = listOf(content);
    const role = field(message, "role");
    if (role === "assistant") {
      for (const block of blocks) names.set(textOf(field(block, "id")), textOf(field(block, "name")));
      return [{ role, text: "" }];
    }
    if (role !== "user") return [];
    const results = blocks.filter((block) => field(block, "type") === "tool_result");
    const turns: Turn[] = results.map((block) => {
      return { role: "tool", text: names.get(textOf(field(block, "tool_use_id"))) ?? "" };
    });
    return [...turns, ...userTurn(contentText(content))];
  });
}

function responsesTurns(input: unknown): Turn[] {
  if (typeof input === "string") return userTurn(input);
  const names = new Map<string, string>();
  return listOf(input).flatMap((item): Turn[] => {
    const type = textOf(field(item, "type"));
    const callId = textOf(field(item, "call_id"));
    if (type.endsWith("_output")) return [{ role: "tool", text: names.get(callId) ?? "" }];
    if (type.endsWith("_call")) names.set(callId, textOf(field(item, "name")));
    if (type === "reasoning" || type.endsWith("_call")) return [{ role: "assistant", text: "" }];
    return roleTurns(item);
  });
}

function chatTurns(messages: readonly unknown[]): Turn[] {
  const names = new Map<string, string>();
  return messages.flatMap((message): Turn[] => {
    for (const call of listOf(field(message, "tool_calls"))) {
      names.set(textOf(field(call, "id")), textOf(field(field(call, "function"), "name")));
    }
    if (field(message, "role") !== "tool") return roleTurns(message);
    return [{ role: "tool", text: names.get(textOf(field(message, "tool_call_id"))) ?? "" }];
  });
}

function googleTurns(content: unknown): Turn[] {
  if (field(content, "role") === "model") return [{ role: "assistant", text: "" }];
  const parts = listOf(field(content, "parts"));
  const results = parts
    .map((part) => field(part, "functionResponse"))
    .filter((result) => result !== undefined);
  const turns: Turn[] = results.map((result) => ({ role: "tool", text: textOf(field(result, "name")) }));
  return [...turns, ...userTurn(contentText(parts))];
}

function roleTurns(message: unknown): Turn[] {
  const role = field(message, "role");
  if (role === "assistant") return [{ role, text: "" }];
  return role === "user" ? userTurn(contentText(field(message, "content"))) : [];
}

function userTurn(text: string): Turn[] {
  return text === "" ? [] : [{ role: "user", text }];
}

/** The texts of a content list, one a line; a plain string as it is. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  const texts = listOf(content).map((part) => textOf(field(part, "text")));
  return texts.filter((text) => text !== "").join("\n");
}
