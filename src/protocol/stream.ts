// The model stream: what a request to a model holds and what comes back. Types only.
import type { Failure } from "./failure.ts";
import type { AssistantMessage, Message } from "./message.ts";
import type { Model, ThinkingLevel } from "./model.ts";

/** A tool as a model is told of it. `parameters` is a JSON Schema object. */
export type ToolSchema = {
  name: string;
  description: string;
  parameters: Record<string, unknown>;
};

export type ModelRequest = {
  model: Model;
  /** The system text; must not change within a run, so that the vendors' prompt caches hit. */
  system: string;
  messages: readonly Message[];
  tools: readonly ToolSchema[];
  thinking: ThinkingLevel;
  /** Tokens; absent: the model's own limit (less for a small window). */
  maxOutputTokens?: number;
  /** A stable id of the conversation, for vendors that route caches by one. */
  cacheKey?: string;
};

/**
 * Events of one model response, in order. `index` counts content parts from 0 in the final message's order.
 * Exactly one `end` comes last, whatever happened: a failure is a message with stopReason error or aborted.
 * `retry` says that what came so far is void and the request will be sent again after `delayMs`.
 */
export type ModelEvent =
  | { type: "start" }
  | { type: "text_delta"; index: number; text: string }
  | { type: "thinking_delta"; index: number; text: string }
  | { type: "tool_call_start"; index: number; id: string; name: string }
  | { type: "tool_call_delta"; index: number; argumentsText: string }
  | { type: "retry"; attempt: number; maxAttempts: number; delayMs: number; error: Failure }
  | { type: "fallback"; from: string; to: string; error: Failure }
  | { type: "end"; message: AssistantMessage };

/** Never throws for a model failure and always ends with one `end` event. Honours the signal within 1 s. */
export type StreamFn = (request: ModelRequest, options: { signal: AbortSignal }) => AsyncIterable<ModelEvent>;
