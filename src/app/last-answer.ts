// The newest answer that has a text: what /copy takes.
import type { AgentEvent } from "../protocol/event.ts";
import type { AssistantMessage, Message } from "../protocol/message.ts";

/** The answer that the event tells, or null; a subagent's is none of the conversation's. */
export function answerOf(event: AgentEvent): AssistantMessage | null {
  if (event.type !== "message_end" || event.parentToolCallId !== undefined) return null;
  return saysSomething(event.message) ? event.message : null;
}

export function newestAnswer(history: readonly { message: Message }[]): AssistantMessage | null {
  return history.map(({ message }) => message).findLast(saysSomething) ?? null;
}

function saysSomething(message: Message): message is AssistantMessage {
  return (
    message.role === "assistant" && message.content.some((part) => part.type === "text" && part.text !== "")
  );
}
